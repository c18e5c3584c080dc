/** What came into each queue of a run, how long it waited, and how busy who served it was. */
import { eventAttributes } from '@orchescope/sdk/attributes';
import type { RunSpanEvent } from '../../run-span.ts';
import type { RunNode } from '../tree/run-tree.ts';
import type { DetectorInput } from './detector.ts';
import { coveredNs } from './intervals.ts';
import { isOfKind, numberOf, textOf } from './siblings.ts';

export type QueueLoad = {
  readonly name: string;
  readonly nodes: readonly RunNode[];
  /** Of each task that was taken. */
  readonly waitsMs: readonly number[];
  /** Time in which at least one task waited. */
  readonly waitedMs: number;
  /** Of all tasks together; 0 where nobody tells. */
  readonly servedMs: number;
  /** null where too few are known. */
  readonly arrivalsPerS: number | null;
  readonly takesPerS: number | null;
  readonly refusals: number;
  /** Of all workers together. */
  readonly workerMs: number;
  readonly overloadedMs: number;
};

type Draft = {
  readonly name: string;
  readonly nodes: Set<RunNode>;
  readonly takes: { readonly node: RunNode; readonly timeNs: number; readonly waitNs: number }[];
  readonly arrivalsNs: number[];
  readonly servedBy: Set<RunNode>;
  refusals: number;
  workerNs: number;
  overloadedNs: number;
};

export function toQueueLoads(input: DetectorInput): readonly QueueLoad[] {
  const drafts = new Map<string, Draft>();
  const draftOf = (name: string): Draft => {
    const draft = drafts.get(name) ?? toDraft(name);
    drafts.set(name, draft);
    return draft;
  };
  addTakes(input, draftOf);
  for (const node of input.tree.nodes) addEvents(node, draftOf);
  addWorkers(input, draftOf);
  return [...drafts.values()].map(toLoad);
}

const toDraft = (name: string): Draft => ({
  name,
  nodes: new Set(),
  takes: [],
  arrivalsNs: [],
  servedBy: new Set(),
  refusals: 0,
  workerNs: 0,
  overloadedNs: 0,
});

function addTakes({ tree, run }: DetectorInput, draftOf: (name: string) => Draft): void {
  for (const { traceId, spanId, queue, timeUnixNano, waitNs } of run.queueTakes) {
    const node = tree.find(traceId, spanId);
    if (node === null || waitNs === null) continue;
    const draft = draftOf(queue);
    draft.nodes.add(node);
    draft.takes.push({ node, timeNs: Number(timeUnixNano - tree.baseUnixNano), waitNs });
    draft.servedBy.add(node);
    // Who tells of a wait by its event tells of what came in likewise; messages come when they are sent.
    if (isOfKind(node, 'queue')) draft.arrivalsNs.push(node.span.startNs - waitNs);
  }
}

function addEvents(node: RunNode, draftOf: (name: string) => Draft): void {
  for (const { name, timeNs, attributes } of node.span.events) {
    const isQueue = name === 'orchescope.queue';
    const isRefusal =
      name === 'orchescope.rejected' &&
      textOf(attributes, eventAttributes.rejected.by) === 'backpressure';
    if (isRefusal) {
      const draft = draftOf(textOf(attributes, eventAttributes.rejected.target) || node.agent);
      draft.refusals += 1;
      draft.nodes.add(node);
    }
    if (!isQueue || numberOf(attributes, eventAttributes.queue.waitMs) !== null) continue;
    if (!isOfKind(node, 'queue'))
      draftOf(textOf(attributes, eventAttributes.queue.name)).arrivalsNs.push(timeNs);
  }
}

/** A worker is in the state it was last in until its next event, or until who tells of it ends. */
function addWorkers({ tree }: DetectorInput, draftOf: (name: string) => Draft): void {
  const poolOf = createPoolOf();
  const told = tree.nodes.flatMap((node) =>
    node.span.events
      .filter(({ name }) => name === 'orchescope.worker')
      .map((event) => ({ node, event })),
  );
  const byWorker = Map.groupBy(told, ({ node, event }) => {
    const id = textOf(event.attributes, eventAttributes.worker.id);
    return JSON.stringify([poolOf(node, event), id]);
  });
  for (const events of byWorker.values()) {
    const inOrder = events.toSorted((a, b) => a.event.timeNs - b.event.timeNs);
    for (const [at, { node, event }] of inOrder.entries()) {
      const draft = draftOf(poolOf(node, event));
      const state = textOf(event.attributes, eventAttributes.worker.state);
      if (state === 'dead' || state === 'failed') continue;
      const untilNs = inOrder[at + 1]?.event.timeNs ?? Math.max(node.endNs, event.timeNs);
      draft.workerNs += untilNs - event.timeNs;
      if (state === 'overloaded') draft.overloadedNs += untilNs - event.timeNs;
      draft.nodes.add(node);
    }
  }
}

/** Its pool, else the queue that the same span tells of. */
function createPoolOf(): (node: RunNode, event: RunSpanEvent) => string {
  const queues = new Map<RunNode, string>();
  return (node, { attributes }) => {
    const pool = textOf(attributes, eventAttributes.worker.pool);
    if (pool !== '') return pool;
    const known = queues.get(node);
    if (known !== undefined) return known;
    const queue = node.span.events.find(({ name }) => name === 'orchescope.queue');
    const name = queue === undefined ? '' : textOf(queue.attributes, eventAttributes.queue.name);
    queues.set(node, name || node.agent);
    return name || node.agent;
  };
}

function toLoad(draft: Draft): QueueLoad {
  const { name, nodes, takes, arrivalsNs, refusals, workerNs, overloadedNs } = draft;
  const waits = takes.map(({ timeNs, waitNs }) => ({ startNs: timeNs - waitNs, endNs: timeNs }));
  return {
    name,
    nodes: [...nodes],
    waitsMs: takes.map(({ waitNs }) => waitNs / 1e6),
    waitedMs: coveredNs(waits) / 1e6,
    servedMs: servedNs(draft) / 1e6,
    arrivalsPerS: toRate(arrivalsNs),
    takesPerS: toRate(takes.map(({ timeNs }) => timeNs)),
    refusals,
    workerMs: workerNs / 1e6,
    overloadedMs: overloadedNs / 1e6,
  };
}

/** Who took one task worked until its end; who took many gave them to what is below it. */
function servedNs({ takes, servedBy }: Draft): number {
  const byNode = Map.groupBy(takes, ({ node }) => node);
  let sum = 0;
  for (const node of servedBy) {
    const own = byNode.get(node) ?? [];
    const [first] = own;
    if (first === undefined) continue;
    if (own.length === 1) sum += Math.max(0, node.endNs - first.timeNs);
    else for (const { span, endNs } of node.children) sum += endNs - span.startNs;
  }
  return sum;
}

/** A second; null where there are too few to tell, or all came at one moment. */
function toRate(timesNs: readonly number[]): number | null {
  if (timesNs.length < 3) return null;
  const inOrder = timesNs.toSorted((a, b) => a - b);
  const spanNs = (inOrder.at(-1) ?? 0) - (inOrder[0] ?? 0);
  return spanNs <= 0 ? null : ((timesNs.length - 1) * 1e9) / spanNs;
}
