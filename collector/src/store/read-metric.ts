/** Series of one metric, exact: every sample of a window is in its value, none twice. */
import type { MetricSource } from './metric-sources.ts';
import { toMetricSql, type MetricWindows } from './metric-sql.ts';
import { readRows, type Reader } from './read-rows.ts';

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

export type MetricAsk = MetricWindows & { readonly windows: number };

export async function readMetric(
  reader: Reader,
  projectId: string,
  source: MetricSource,
  ask: MetricAsk,
): Promise<MetricRead> {
  const rows = await readRows(reader, projectId, toMetricSql(source, ask));
  const series = rows.map((row) => toSeries(row, source, ask));
  const names = Number(rows[0]?.['names'] ?? 0);
  if (series.length === 0 && ask.groupBy === 'none') series.push(toEmptySeries(source, ask));
  return { series, otherSeries: Math.max(0, names - series.length) };
}

type Row = Readonly<Record<string, unknown>>;

const nothing: MetricPoint = { value: null, p50: null, p95: null, p99: null, samples: 0 };
/** Nothing happened: that is a number where things are counted. */
const zero: MetricPoint = { ...nothing, value: 0 };

function emptyOf({ shape }: MetricSource): MetricPoint {
  return shape === 'sum' || shape === 'active' ? zero : nothing;
}

function toEmptySeries(source: MetricSource, { windows }: MetricAsk): MetricSeriesRead {
  const empty = emptyOf(source);
  return { group: '', total: empty, points: Array.from({ length: windows }, () => empty) };
}

function toSeries(row: Row, source: MetricSource, ask: MetricAsk): MetricSeriesRead {
  const group = String(row['name']);
  if (source.shape === 'active') return { group, ...toActive(row, ask) };
  const { points: empty } = toEmptySeries(source, ask);
  const [counts, figures] = [listOf(row, 'counts'), listOf(row, 'figures')];
  const points = [...empty];
  for (const [place, at] of listOf(row, 'ats').entries()) {
    points[Number(at)] = toPoint(figures[place], Number(counts[place]), source);
  }
  return { group, total: toPoint(row['total'], Number(row['samples']), source), points };
}

/** @param figure one number, or the negated p50, p95 and p99 */
function toPoint(figure: unknown, samples: number, source: MetricSource): MetricPoint {
  if (!Array.isArray(figure)) return { ...nothing, value: Number(figure), samples };
  const divisor = source.unit === 'ms' ? 1e6 : 1;
  const [p50 = null, p95 = null, p99 = null] = figure.map((one) => (0 - Number(one)) / divisor);
  return { value: source.headline === 'p50' ? p50 : p95, p50, p95, p99, samples };
}

/** How many are open when a window ends; of the range, when it ends, of all that were open in it. */
function toActive(row: Row, { windows }: MetricAsk): Omit<MetricSeriesRead, 'group'> {
  const changes = new Map<number, number>();
  const [began, over] = [listOf(row, 'counts'), listOf(row, 'over')];
  for (const [place, at] of listOf(row, 'ats').entries()) {
    changes.set(Number(at), Number(began[place]) - Number(over[place]));
  }
  let open = 0;
  const points = Array.from({ length: windows }, (_, at) => {
    open += changes.get(at) ?? 0;
    return { ...nothing, value: open, samples: open };
  });
  return { total: { ...nothing, value: open, samples: Number(row['samples']) }, points };
}

function listOf(row: Row, name: string): readonly unknown[] {
  return row[name] as readonly unknown[];
}
