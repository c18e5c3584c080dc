/** Histograms of either kind, added up and asked for quantiles. */
import type { ExponentialBuckets, MetricPoint } from '../../metric-point.ts';

export type ExplicitHistogram = {
  readonly kind: 'explicit';
  readonly bounds: readonly number[];
  /** One more than bounds: the last has no upper bound. */
  readonly counts: readonly bigint[];
};

export type ExponentialHistogram = {
  readonly kind: 'exponential';
  readonly scale: number;
  readonly zeroCount: bigint;
  readonly positive: ExponentialBuckets;
  readonly negative: ExponentialBuckets;
};

export type Histogram = {
  readonly count: bigint;
  /** Null = not told by all. */
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly buckets: ExplicitHistogram | ExponentialHistogram;
};

/** Null for a point that is no histogram. */
export function toHistogram(point: MetricPoint): Histogram | null {
  const { count, sum, min, max, exponential } = point;
  if (count === null || point.type === 'summary') return null;
  if (exponential !== null) {
    const { scale, zeroCount, positive, negative } = exponential;
    const buckets = { kind: 'exponential', scale, zeroCount, positive, negative } as const;
    return { count, sum, min, max, buckets };
  }
  const counts = point.bucketCounts.length === 0 ? [count] : point.bucketCounts;
  const buckets = { kind: 'explicit', bounds: point.explicitBounds, counts } as const;
  return { count, sum, min, max, buckets };
}

/**
 * Null when there are none. Buckets that do not fit are joined until they do, so that every count stays in a bucket
 * that it belongs to: explicit ones at the bounds that all have, exponential ones at the coarsest scale.
 * @throws Error when the kinds are mixed
 */
export function mergeHistograms(histograms: readonly Histogram[]): Histogram | null {
  const [first, ...others] = histograms;
  return first === undefined ? null : others.reduce((a, b) => combine(a, b, 1n), first);
}

/** What `later` counted since `earlier`, both since the same start. Least and greatest are not known of it. */
export function subtractHistogram(later: Histogram, earlier: Histogram): Histogram {
  return { ...combine(later, earlier, -1n), min: null, max: null };
}

function combine(a: Histogram, b: Histogram, sign: 1n | -1n): Histogram {
  return {
    count: a.count + sign * b.count,
    sum: a.sum === null || b.sum === null ? null : a.sum + Number(sign) * b.sum,
    min: a.min === null || b.min === null ? null : Math.min(a.min, b.min),
    max: a.max === null || b.max === null ? null : Math.max(a.max, b.max),
    buckets: combineBuckets(a.buckets, b.buckets, sign),
  };
}

function combineBuckets(
  a: Histogram['buckets'],
  b: Histogram['buckets'],
  sign: 1n | -1n,
): Histogram['buckets'] {
  if (a.kind === 'explicit' && b.kind === 'explicit') return combineExplicit(a, b, sign);
  if (a.kind === 'exponential' && b.kind === 'exponential') return combineExponential(a, b, sign);
  throw new Error('add up an explicit and an exponential histogram: they share no buckets');
}

function combineExplicit(
  a: ExplicitHistogram,
  b: ExplicitHistogram,
  sign: 1n | -1n,
): ExplicitHistogram {
  const shared = new Set(b.bounds);
  const bounds = a.bounds.filter((bound) => shared.has(bound));
  const counts = joinAt(a, bounds);
  for (const [at, count] of joinAt(b, bounds).entries()) {
    counts[at] = (counts[at] ?? 0n) + sign * count;
  }
  return { kind: 'explicit', bounds, counts };
}

function joinAt({ bounds, counts }: ExplicitHistogram, kept: readonly number[]): bigint[] {
  const joined: bigint[] = Array.from({ length: kept.length + 1 }, () => 0n);
  let into = 0;
  for (const [at, count] of counts.entries()) {
    joined[into] = (joined[into] ?? 0n) + count;
    if (into < kept.length && bounds[at] === kept[into]) into += 1;
  }
  return joined;
}

