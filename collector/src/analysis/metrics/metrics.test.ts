import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MetricPoint } from '../../metric-point.ts';
import { onePoint } from '../../store/log-arbitrary.ts';
import { mergeHistograms, quantileOf, toHistogram, type Histogram } from './histogram.ts';
import { toHistogramIncreases } from './histogram-increases.ts';
import { sumIncreases, toIncreases, toRate } from './increase.ts';

const second = 1_000_000_000n;

/** Seconds after the range began, the counter, and when it began to count. */
function point(
  at: number,
  value: number,
  started: number,
  extra: Partial<MetricPoint> = {},
): MetricPoint {
  return {
    ...onePoint,
    temporality: 'cumulative',
    startTimeUnixNano: 1_000n * second + BigInt(started) * second,
    timeUnixNano: 1_000n * second + BigInt(at) * second,
    value,
    ...extra,
  };
}

const from = 1_000n * second;
const values = (points: readonly MetricPoint[]): number[] =>
  toIncreases(points, from).map(({ value }) => value);

describe('sums', () => {
  test('a cumulative one tells by the difference of its points', () => {
    const points = [point(10, 100, -50), point(20, 130, -50), point(30, 130, -50)];
    expect(values(points)).toEqual([30, 0]);
    expect(toIncreases(points, from)[0]).toEqual({
      fromUnixNano: from + 10n * second,
      toUnixNano: from + 20n * second,
      value: 30,
    });
    expect(toRate(toIncreases(points, from), from, from + 60n * second)).toBe(0.5);
  });

  test('one that began in the range tells by its first point too', () => {
    expect(values([point(10, 100, 5), point(20, 130, 5)])).toEqual([100, 30]);
  });

  test('one whose start is not known does not', () => {
    expect(values([point(10, 100, 10), point(20, 130, 10)])).toEqual([30]);
    expect(values([point(10, 100, -1_000), point(20, 130, -1_000)])).toEqual([30]);
  });

  test.each([
    ['told by its start', 15],
    ['told by its fall alone', -50],
  ])('a restart that is %s counts from nothing', (_, started) => {
    expect(values([point(10, 100, -50), point(20, 7, started), point(30, 9, started)])).toEqual([
      7, 2,
    ]);
  });

  test('a restart is seen by its start, though the counter has already passed where it was', () => {
    expect(values([point(10, 100, -50), point(20, 107, 15)])).toEqual([107]);
  });

  test('one that may fall falls', () => {
    const up = { isMonotonic: false };
    expect(values([point(10, 5, -50, up), point(20, 2, -50, up)])).toEqual([-3]);
  });

  test('a delta one is added up as it is', () => {
    const delta = { temporality: 'delta' } as const;
    const points = [point(10, 4, 0, delta), point(20, 3, 10, delta), point(30, 5, 20, delta)];
    expect(sumIncreases(toIncreases(points, from))).toBe(12);
  });

  test('points without a value are passed over', () => {
    const stale = { flags: 1 };
    const points = [point(10, 5, -50), point(20, 0, -50, stale), point(30, 8, -50)];
    expect(values(points)).toEqual([3]);
  });

  test('ints beyond 2^53 are subtracted exactly', () => {
    const large = (valueInt: bigint, at: number) => point(at, Number(valueInt), -50, { valueInt });
    expect(values([large(2n ** 60n, 10), large(2n ** 60n + 3n, 20)])).toEqual([3]);
  });

  test('however a counter restarts, nothing is counted twice and nothing is lost', () => {
    const run = fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 5 }), (runs) => {
        let at = 0;
        const points = runs.flatMap((steps) => {
          const started = at;
          let value = 0;
          return steps.map((step) => point((at += 10), (value += step), started));
        });
        expect(sumIncreases(toIncreases(points, from))).toBe(
          runs.flat().reduce((a, b) => a + b, 0),
        );
      }),
    );
  });
});

const seconds = [0.1, 0.2, 0.4];
function explicit(counts: readonly number[], extra: Partial<MetricPoint> = {}): MetricPoint {
  return point(10, 0, 5, {
    type: 'histogram',
    value: null,
    count: BigInt(counts.reduce((a, b) => a + b, 0)),
    sum: 1,
    bucketCounts: counts.map(BigInt),
    explicitBounds: seconds,
    ...extra,
  });
}

const histogram = (one: MetricPoint): Histogram => {
  const read = toHistogram(one);
  if (read === null) throw new Error('no histogram');
  return read;
};

