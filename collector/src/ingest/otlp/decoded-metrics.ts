import type { ExponentialFigures, MetricType, Quantile } from '../../metric-point.ts';
import type { Attributes } from '../../span.ts';
import { maxMessages, TooManyMessagesError } from './request.ts';

/** A metric as decoded, whichever encoding it came in. */
export type DecodedMetric = {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  /** Null when it is of a type not known yet, and has no points for us. */
  readonly type: MetricType | null;
  readonly temporality: number;
  readonly isMonotonic: boolean;
  readonly points: readonly DecodedPoint[];
  /** One reason for each point that could not be read at all. */
  readonly unreadable: readonly string[];
};

export type DecodedPoint = {
  readonly attributes: Attributes;
  readonly startTimeUnixNano: bigint;
  readonly timeUnixNano: bigint;
  readonly value: number | null;
  readonly valueInt: bigint | null;
  readonly count: bigint | null;
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly bucketCounts: readonly bigint[];
  readonly explicitBounds: readonly number[];
  readonly exponential: ExponentialFigures | null;
  readonly quantiles: readonly Quantile[];
  readonly exemplars: readonly DecodedExemplar[];
  readonly flags: number;
  /** A value nested deeper than `maxValueDepth` was emptied. */
  readonly cut: boolean;
};

export type DecodedExemplar = {
  readonly timeUnixNano: bigint;
  readonly value: number | null;
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
};

export const emptyPoint = {
  startTimeUnixNano: 0n,
  timeUnixNano: 0n,
  value: null as number | null,
  valueInt: null as bigint | null,
  count: null as bigint | null,
  sum: null as number | null,
  min: null as number | null,
  max: null as number | null,
  bucketCounts: [] as readonly bigint[],
  explicitBounds: [] as readonly number[],
  exponential: null as ExponentialFigures | null,
  flags: 0,
};

/** Numbers in lists are no messages, and one byte of them becomes eight in memory: they have a budget of their own. */
export class NumberBudget {
  private left = maxMessages;

  /** @throws TooManyMessagesError */
  spend(count: number): void {
    this.left -= count;
    if (this.left < 0) throw new TooManyMessagesError();
  }
}
