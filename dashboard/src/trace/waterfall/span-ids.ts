/** Span ids lie in one string, sixteen characters each, in the order of the skeleton's rows. */
import type { LoadedTrace } from './layout/trace-layout.ts';

const length = 16;

export function spanIdOf({ facts, layout }: LoadedTrace, node: number): string | null {
  const row = layout.row[node] ?? -1;
  return row < 0 ? null : facts.spanIds.slice(row * length, (row + 1) * length);
}

/** -1 when the trace has no such span. */
export function nodeOfSpanId({ facts, layout }: LoadedTrace, spanId: string): number {
  if (spanId.length !== length) return -1;
  let at = facts.spanIds.indexOf(spanId);
  while (at >= 0 && at % length !== 0) at = facts.spanIds.indexOf(spanId, at + 1);
  return at < 0 ? -1 : (layout.nodeOfRow[at / length] ?? -1);
}

/** Those that the trace has, in the order of its rows. */
export function nodesOfSpanIds(
  { facts, layout }: LoadedTrace,
  spanIds: readonly string[],
): Int32Array {
  const wanted = new Set(spanIds);
  const nodes: number[] = [];
  for (const [row, node] of wanted.size === 0 ? [] : layout.nodeOfRow.entries()) {
    if (wanted.has(facts.spanIds.slice(row * length, (row + 1) * length))) nodes.push(node);
  }
  return Int32Array.from(nodes).sort();
}

/** A search takes a moment in a long trace; for more spans than this a table is made once. */
const searches = 20;

/** Where spans of one trace lie in a newer state of it; -1 = nowhere. */
export function followSpans(
  from: LoadedTrace,
  to: LoadedTrace,
  expected: number,
): (node: number) => number {
  const table = expected > searches ? tableOf(to) : null;
  return (node) => {
    const spanId = spanIdOf(from, node);
    if (spanId === null) return -1;
    return table === null ? nodeOfSpanId(to, spanId) : (table.get(spanId) ?? -1);
  };
}

function tableOf(trace: LoadedTrace): ReadonlyMap<string, number> {
  const table = new Map<string, number>();
  for (const [row, node] of trace.layout.nodeOfRow.entries()) {
    table.set(trace.facts.spanIds.slice(row * length, (row + 1) * length), node);
  }
  return table;
}
