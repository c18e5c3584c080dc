import type { Durations } from './prometheus-text.ts';

/** The upper bound, in ms, of the bucket that holds the quantile; the last bound for what is above all; null of nothing. */
export function readQuantile({ boundsMs, counts }: Durations, quantile: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  const place = counts.findIndex((count) => (seen += count) >= total * quantile);
  return boundsMs[place] ?? boundsMs.at(-1) ?? null;
}
