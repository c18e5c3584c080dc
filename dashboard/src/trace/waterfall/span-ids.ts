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
