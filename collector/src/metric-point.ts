/** A point of a metric as it was sent. Beside span.ts, and imports it alone. */
import type { Attributes } from './span.ts';

export const metricTypes = [
  'gauge',
  'sum',
  'histogram',
  'exponential_histogram',
  'summary',
] as const;
export type MetricType = (typeof metricTypes)[number];

/**
 * Delta = since the point before, cumulative = since `startTimeUnixNano`. A point is kept as its sender counts; only
 * readers turn one into the other.
 */
export const temporalities = ['unspecified', 'delta', 'cumulative'] as const;
export type Temporality = (typeof temporalities)[number];

/** Bits of `MetricPoint.flags`. */
export const pointFlags = {
  /** OTLP's own: the series is there, its value is not. */
  noRecordedValue: 1,
  /** An attribute was cut to the limit. */
  truncated: 8,
  /** The resource had no service.name. */
  noService: 32,
} as const;

export type Exemplar = {
  readonly timeUnixNano: bigint;
  readonly value: number | null;
  /** Both empty when it belongs to no trace. */
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
};

/** Counts of the buckets from `offset` on; bucket i holds values in (base^i, base^(i+1)], base = 2^(2^-scale). */
export type ExponentialBuckets = {
  readonly offset: number;
  readonly counts: readonly bigint[];
};

export type ExponentialFigures = {
  readonly scale: number;
  readonly zeroCount: bigint;
  readonly zeroThreshold: number;
  readonly positive: ExponentialBuckets;
  readonly negative: ExponentialBuckets;
};

export type Quantile = { readonly quantile: number; readonly value: number };

export type MetricPoint = {
  readonly projectId: string;
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly type: MetricType;
  readonly temporality: Temporality;
  readonly isMonotonic: boolean;
  /** 0 = not told. */
  readonly startTimeUnixNano: bigint;
  readonly timeUnixNano: bigint;
  readonly attributes: Attributes;
  readonly resourceAttributes: Attributes;
  readonly scopeAttributes: Attributes;
  readonly serviceName: string;
  readonly scopeName: string;
  readonly scopeVersion: string;
  /** Bits of `pointFlags`. */
  readonly flags: number;

  /** Of gauges and sums; null when there is none, or none that can be added. */
  readonly value: number | null;
  /** The exact value where an int was sent; JavaScript senders write 1.0 as one. */
  readonly valueInt: bigint | null;
  /** Of histograms and summaries; null elsewhere. */
  readonly count: bigint | null;
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** One more than bounds, or none of either. */
  readonly bucketCounts: readonly bigint[];
  readonly explicitBounds: readonly number[];
  readonly exponential: ExponentialFigures | null;
  readonly quantiles: readonly Quantile[];
  readonly exemplars: readonly Exemplar[];
};