describe('histograms', () => {
  test('of the same bounds are added bucket by bucket', () => {
    const merged = mergeHistograms(
      [explicit([1, 2, 3, 4]), explicit([10, 0, 0, 1])].map(histogram),
    );
    expect(merged).toMatchObject({
      count: 21n,
      sum: 2,
      buckets: { bounds: seconds, counts: [11n, 2n, 3n, 5n] },
    });
  });

  test('of other bounds are added at those they share', () => {
    const other = explicit([5, 6], { explicitBounds: [0.2], bucketCounts: [5n, 6n] });
    expect(mergeHistograms([explicit([1, 2, 3, 4]), other].map(histogram))).toMatchObject({
      count: 21n,
      buckets: { bounds: [0.2], counts: [8n, 13n] },
    });
  });

  test('exponential ones of other scales are added at the coarser', () => {
    const exponential = (scale: number, offset: number, counts: readonly bigint[]): MetricPoint =>
      explicit([], {
        type: 'exponential_histogram',
        count: counts.reduce((a, b) => a + b, 0n),
        exponential: {
          scale,
          zeroCount: 1n,
          zeroThreshold: 0,
          positive: { offset, counts },
          negative: { offset: 0, counts: [] },
        },
      });
    const merged = mergeHistograms(
      [exponential(1, -1, [1n, 2n, 4n]), exponential(0, 2, [8n])].map(histogram),
    );
    expect(merged?.buckets).toEqual({
      kind: 'exponential',
      scale: 0,
      zeroCount: 2n,
      positive: { offset: -1, counts: [1n, 6n, 0n, 8n] },
      negative: { offset: 0, counts: [] },
    });
  });

  test('of two kinds are not added', () => {
    const exponential = explicit([], {
      type: 'exponential_histogram',
      exponential: {
        scale: 0,
        zeroCount: 0n,
        zeroThreshold: 0,
        positive: { offset: 0, counts: [] },
        negative: { offset: 0, counts: [] },
      },
    });
    expect(() => mergeHistograms([explicit([1, 2, 3, 4]), exponential].map(histogram))).toThrow(
      'share no buckets',
    );
    expect(mergeHistograms([])).toBeNull();
  });

  test('cumulative ones tell by the difference of their points, also over a restart', () => {
    const at = (time: number, started: number, counts: readonly number[]): MetricPoint =>
      explicit(counts, {
        startTimeUnixNano: from + BigInt(started) * second,
        timeUnixNano: from + BigInt(time) * second,
      });
    const points = [at(10, -50, [1, 1, 0, 0]), at(20, -50, [1, 3, 0, 2]), at(30, 25, [0, 0, 1, 0])];
    expect(mergeHistograms(toHistogramIncreases(points, from))).toMatchObject({
      count: 5n,
      buckets: { counts: [0n, 2n, 1n, 2n] },
    });
  });

  test('delta ones are added as they are', () => {
    const delta = { temporality: 'delta' } as const;
    const points = [explicit([1, 0, 0, 0], delta), explicit([1, 0, 0, 0], delta)];
    expect(mergeHistograms(toHistogramIncreases(points, from))?.count).toBe(2n);
  });

  test.each([
    ['half of what lies evenly in one bucket', [0, 10, 0, 0], {}, 0.5, 0.15],
    ['the first bucket begins at nothing', [10, 0, 0, 0], {}, 0.5, 0.05],
    ['nothing is said beyond the last bound', [0, 0, 0, 10], {}, 0.99, 0.4],
    ['but up to the greatest value, when it is known', [0, 0, 0, 10], { max: 0.8 }, 0.5, 0.6],
    ['nothing lies below the least', [0, 10, 0, 0], { min: 0.18 }, 0, 0.18],
  ] as const)('%s', (_, counts, extra, q, expected) => {
    expect(quantileOf(histogram(explicit(counts, extra)), q)).toBeCloseTo(expected, 10);
  });

  test('a quantile lies in the bucket of its value, whatever was counted', () => {
    const value = fc.double({ min: 0.001, max: 1_000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (drawn, q) => {
          const scale = 2;
          const indexOf = (one: number): number => Math.ceil(Math.log2(one) * 2 ** scale) - 1;
          const indexes = drawn.map(indexOf);
          const offset = Math.min(...indexes);
          const counts = Array.from({ length: Math.max(...indexes) - offset + 1 }, (_, at) =>
            BigInt(indexes.filter((index) => index === offset + at).length),
          );
          const buckets = {
            kind: 'exponential',
            scale,
            zeroCount: 0n,
            positive: { offset, counts },
            negative: { offset: 0, counts: [] },
          } as const;
          const whole = { count: BigInt(drawn.length), sum: null, min: null, max: null, buckets };
          const told = quantileOf(whole, q) ?? Number.NaN;
          const sorted = drawn.toSorted((a, b) => a - b);
          const truth = sorted[Math.max(0, Math.ceil(q * drawn.length) - 1)] ?? Number.NaN;
          const width = 2 ** (2 ** -scale);
          expect(told).toBeLessThanOrEqual(truth * width * 1.0001);
          expect(told).toBeGreaterThanOrEqual(truth / width / 1.0001);
        },
      ),
    );
  });
});
