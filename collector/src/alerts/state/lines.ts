/** Between which lines a value may move: where it alerts, and where it is over. */
import type { AlertCondition, AlertMetric } from '../../contract.ts';
import type { Baseline } from '../reading.ts';

export type Line = {
  readonly direction: 'above' | 'below';
  readonly alert: number;
  readonly recover: number;
};

const recoverShare = 0.2;

/** They end at 1: a recovery line of 1.2 times 0.9 would never be reached. */
const shares: ReadonlySet<AlertMetric> = new Set<AlertMetric>([
  'error_rate',
  'loop_rate',
  'handoff_success',
  'retry_rate',
  'cache_hit_share',
  'rejected_share',
  'unpriced_share',
  'disk_used_share',
]);

type Fixed = Extract<AlertCondition, { type: 'threshold' | 'ratio' }>;

/**
 * Of a threshold, and of a ratio in units of its past. The recovery line never lies on the wrong side of the alert: a
 * value must not be beyond the threshold and over at once.
 */
export function lineOf({ direction, alert, target, recover }: Fixed, metric: AlertMetric): Line {
  const sign = direction === 'above' ? 1 : -1;
  // A fifth of the size, away from the alert: 0.8 of a negative number would lie beyond it.
  let line = recover ?? alert - sign * recoverShare * Math.abs(alert);
  if (recover === null) {
    if (target !== null && (line - target) * sign < 0) line = target;
    if (shares.has(metric) && direction === 'below' && line >= 1) line = (alert + 1) / 2;
  }
  return { direction, alert, recover: (line - alert) * sign > 0 ? alert : line };
}

/** `line` in the unit of the metric, so that what is shown is the value itself and not a multiple of something. */
export function times(line: Line, median: number): Line {
  return { ...line, alert: line.alert * median, recover: line.recover * median };
}

type Seasonal = Extract<AlertCondition, { type: 'seasonal' }>;

/** A past that never moved has a band of the floor alone; without a floor any departure from it is told. */
export function bandOf(
  condition: Seasonal,
  baseline: Extract<Baseline, { state: 'known' }>,
): Line[] {
  const { median, deviation } = baseline;
  const band = Math.max(condition.deviations * deviation, condition.floor);
  const inner = band * (1 - recoverShare);
  const above: Line = { direction: 'above', alert: median + band, recover: median + inner };
  const below: Line = { direction: 'below', alert: median - band, recover: median - inner };
  if (condition.direction === 'both') return [above, below];
  return [condition.direction === 'above' ? above : below];
}

type Relative = Extract<AlertCondition, { type: 'ratio' | 'seasonal' }>;

/** What is above comes first; null while too little of the past is known, or nothing can be held against it. */
export function relativeLines(
  condition: Relative,
  metric: AlertMetric,
  baseline: Baseline,
): readonly Line[] | null {
  if (baseline.state === 'learning') return null;
  const { median, deviation } = baseline;
  if (!Number.isFinite(median) || Number.isNaN(deviation)) return null;
  if (condition.type === 'seasonal') return bandOf(condition, baseline);
  // A negative past would turn the comparison around.
  return median < 0 ? null : [times(lineOf(condition, metric), median)];
}

export type Side = 'breach' | 'inside' | 'recovered';

/**
 * Equal is not beyond, and equal to the recovery line is over: an alert above 0 has its recovery line at 0, and would
 * never end otherwise. Infinite values are on a side like any other.
 */
export function sideOf({ direction, alert, recover }: Line, value: number): Side {
  if (direction === 'above' ? value > alert : value < alert) return 'breach';
  return (direction === 'above' ? value <= recover : value >= recover) ? 'recovered' : 'inside';
}
