/** Counts durations by size, as a Prometheus histogram wants them. */
export type Histogram = {
  /** Upper bounds in ms, each inclusive; there is one more count, for what is above all of them. */
  readonly boundsMs: readonly number[];
  readonly counts: readonly number[];
  readonly sumMs: number;
};

const boundsMs = [1, 2, 5, 10, 20, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000];

export function createHistogram(): {
  readonly add: (durationMs: number) => void;
  readonly read: () => Histogram;
} {
  const counts = Array.from({ length: boundsMs.length + 1 }, () => 0);
  let sumMs = 0;
  return {
    add: (durationMs) => {
      const found = boundsMs.findIndex((bound) => durationMs <= bound);
      const place = found === -1 ? boundsMs.length : found;
      counts[place] = (counts[place] ?? 0) + 1;
      sumMs += durationMs;
    },
    read: () => ({ boundsMs, counts: [...counts], sumMs }),
  };
}

/** The upper bound of the bucket that holds the quantile; null when nothing was counted. */
export function readQuantile({ boundsMs, counts }: Histogram, quantile: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const [place, count] of counts.entries()) {
    seen += count;
    if (seen >= total * quantile) return boundsMs[place] ?? Number.POSITIVE_INFINITY;
  }
  return Number.POSITIVE_INFINITY;
}