function combineExponential(
  a: ExponentialHistogram,
  b: ExponentialHistogram,
  sign: 1n | -1n,
): ExponentialHistogram {
  const scale = Math.min(a.scale, b.scale);
  const side = (name: 'positive' | 'negative'): ExponentialBuckets =>
    addBuckets(coarsen(a[name], a.scale - scale), coarsen(b[name], b.scale - scale), sign);
  return {
    kind: 'exponential',
    scale,
    zeroCount: a.zeroCount + sign * b.zeroCount,
    positive: side('positive'),
    negative: side('negative'),
  };
}

/** Each step down in scale joins two neighbours. */
function coarsen({ offset, counts }: ExponentialBuckets, steps: number): ExponentialBuckets {
  if (steps === 0 || counts.length === 0) return { offset, counts };
  const toCoarse = (index: number): number => Math.floor(index / 2 ** steps);
  const first = toCoarse(offset);
  const length = toCoarse(offset + counts.length - 1) - first + 1;
  const joined: bigint[] = Array.from({ length }, () => 0n);
  for (const [at, count] of counts.entries()) {
    const into = toCoarse(offset + at) - first;
    joined[into] = (joined[into] ?? 0n) + count;
  }
  return { offset: first, counts: joined };
}

function addBuckets(
  a: ExponentialBuckets,
  b: ExponentialBuckets,
  sign: 1n | -1n,
): ExponentialBuckets {
  if (b.counts.length === 0) return a;
  if (a.counts.length === 0) return { ...b, counts: b.counts.map((count) => sign * count) };
  const offset = Math.min(a.offset, b.offset);
  const end = Math.max(a.offset + a.counts.length, b.offset + b.counts.length);
  const counts = Array.from(
    { length: end - offset },
    (_, at) =>
      (a.counts[at + offset - a.offset] ?? 0n) + sign * (b.counts[at + offset - b.offset] ?? 0n),
  );
  return { offset, counts };
}

/** A bucket as a stretch of values, from the least to the greatest. */
type Stretch = { readonly low: number; readonly high: number; readonly count: bigint };

/**
 * The value that a share `q` (0 to 1) of all stays at or below, as if the values of a bucket lay evenly in it. Null
 * when nothing was counted. Nothing lies beyond the least and the greatest value where they are known.
 */
export function quantileOf(histogram: Histogram, q: number): number | null {
  const stretches = toStretches(histogram);
  const total = stretches.reduce((sum, { count }) => sum + Number(count), 0);
  if (total === 0) return null;
  let left = Math.min(1, Math.max(0, q)) * total;
  for (const { low, high, count } of stretches) {
    const share = Number(count);
    if (share > 0 && left <= share) return low + (high - low) * (left / share);
    left -= share;
  }
  return stretches.at(-1)?.high ?? null;
}

function toStretches(histogram: Histogram): Stretch[] {
  const { buckets, min, max } = histogram;
  const all = buckets.kind === 'explicit' ? ofExplicit(buckets, histogram) : ofExponential(buckets);
  const clamp = (value: number): number =>
    Math.min(max ?? Infinity, Math.max(min ?? -Infinity, value));
  return all
    .filter(({ count }) => count > 0n)
    .map(({ low, high, count }) => ({ low: clamp(low), high: clamp(high), count }));
}

/** The outermost buckets have no end: they are as short as what is known of them allows. */
function ofExplicit({ bounds, counts }: ExplicitHistogram, { min, max }: Histogram): Stretch[] {
  const first = bounds[0] ?? max ?? 0;
  const last = bounds.at(-1) ?? min ?? 0;
  return counts.map((count, at) => ({
    low: bounds[at - 1] ?? min ?? Math.min(0, first),
    high: bounds[at] ?? max ?? last,
    count,
  }));
}

function ofExponential({ scale, zeroCount, positive, negative }: ExponentialHistogram): Stretch[] {
  const bound = (index: number): number => 2 ** (index * 2 ** -scale);
  const above = positive.counts.map((count, at) => ({
    low: bound(positive.offset + at),
    high: bound(positive.offset + at + 1),
    count,
  }));
  const below = negative.counts.map((count, at) => ({
    low: -bound(negative.offset + at + 1),
    high: -bound(negative.offset + at),
    count,
  }));
  return [...below.toReversed(), { low: 0, high: 0, count: zeroCount }, ...above];
}
