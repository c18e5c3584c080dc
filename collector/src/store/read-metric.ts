/** Series of one metric, exact: every sample of a window is in its value, none twice. */
import { readRows, type Reader } from './read-rows.ts';
import { toMetricSql, type MetricSource } from './metric-sql.ts';
import type { RunScope } from './runs-sql.ts';

export type MetricPoint = {
  readonly value: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly samples: number;
};

export type MetricSeriesRead = {
  readonly group: string;
  readonly total: MetricPoint;
  /** One entry a window. */
  readonly points: readonly MetricPoint[];
};

export type MetricRead = {
  /** Most samples first. */
  readonly series: readonly MetricSeriesRead[];
  readonly otherSeries: number;
};

export type MetricAsk = {
  readonly scope: RunScope;
  readonly stepNs: bigint;
  readonly windows: number;
  readonly groupBy: string;
  readonly limit: number;
};

const nothing: MetricPoint = { value: null, p50: null, p95: null, p99: null, samples: 0 };
/** Nothing happened: that is a number where things are counted. */
const zero: MetricPoint = { ...nothing, value: 0 };

export async function readMetric(
  reader: Reader,
  projectId: string,
  source: MetricSource,
  ask: MetricAsk,
): Promise<MetricRead> {
  const rows = await readRows(reader, projectId, toMetricSql(source, ask.scope, ask));
  const byGroup = Map.groupBy(rows, (row) => String(row['name']));
  const series = Array.from(byGroup, ([group, own]) => toSeries(group, own, source, ask));
  series.sort((a, b) => b.total.samples - a.total.samples || compare(a.group, b.group));
  const shown = series.slice(0, ask.limit);
  return { series: shown, otherSeries: series.length - shown.length };
}

type Row = Readonly<Record<string, unknown>>;

function toSeries(
  group: string,
  rows: readonly Row[],
  source: MetricSource,
  { windows }: MetricAsk,
): MetricSeriesRead {
  if (source.shape === 'active') return toActiveSeries(group, rows, windows);
  const empty = source.shape === 'sum' ? zero : nothing;
  const points = Array.from({ length: windows }, () => empty);
  let total = empty;
  for (const row of rows) {
    const at = Number(row['at']);
    if (at < 0) total = toPoint(row, source);
    else if (at < windows) points[at] = toPoint(row, source);
  }
  return { group, total, points };
}

function toPoint(row: Row, { shape, headline = 'p95' }: MetricSource): MetricPoint {
  const number = (name: string): number | null => {
    const value = row[name];
    return value === null || value === undefined ? null : Number(value);
  };
  const samples = Number(row['samples']);
  if (shape !== 'quantile') return { ...nothing, value: number('value'), samples };
  const [p50, p95, p99] = [number('p50'), number('p95'), number('p99')];
  return { value: headline === 'p50' ? p50 : p95, p50, p95, p99, samples };
}

/** How many are open when a window ends; of the range, when it ends. */
function toActiveSeries(group: string, rows: readonly Row[], windows: number): MetricSeriesRead {
  const changes = new Map(
    rows.map((row) => [Number(row['at']), Number(row['began']) - Number(row['over'])]),
  );
  let open = changes.get(-1) ?? 0;
  const points = Array.from({ length: windows }, (_, at) => {
    open += changes.get(at) ?? 0;
    return { ...nothing, value: open, samples: open };
  });
  const began = rows.reduce((sum, row) => sum + Number(row['began']), 0);
  return { group, total: { ...nothing, value: open, samples: began }, points };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
