import { expect, test } from 'vitest';
import { createHistogram, readQuantile } from './histogram.ts';

test('a bound belongs to its bucket, and what is above all bounds has one too', () => {
  const histogram = createHistogram();
  for (const durationMs of [0, 1, 1.5, 60_000, 60_001]) histogram.add(durationMs);
  const { counts, sumMs, boundsMs } = histogram.read();
  expect([counts[0], counts[1], counts.at(-2), counts.at(-1)]).toEqual([2, 1, 1, 1]);
  expect([counts.length, sumMs]).toEqual([boundsMs.length + 1, 120_003.5]);
});

test.each([
  ['of nothing', [], 0.5, null],
  ['in the middle', [1, 1, 2, 500], 0.5, 1],
  ['at the end', [1, 1, 2, 400], 0.99, 500],
  ['beyond all bounds', [90_000], 0.5, Number.POSITIVE_INFINITY],
])('the quantile %s', (_, durations, quantile, expected) => {
  const histogram = createHistogram();
  for (const durationMs of durations) histogram.add(durationMs);
  expect(readQuantile(histogram.read(), quantile)).toBe(expected);
});
