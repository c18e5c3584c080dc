/** Numbers over time as queries: every sample is in the value of its window, none twice. Pure text. */
import type { MetricSource } from './metric-sources.ts';
import { rankLevels } from './nearest-ranks.ts';
import { fromRuns, toScopeParams, type RunScope } from './runs-sql.ts';
import type { SqlFragment } from './store.ts';

export type MetricWindows = {
  readonly scope: RunScope;
  /** Where the first window begins: at the start of the range, or before. */
  readonly originUnixNano: bigint;
  readonly stepNs: bigint;
  readonly groupBy: string;
  /** Groups at most, those with most samples. */
  readonly limit: number;
};

/**
 * A row a group: `name`, `samples`, how many groups there are (`names`), windows with samples (`ats`) and what stands
 * in each of them (`counts`, and by shape `figures`, or `began` and `over`), and `total` over the whole range.
 */
export function toMetricSql(source: MetricSource, windows: MetricWindows): SqlFragment {
  const { scope, originUnixNano, stepNs, limit } = windows;
  const { inWindow, merged } = parts[source.shape];
  const groups = `SELECT name, toInt32(at) AS at, ${inWindow}
FROM (
${source.shape === 'active' ? toChanges(source, windows) : toSamples(source, windows)}
)
GROUP BY name, at`;
  const sql = `SELECT *, count() OVER () AS names
FROM (
SELECT name, groupArray(at) AS ats, groupArray(n) AS counts, sum(n) AS samples, ${merged}
FROM (
${groups}
)
GROUP BY name
)
ORDER BY samples DESC, name
LIMIT {limit:UInt32}`;
  return {
    sql,
    params: {
      ...toScopeParams(scope),
      origin: originUnixNano.toString(),
      step: stepNs.toString(),
      limit,
    },
  };
}

/** `inWindow` of a group and window, `merged` over the windows of a group. */
const parts = {
  quantile: {
    inWindow: `count() AS n, quantilesExactState(${rankLevels})(-sample) AS state`,
    merged: `groupArray(finalizeAggregation(state)) AS figures, quantilesExactMerge(${rankLevels})(state) AS total`,
  },
  ratio: {
    inWindow: 'count() AS n, sum(sample) AS value, sum(weight) AS weight',
    merged: `groupArray(toFloat64(value) / toFloat64(weight)) AS figures,
  toFloat64(sum(value)) / toFloat64(sum(weight)) AS total`,
  },
  sum: {
    inWindow: 'count() AS n, sum(sample) AS value',
    merged: 'groupArray(toFloat64(value)) AS figures, toFloat64(sum(value)) AS total',
  },
  active: {
    inWindow: 'sum(1 - is_end) AS n, sum(is_end) AS ended_here',
    merged: 'groupArray(ended_here) AS over',
  },
} as const;

function toSamples(source: MetricSource, { scope, groupBy }: MetricWindows): string {
  return `SELECT ${groupOf(source, groupBy)} AS name, ${source.time} AS moment,
  intDiv(moment - {origin:Int64}, {step:Int64}) AS at, ${source.value} AS sample, ${source.weight ?? '1'} AS weight
FROM ${toJoined(source, scope)}
WHERE ${source.where}
  AND moment >= {from:Int64} AND moment < {to:Int64}`;
}

/** Two rows an interval: where it begins, at the earliest in the first window, and where it ends, if that is in the range. */
function toChanges(source: MetricSource, { scope, groupBy }: MetricWindows): string {
  return `SELECT ${groupOf(source, groupBy)} AS name, ${source.time} AS opened, ${source.value} AS closed,
  arrayJoin([0, 1]) AS is_end,
  intDiv(if(is_end = 1, closed, greatest(opened, {from:Int64})) - {origin:Int64}, {step:Int64}) AS at
FROM ${toJoined(source, scope)}
WHERE ${source.where}
  AND closed >= {from:Int64} AND opened < {to:Int64} AND (is_end = 0 OR closed < {to:Int64})`;
}

function groupOf({ groups }: MetricSource, groupBy: string): string {
  return `toString(${groups[groupBy] ?? "''"})`;
}

function toJoined({ columns, join }: MetricSource, scope: RunScope): string {
  const runs = fromRuns([...new Set(columns)].join(', '), scope, 'lived');
  return join.length === 0 ? runs : `${runs}\nARRAY JOIN ${join.join(', ')}`;
}
