/**
 * From traces that have news to whole runs: follows what they have in common with other traces, and those with others,
 * until nothing new is found.
 */
import type { Reader } from '../../store/read-rows.ts';
import { readRunSpans, type TraceRunSpans } from '../../store/read-run-spans.ts';
import { mostTracesOfKey, readTraceKeys, writeTraceKeys } from '../../store/trace-keys.ts';
import { maxSpansPerRun } from '../stitch/join-run-spans.ts';
import { toTraceKeys } from '../stitch/trace-keys.ts';

/** Traces that are one execution, or several that share a trace. */
export type TraceGroup = readonly TraceRunSpans[];

/** Beyond these a run is cut: a chain of causes may go on for ever. */
export const maxTracesPerRun = 1_000;

/** Prefix of the key that names another trace. */
const traceKey = 'trace:';

export async function connectTraces(
  reader: Reader,
  projectId: string,
  traceIds: readonly string[],
): Promise<TraceGroup[]> {
  const known = new Map<string, TraceRunSpans>();
  const asked = new Set<string>();
  const groups = createGroups();
  let frontier = [...new Set(traceIds)];
  while (frontier.length > 0) {
    for (const traceId of frontier) asked.add(traceId);
    const traces = await readTraces(reader, projectId, frontier);
    for (const trace of traces) known.set(trace.traceId, trace);
    await joinByKeys(reader, projectId, traces, groups);
    frontier = groups
      .members()
      .filter((traceId) => !asked.has(traceId) && groups.sizeOf(traceId) <= maxTracesPerRun);
  }
  return toGroups(known, groups);
}

/** The limit is that of one run: where many together are too many, they are read in parts. */
async function readTraces(
  reader: Reader,
  projectId: string,
  traceIds: readonly string[],
): Promise<TraceRunSpans[]> {
  const traces = await readRunSpans(reader, projectId, traceIds, maxSpansPerRun);
  const isCut = traces.some(({ spans }) => spans.leftOut > 0);
  if (!isCut || traceIds.length === 1) return traces;
  const middle = Math.ceil(traceIds.length / 2);
  const first = await readTraces(reader, projectId, traceIds.slice(0, middle));
  return [...first, ...(await readTraces(reader, projectId, traceIds.slice(middle)))];
}

async function joinByKeys(
  reader: Reader,
  projectId: string,
  traces: readonly TraceRunSpans[],
  groups: Groups,
): Promise<void> {
  const own = traces.flatMap(({ traceId, spans }) =>
    toTraceKeys(spans.spans).map((key) => ({ key, traceId })),
  );
  const shared = own.filter(({ key }) => !key.startsWith(traceKey)).map(({ key }) => key);
  const pointedAt = traces.map(({ traceId }) => `${traceKey}${traceId}`);
  const stored = await readTraceKeys(reader, projectId, [...new Set([...shared, ...pointedAt])]);
  await writeMissing(reader, projectId, own, stored);
  const tracesOf = new Map<string, Set<string>>();
  for (const { key, traceId } of [...stored, ...own]) {
    const set = tracesOf.get(key) ?? new Set();
    tracesOf.set(key, set.add(traceId));
  }
  for (const { traceId } of traces) groups.join(traceId, traceId);
  for (const [key, set] of tracesOf) {
    if (set.size > mostTracesOfKey) continue;
    const [first = '', ...others] = set;
    if (key.startsWith(traceKey)) groups.join(first, key.slice(traceKey.length));
    for (const other of others) groups.join(first, other);
  }
}

/** Only news: a trace that is analysed again has the keys it had. */
async function writeMissing(
  reader: Reader,
  projectId: string,
  own: readonly { readonly key: string; readonly traceId: string }[],
  stored: readonly { readonly key: string; readonly traceId: string }[],
): Promise<void> {
  const there = new Set(stored.map(({ key, traceId }) => `${traceId}${key}`));
  const pointing = own.filter(({ key }) => key.startsWith(traceKey)).map(({ key }) => key);
  for (const { key, traceId } of await readTraceKeys(reader, projectId, [...new Set(pointing)])) {
    there.add(`${traceId}${key}`);
  }
  const missing = own.filter(({ key, traceId }) => !there.has(`${traceId}${key}`));
  await writeTraceKeys(reader.client, projectId, missing);
}

type Groups = {
  readonly join: (a: string, b: string) => void;
  readonly headOf: (traceId: string) => string;
  readonly sizeOf: (traceId: string) => number;
  readonly members: () => string[];
};

/** Sets that grow together, each named by one of its members. */
function createGroups(): Groups {
  const above = new Map<string, string>();
  const sizes = new Map<string, number>();
  const headOf = (traceId: string): string => {
    let head = traceId;
    for (let next = above.get(head); next !== undefined && next !== head; next = above.get(head)) {
      head = next;
    }
    above.set(traceId, head);
    return head;
  };
  const sizeOf = (traceId: string): number => sizes.get(headOf(traceId)) ?? 1;
  const join = (a: string, b: string): void => {
    const [one, two] = [headOf(a), headOf(b)];
    if (one === two) return;
    const size = sizeOf(one) + sizeOf(two);
    above.set(two, one);
    sizes.set(one, size);
  };
  return { join, headOf, sizeOf, members: () => [...above.keys()] };
}

function toGroups(known: ReadonlyMap<string, TraceRunSpans>, groups: Groups): TraceGroup[] {
  const byHead = new Map<string, TraceRunSpans[]>();
  for (const [traceId, trace] of known) {
    const head = groups.headOf(traceId);
    const group = byHead.get(head);
    if (group === undefined) byHead.set(head, [trace]);
    else group.push(trace);
  }
  return [...byHead.values()];
}
