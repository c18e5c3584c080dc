/**
 * The rows of a report as one query: sorted, with the range before, and with all that the report works out of its sums,
 * so that any number of them can be streamed, and every format has the same numbers. Pure text.
 *
 * Money is whole trillionths until the end: what is divided is cut off as `divideUsd` does.
 */
import type { CostExportQuery } from '../../contract.ts';
import type { CallDimension } from '../../store/costs/call-rows.ts';
import { toCostAloneSql, toCostSql, toUsersSql } from '../../store/costs/cost-sql.ts';
import type { PricePeriods } from '../../store/costs/price-periods.ts';
import type { RunScope } from '../../store/runs-sql.ts';
import type { SqlFragment } from '../../store/store.ts';
import type { ModelRates } from './model-rates.ts';

export type ViewAsk = {
  readonly projectIds: readonly string[];
  readonly by: readonly CallDimension[];
  /** Column of each dimension of the report, `project` among them, in the order that they were asked for. */
  readonly keys: readonly string[];
  readonly scope: RunScope;
  readonly previous: RunScope;
  readonly periods: PricePeriods;
  readonly rates: ModelRates;
  /** Of all rows together. */
  readonly totalTrillionths: bigint;
  readonly sort: CostExportQuery['sort'];
  readonly limit: number;
  readonly isWithUsers: boolean;
};

/** As sums and counts of a row are called in `toCostSql`. */
const trillionths = (column: string): string =>
  `toInt128(toDecimal128(${column}, 12) * 1000000000000)`;
const usd = (amount: string): string => `toDecimal128(${amount}, 12) / 1000000000000`;
const each = (of: string): string =>
  `if(${of} > 0, ${usd(`intDiv(spent, toInt128(${of}))`)}, NULL)`;

/** As `ModelRates` has it. */
const nameOfUse = "concat(project, '\\n', use.1, '\\n', use.2, '\\n', toString(use.3))";

/** What is worked out once of a row, and used by name. */
const worked = `${trillionths('cost')} AS spent, ${trillionths('waste')} AS wasted,
  input_tokens + cache_read_tokens + cache_write_tokens AS all_input,
  arrayFilter(use -> has({models:Array(String)}, ${nameOfUse}), uses) AS known,
  arrayMap(use -> indexOf({models:Array(String)}, ${nameOfUse}), known) AS places,
  arrayMap(place -> toInt128({readSaves:Array(String)}[place]), places) AS saves,
  arrayMap(place -> toInt128({writeAdds:Array(String)}[place]), places) AS adds,
  arraySum(arrayMap((use, save, add) -> intDiv(use.4 * save - use.5 * add, toInt128(1000000)), known, saves, adds)) AS saved,
  arraySum(arrayMap((use, save) -> greatest(intDiv(use.6 * save, toInt128(1000000)), toInt128(0)), known, saves)) AS resent,
  arrayExists(use -> use.4 + use.5 > 0, known) AS is_saved_known,
  least(wasted + resent, spent) AS wasted_in_all,
  toFloat64(spent) AS told`;

const compared = `toFloat64(${trillionths('compared_reported')}), toFloat64(${trillionths('compared_computed')})`;
const isFarOff = `abs(minus(${compared})) > 0.02 * greatest(${compared})`;

/** Columns of every export, in their order, after the values of the dimensions. */
export const figureColumns = {
  cost_usd: usd('spent'),
  previous_cost_usd: `if(isNull(before), NULL, ${usd('assumeNotNull(before)')})`,
  share: 'if({total:Float64} = 0, NULL, told / {total:Float64})',
  calls: 'calls',
  priced_calls: 'priced_calls',
  coverage: 'if(calls = 0, NULL, priced_calls / calls)',
  reported_usd: 'toDecimal128(reported, 12)',
  computed_usd: 'if(computed_calls = 0, NULL, toDecimal128(computed, 12))',
  compared_calls: 'compared_calls',
  compared_reported_usd: 'toDecimal128(compared_reported, 12)',
  compared_computed_usd: 'toDecimal128(compared_computed, 12)',
  estimated_usd: 'toDecimal128(estimated, 12)',
  input_tokens: 'input_tokens',
  cache_read_tokens: 'cache_read_tokens',
  cache_write_tokens: 'cache_write_tokens',
  output_tokens: 'output_tokens',
  reasoning_tokens: 'reasoning_tokens',
  runs: 'runs',
  successful_runs: 'successful_runs',
  handoffs: 'handoffs',
  users: 'users',
  cost_per_run_usd: each('runs'),
  cost_per_successful_run_usd: each('successful_runs'),
  cost_per_handoff_usd: each('handoffs'),
  cost_per_user_usd: `if(isNull(users), NULL, ${each('assumeNotNull(users)')})`,
  cache_hit_share: 'if(all_input = 0, NULL, cache_read_tokens / all_input)',
  saved_by_cache_usd: `if(is_saved_known, ${usd('saved')}, NULL)`,
  waste_usd: usd('wasted_in_all'),
  flags: `concat(
    if(priced_calls < calls, ' unpriced_calls', ''), if(silent_calls > 0, ' usage_missing', ''),
    if(conflicting_calls > 0, ' usage_conflict', ''), if(${isFarOff}, ' reported_differs', ''))`,
} as const;

