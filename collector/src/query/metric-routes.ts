import type { Context, Hono } from 'hono';
import {
  metricName,
  metricQuery,
  type MetricAnswer,
  type MetricName,
  type MetricQuery,
} from '../contract.ts';
import { metricSources, type MetricSource } from '../store/metric-sources.ts';
import { readMetric, type MetricSeriesRead } from '../store/read-metric.ts';
import type { Reader } from '../store/read-rows.ts';
import { ApiFailure } from './api-failure.ts';
import { toReader } from './reader.ts';
import { toRunScope } from './run-scope.ts';
import { toIso } from './time-range.ts';
import { readQuery } from './validate.ts';
import { toTimes, toWindows } from './windows.ts';

export function addMetricRoutes(app: Hono, store: Reader): void {
  app.get('/metrics/:name', async (c) => {
    const name = readName(c);
    return c.json(await answerMetric(toReader(store, c), name, readQuery(c, metricQuery)));
  });
}

function readName(c: Context): MetricName {
  const parsed = metricName.safeParse(c.req.param('name'));
  if (parsed.success) return parsed.data;
  throw new ApiFailure(
    'not_found',
    `There is no such metric: ask for ${listOf(metricName.options)}.`,
  );
}

async function answerMetric(
  reader: Reader,
  name: MetricName,
  query: MetricQuery,
): Promise<MetricAnswer> {
  const source: MetricSource = metricSources[name];
  const { project, step, groupBy, limit } = query;
  assertFits(name, source, groupBy);
  const { range, scope } = toRunScope(query);
  const windows = toWindows(range, step);
  const { originUnixNano, stepNs, count } = windows;
  const ask = { scope, originUnixNano, stepNs, windows: count, groupBy, limit };
  const { series, otherSeries } = await readMetric(reader, project, source, ask);
  return {
    name,
    unit: source.unit,
    from: toIso(range.from),
    to: toIso(range.to),
    stepSeconds: windows.stepSeconds,
    times: toTimes(windows),
    series: series.map(toSeries),
    otherSeries,
  };
}

function assertFits(name: MetricName, { groups }: MetricSource, groupBy: string): void {
  if (groupBy === 'none' || Object.hasOwn(groups, groupBy)) return;
  throw new ApiFailure(
    'invalid_request',
    `groupBy: ${name} cannot be told by ${groupBy}. Choose ${listOf(['none', ...Object.keys(groups)])}.`,
  );
}

function listOf(words: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(words);
}

function toSeries({ group, total, points }: MetricSeriesRead): MetricAnswer['series'][number] {
  return {
    group,
    total,
    value: points.map(({ value }) => value),
    p50: points.map(({ p50 }) => p50),
    p99: points.map(({ p99 }) => p99),
    samples: points.map(({ samples }) => samples),
  };
}
