/** Time as pieces that may overlap. Nanoseconds in the time of the tree. */
export type Interval = { readonly startNs: number; readonly endNs: number };

/** Time that at least one of them covers. */
export function coveredNs(intervals: readonly Interval[]): number {
  let covered = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { startNs, endNs } of [...intervals].sort((a, b) => a.startNs - b.startNs)) {
    if (endNs <= until) continue;
    covered += endNs - Math.max(startNs, until);
    until = endNs;
  }
  return covered;
}
