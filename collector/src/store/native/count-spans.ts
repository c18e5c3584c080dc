import type { Batch } from './batch.ts';

/** Each cell is a length and 32 characters. */
const cellBytes = 33;

/** Trace id -> spans of it, among the rows of a batch from `firstRow` on. */
export function countSpansByTrace(batch: Batch, firstRow: number): Map<string, number> {
  const { trace_id: column } = batch.spans.columns;
  column.fill(batch.spans.rows);
  const counts = new Map<string, number>();
  for (let row = firstRow; row < batch.spans.rows; row += 1) {
    const traceId = column.latin1(row * cellBytes + 1, (row + 1) * cellBytes);
    counts.set(traceId, (counts.get(traceId) ?? 0) + 1);
  }
  return counts;
}