const orders: Readonly<Record<CostExportQuery['sort'], string>> = {
  cost: 'toFloat64(spent)',
  tokens: 'all_input + output_tokens + reasoning_tokens',
  change: 'toFloat64(spent - ifNull(before, toInt128(0)))',
  waste: 'toFloat64(wasted_in_all)',
  runs: 'runs',
};

/** Values of the dimensions as `k0`, `k1`; then the figures. */
export function toViewSql(ask: ViewAsk): SqlFragment {
  const { by, scope, previous, rates, keys } = ask;
  const cost = toCostSql({ scope, by, days: [], periods: ask.periods });
  const before = toCostAloneSql({ scope: previous, by, days: [] });
  const users = ask.isWithUsers ? toUsersSql({ scope, by, days: [] }).sql : null;
  const parts = ask.projectIds.map((_, at) =>
    ofProject(toPart(by, cost.sql, ofRangeBefore(before.sql), users), at),
  );
  const columns = Object.entries(figureColumns).map(([name, sql]) => `${sql} AS out_${name}`);
  const order = [`${orders[ask.sort]} DESC`, ...keys].join(', ');
  const sql = `WITH ${worked}
SELECT ${[...keys.map((key, at) => `${key} AS out_k${at}`), ...columns].join(',\n  ')}
FROM (
${parts.join('\nUNION ALL\n')}
)
WHERE calls > 0
ORDER BY ${order}
LIMIT {limit:UInt64}`;
  const ofProjects = Object.fromEntries(ask.projectIds.map((id, at) => [`projectId${at}`, id]));
  const params = {
    ...cost.params,
    ...ofProjects,
    fromBefore: previous.fromUnixNano.toString(),
    toBefore: previous.toUnixNano.toString(),
    models: rates.models,
    readSaves: rates.readSaves,
    writeAdds: rates.writeAdds,
    total: Number(ask.totalTrillionths),
    limit: ask.limit,
  };
  return { sql, params };
}

/** Each row with what the same cost before, and how many users it had. */
function toPart(
  by: readonly CallDimension[],
  cost: string,
  before: string,
  users: string | null,
): string {
  const keys = by.map((_, at) => `k${at}`);
  const using = ['one', ...keys].join(', ');
  const spent = `SELECT ${[...keys, '1 AS one', `toNullable(${trillionths('cost')}) AS before`].join(', ')}
FROM (${before})`;
  const counted = `SELECT ${[...keys, '1 AS one', 'toNullable(users) AS users'].join(', ')}
FROM (${users ?? ''})`;
  const own = keys.map((key) => `rows.${key} AS ${key}`);
  return `SELECT ${['{projectId:String} AS project', ...own, `rows.* EXCEPT (${['one', ...keys].join(', ')})`].join(', ')},
  before.before AS before,
  ${users === null ? "CAST(NULL, 'Nullable(UInt64)')" : 'users.users'} AS users
FROM (SELECT *, 1 AS one FROM (${cost})) AS rows
LEFT ANY JOIN (${spent}) AS before USING (${using})${users === null ? '' : `\nLEFT ANY JOIN (${counted}) AS users USING (${using})`}`;
}

/** The same query of another range. */
function ofRangeBefore(sql: string): string {
  return sql
    .replaceAll('{from:Int64}', '{fromBefore:Int64}')
    .replaceAll('{to:Int64}', '{toBefore:Int64}');
}

/** The same query of one of several projects. */
function ofProject(sql: string, at: number): string {
  return sql.replaceAll('{projectId:String}', `{projectId${at}:String}`);
}
