import { pointFlags, type MetricPoint } from '../../metric-point.ts';
import { subtractHistogram, toHistogram, type Histogram } from './histogram.ts';
import { baseOf, noBase } from './increase.ts';

/** What one series of histograms counted between its points; see `toIncreases`. */
export function toHistogramIncreases(
  points: readonly MetricPoint[],
  fromUnixNano: bigint,
): Histogram[] {
  const increases: Histogram[] = [];
  let before: MetricPoint | null = null;
  for (const point of points) {
    const histogram = toHistogram(point);
    if (histogram === null || (point.flags & pointFlags.noRecordedValue) !== 0) continue;
    const base = point.temporality === 'cumulative' ? baseOf(before, point, fromUnixNano) : noBase;
    const earlier = base?.point ? toHistogram(base.point) : null;
    if (base !== null) {
      increases.push(earlier === null ? histogram : subtractHistogram(histogram, earlier));
    }
    before = point;
  }
  return increases;
}
