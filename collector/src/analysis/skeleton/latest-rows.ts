/** A span may be stored in several copies; the one that ended last counts, and a running one never does. */
export type CopyColumns = {
  readonly spanId: readonly string[];
  readonly start: readonly number[];
  /** -1 = running. */
  readonly duration: readonly number[];
};

/** Rows to keep, in their order. */
export function toLatestRows(columns: CopyColumns): Int32Array {
  const latest = new Map<string, number>();
  for (let row = 0; row < columns.spanId.length; row += 1) {
    const spanId = columns.spanId[row] ?? '';
    const other = latest.get(spanId);
    if (other === undefined || endOf(columns, row) > endOf(columns, other)) latest.set(spanId, row);
  }
  // Nearly always there is one copy of each, and nothing to sort.
  const rows = Int32Array.from(latest.values());
  return rows.length === columns.spanId.length ? rows : rows.sort();
}

function endOf(columns: CopyColumns, row: number): number {
  const duration = columns.duration[row] ?? -1;
  return duration < 0 ? Number.NEGATIVE_INFINITY : (columns.start[row] ?? 0) + duration;
}
