/** What can be said of a metric without asking the store: its unit, what it can be split by, what it is made of. */
import {
  metricName,
  type AlertAggregation,
  type AlertMetric,
  type MetricName,
  type PlatformMetric,
} from '../../contract.ts';
import { metricSources, type MetricSource } from '../../store/metric-sources.ts';

const platformUnits: Readonly<Record<PlatformMetric, string>> = {
  ingest_silence: 's',
  rejected_share: 'share',
  unpriced_share: 'share',
  wal_age: 's',
  disk_used_share: 'share',
  evaluation_age: 's',
  dead_letters: 'count',
  budget_used: 'share',
  budget_forecast: 'share',
};

/** Null of platform metrics: they have no runs behind them. */
export function sourceOf(metric: AlertMetric): MetricSource | null {
  const parsed = metricName.safeParse(metric);
  return parsed.success ? metricSources[parsed.data satisfies MetricName] : null;
}

/** Of the value that a rule looks at. */
export function unitOf(metric: AlertMetric, aggregation: AlertAggregation = 'value'): string {
  if (aggregation === 'samples') return 'count';
  return sourceOf(metric)?.unit ?? platformUnits[metric as PlatformMetric];
}

/** `none` among them. */
export function groupsOf(metric: AlertMetric): string[] {
  return ['none', ...Object.keys(sourceOf(metric)?.groups ?? {})];
}

export function aggregationsOf(metric: AlertMetric): AlertAggregation[] {
  const source = sourceOf(metric);
  if (source === null) return ['value'];
  if (source.shape === 'active') return ['value', 'samples'];
  return ['value', 'p50', 'p95', 'p99', 'mean', 'min', 'max', 'samples'];
}

/** Whether its samples are good or bad, so that a budget of bad ones can be spoken of. */
export function hasBad(metric: AlertMetric): boolean {
  return sourceOf(metric)?.bad !== undefined;
}

/** Whether samples can lack a price. */
export function hasPrices(metric: AlertMetric): boolean {
  return sourceOf(metric)?.priced !== undefined;
}
