/** What a counter counted between its points, whichever way its sender counts. */
import { pointFlags, type MetricPoint } from '../../metric-point.ts';

export type Increase = {
  /** 0 = not told. */
  readonly fromUnixNano: bigint;
  readonly toUnixNano: bigint;
  readonly value: number;
};

/**
 * Of one series of sums, in order of time. A cumulative series tells by the difference of two points, and after its
 * process started anew by the second alone. Its first point says nothing but where to begin, unless the counting
 * itself began in the range.
 * @param fromUnixNano start of the range that the points were read of
 */
export function toIncreases(points: readonly MetricPoint[], fromUnixNano: bigint): Increase[] {
  const increases: Increase[] = [];
  let before: MetricPoint | null = null;
  for (const point of points) {
    const value = valueOf(point);
    if (value === null) continue;
    const base = point.temporality === 'cumulative' ? baseOf(before, point, fromUnixNano) : noBase;
    if (base !== null) {
      increases.push({
        fromUnixNano: base.sinceUnixNano ?? point.startTimeUnixNano,
        toUnixNano: point.timeUnixNano,
        value: subtract(point, base.point) ?? value,
      });
    }
    before = point;
  }
  return increases;
}

export function sumIncreases(increases: readonly Increase[]): number {
  return increases.reduce((sum, { value }) => sum + value, 0);
}

/** Per second of the range; null for a range without length. */
export function toRate(
  increases: readonly Increase[],
  fromUnixNano: bigint,
  toUnixNano: bigint,
): number | null {
  const seconds = Number(toUnixNano - fromUnixNano) / 1e9;
  return seconds > 0 ? sumIncreases(increases) / seconds : null;
}

export type Base = {
  /** What had been counted by then; null = nothing. */
  readonly point: MetricPoint | null;
  /** Null = since the point's own start. */
  readonly sinceUnixNano: bigint | null;
};

export const noBase: Base = { point: null, sinceUnixNano: null };

/** Null when the point can only serve as the base of the next. */
export function baseOf(
  before: MetricPoint | null,
  point: MetricPoint,
  fromUnixNano: bigint,
): Base | null {
  const { startTimeUnixNano: start, timeUnixNano: time } = point;
  // A start that is the point's own time means that the true start is not known.
  const isStartKnown = start > 0n && start < time;
  if (before === null) return isStartKnown && start >= fromUnixNano ? noBase : null;
  const beganLater = start > before.startTimeUnixNano && start >= before.timeUnixNano;
  const isAnew = beganLater || hasFallen(before, point);
  return isAnew ? noBase : { point: before, sinceUnixNano: before.timeUnixNano };
}

function hasFallen(before: MetricPoint, point: MetricPoint): boolean {
  if (point.type !== 'sum') return (point.count ?? 0n) < (before.count ?? 0n);
  return point.isMonotonic && (subtract(point, before) ?? 0) < 0;
}

/** Of ints exactly, however large. */
function subtract(point: MetricPoint, base: MetricPoint | null): number | null {
  if (base === null || base.value === null || point.value === null) return null;
  return point.valueInt !== null && base.valueInt !== null
    ? Number(point.valueInt - base.valueInt)
    : point.value - base.value;
}

function valueOf(point: MetricPoint): number | null {
  return (point.flags & pointFlags.noRecordedValue) === 0 ? point.value : null;
}
