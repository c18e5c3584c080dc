/** Keys of a framework's threads: a thread alone has many runs, a place in it that was paused has one. */
import { eventAttributes } from '@orchescope/sdk/attributes';
import type { RunSpan } from '../../run-span.ts';
import { textOf } from '../run/span-facts.ts';

type Place = { readonly thread: string; readonly task: string; readonly step: number };

/**
 * LangGraph gives a task an id that it keeps when it is paused and resumed: it is among the last of the trace that
 * paused, and among the first of the trace that resumed. Those in between would only be many.
 */
export function toThreadKeys(spans: readonly RunSpan[]): ReadonlySet<string> {
  const keys = new Set<string>();
  const edges = new Map<string, { first: number; last: number }>();
  const places: Place[] = [];
  for (const span of spans) {
    addCheckpoints(span, keys);
    const place = toPlace(span);
    if (place === null) continue;
    places.push(place);
    const edge = edges.get(place.thread);
    if (edge === undefined) edges.set(place.thread, { first: place.step, last: place.step });
    else {
      edge.first = Math.min(edge.first, place.step);
      edge.last = Math.max(edge.last, place.step);
    }
  }
  for (const { thread, task, step } of places) {
    const edge = edges.get(thread);
    if (step === edge?.first || step === edge?.last) keys.add(`thread:${thread}/${task}`);
  }
  return keys;
}

/** Ids that people choose, as `draft`, come again in every run. */
const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

function addCheckpoints(span: RunSpan, keys: Set<string>): void {
  for (const event of span.events) {
    if (event.name !== 'orchescope.checkpoint') continue;
    const id = textOf(event, eventAttributes.checkpoint.id);
    if (uuid.test(id)) keys.add(`thread:${id}`);
  }
}

function toPlace(span: RunSpan): Place | null {
  const direct = textOf(span, 'langsmith.metadata.langgraph_checkpoint_ns');
  if (direct !== '') {
    const step = Number(stepText(span.attributes.get('langsmith.metadata.langgraph_step')));
    return place(textOf(span, 'langsmith.metadata.thread_id'), direct, step);
  }
  const metadata = textOf(span, 'metadata');
  return metadata.includes('langgraph_checkpoint_ns') ? fromMetadata(metadata) : null;
}

/** OpenInference writes LangGraph's metadata as one JSON text. */
function fromMetadata(json: string): Place | null {
  const told = parse(json);
  const { thread_id: thread, langgraph_checkpoint_ns: task, langgraph_step: step } = told;
  if (typeof thread !== 'string' || typeof task !== 'string') return null;
  return place(thread, task, Number(stepText(step)));
}

function place(thread: string, namespace: string, step: number): Place | null {
  // `outer:id|inner:id`: the outermost task is what is resumed.
  const task = namespace.split('|', 1)[0] ?? '';
  // Without the id it is the name of a node, which comes again in every run.
  if (thread === '' || !task.includes(':') || !Number.isFinite(step)) return null;
  return { thread, task, step };
}

function stepText(value: unknown): unknown {
  return typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string'
    ? value
    : Number.NaN;
}

function parse(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // Cut at the limit of an attribute: what is left of it names no place.
    return {};
  }
}
