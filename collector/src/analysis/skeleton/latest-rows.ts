/** A span may be stored in several copies; the one that ended last counts, and a running one never does. */
import { createIdTable } from './id-table.ts';

export type CopyColumns = {
  readonly spanId: Uint32Array;
  readonly start: Float64Array;
  /** -1 = running. */
  readonly duration: Float64Array;
};

/** Rows to keep, in their order. Of copies that ended at the same time the last counts: the newest mapping made it. */
export function toLatestRows(columns: CopyColumns): Int32Array {
  const rows = new Int32Array(columns.start.length);
  const latest = createIdTable(columns.spanId);
  let copies = 0;
  for (let row = 0; row < rows.length; row += 1) {
    rows[row] = row;
    const other = latest.find(columns.spanId, row);
    if (other >= 0) copies += 1;
    if (other < 0 || endOf(columns, row) >= endOf(columns, other)) latest.set(row);
  }
  // Nearly always there is one copy of each.
  return copies === 0 ? rows : rows.filter((row) => latest.find(columns.spanId, row) === row);
}

function endOf(columns: CopyColumns, row: number): number {
  const duration = columns.duration[row] ?? -1;
  return duration < 0 ? Number.NEGATIVE_INFINITY : (columns.start[row] ?? 0) + duration;
}
