export type Interval = { readonly from: number; readonly until: number };

/** In order, without overlaps. */
export function toUnion(intervals: readonly Interval[]): Interval[] {
  const union: { from: number; until: number }[] = [];
  for (const { from, until } of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = union.at(-1);
    if (last !== undefined && from <= last.until) last.until = Math.max(last.until, until);
    else union.push({ from, until });
  }
  return union;
}

/** Length of the union of the intervals, without what lies in the holes. Holes are in order, without overlaps. */
export function sumOutside(intervals: readonly Interval[], holes: readonly Interval[]): number {
  let sum = 0;
  let next = 0;
  for (const { from, until } of toUnion(intervals)) {
    let at = from;
    while ((holes[next]?.until ?? Infinity) <= at) next += 1;
    for (let i = next; i < holes.length && at < until; i += 1) {
      const hole = holes[i];
      if (hole === undefined || hole.from >= until) break;
      sum += Math.max(0, hole.from - at);
      at = Math.max(at, hole.until);
    }
    sum += Math.max(0, until - at);
  }
  return sum;
}
