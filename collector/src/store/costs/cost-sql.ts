/** What was spent in a range, by one or two dimensions, as queries. Pure text. */
import { toScopeParams, type RunScope } from '../runs-sql.ts';
import type { SqlFragment } from '../store.ts';
import {
  dimensionColumns,
  fromCalls,
  isWholeWaste,
  needsPrice,
  type CallDimension,
} from './call-rows.ts';

export type CostAsk = {
  readonly scope: RunScope;
  readonly by: readonly CallDimension[];
};

/** Decimals add up exactly; a sum may be larger than the column of one call. */
const usd = (expression: string): string =>
  `toString(sum(toDecimal128(ifNull(${expression}, 0), 12)))`;
const usdIf = (expression: string, condition: string): string =>
  `toString(sumIf(toDecimal128(ifNull(${expression}, 0), 12), ${condition}))`;
const tokens = (column: string): string => `sum(ifNull(${column}, 0))`;

const modelOf = "concat(provider, '\\n', model)";

/** Names are those of `CostCell`. */
const figures = `${usd('cost')} AS cost_usd,
  ${usdIf('cost', "cost_source = 'reported'")} AS reported_usd,
  ${usd('computed_cost')} AS computed_usd,
  countIf(isNotNull(computed_cost)) AS computed_calls,
  ${usdIf('cost', "price_match = 'prefix' AND cost_source = 'computed'")} AS estimated_usd,
  count() AS calls,
  countIf(isNotNull(cost) OR NOT ${needsPrice}) AS priced_calls,
  ${tokens('fresh')} AS input_tokens, ${tokens('cache_read')} AS cache_read_tokens,
  ${tokens('cache_write')} AS cache_write_tokens, ${tokens('output')} AS output_tokens,
  ${tokens('reasoning')} AS reasoning_tokens,
  countIf(nth = 1) AS runs, countIf(nth = 1 AND succeeded) AS successful_runs,
  sumIf(handoff_count, nth = 1) AS handoffs, uniqExactIf(user_id, user_id != '') AS users,
  countIf(isNull(fresh) AND isNull(output) AND call_failed = 0) AS silent_calls,
  countIf(isNotNull(fresh) AND isNotNull(output) AND isNull(cost) AND price_match != 'none') AS conflicting_calls,
  ${usdIf('cost', isWholeWaste)} AS waste_usd,
  sumMapIf([${modelOf}], [toUInt64(ifNull(cache_read, 0))], [toUInt64(ifNull(cache_write, 0))],
    ifNull(cache_read, 0) + ifNull(cache_write, 0) > 0 AND isNotNull(cost)) AS cached,
  sumMapIf([${modelOf}], [toUInt64(waste_tokens)], waste_class = 'uncached_context' AND isNotNull(cost)) AS uncached`;

/** A row a combination of values; one row in all when nothing is asked apart. */
export function toCostSql({ scope, by }: CostAsk): SqlFragment {
  const keys = by.map((dimension, at) => `toString(${dimensionColumns[dimension].sql}) AS k${at}`);
  const names = by.map((_, at) => `k${at}`);
  const sql = `SELECT ${[...keys, figures].join(',\n  ')}
FROM ${fromCalls(scope, by)}${names.length === 0 ? '' : `\nGROUP BY ${names.join(', ')}`}`;
  return { sql, params: toScopeParams(scope) };
}

/** The same combinations with nothing but what they cost: of the range before. */
export function toCostAloneSql({ scope, by }: CostAsk): SqlFragment {
  const keys = by.map((dimension, at) => `toString(${dimensionColumns[dimension].sql}) AS k${at}`);
  const names = by.map((_, at) => `k${at}`);
  const sql = `SELECT ${[...keys, `${usd('cost')} AS cost_usd`, 'count() AS calls'].join(', ')}
FROM ${fromCalls(scope, by)}${names.length === 0 ? '' : `\nGROUP BY ${names.join(', ')}`}`;
  return { sql, params: toScopeParams(scope) };
}

export type SeriesAsk = CostAsk & {
  readonly originUnixNano: bigint;
  readonly stepNs: bigint;
  /** Values of the dimensions of the rows that are shown, joined by `keySeparator`. */
  readonly shown: readonly string[];
};

/** Between two values of a row, which may hold anything but a NUL. */
export const keySeparator = '\u0000';

/** What each of the shown rows, and all of them together, cost in every window: `name` is empty for all. */
export function toSeriesSql({ scope, by, originUnixNano, stepNs, shown }: SeriesAsk): SqlFragment {
  const values = by.map((dimension) => `toString(${dimensionColumns[dimension].sql})`);
  const name = values.length === 0 ? "''" : values.join(`, '\\0', `);
  const sql = `SELECT name, toInt32(at) AS at, toFloat64(sum(spent)) AS cost
FROM (
SELECT ${values.length < 2 ? name : `concat(${name})`} AS name,
  intDiv(toUnixTimestamp64Nano(call_start) - {origin:Int64}, {step:Int64}) AS at,
  toDecimal128(ifNull(cost, 0), 12) AS spent
FROM ${fromCalls(scope, by)} AND isNotNull(cost)
)
WHERE has({shown:Array(String)}, name)
GROUP BY name, at
ORDER BY name, at`;
  const params = {
    ...toScopeParams(scope),
    origin: originUnixNano.toString(),
    step: stepNs.toString(),
    shown: [...shown],
  };
  return { sql, params };
}
