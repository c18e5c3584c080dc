/** What calls of days cost, by day in UTC and model. */
import { readRows, type Reader } from '../../store/read-rows.ts';
import { fromCalls, needsPrice } from '../../store/costs/call-rows.ts';
import { toTrillionths } from '../../store/costs/sum-text.ts';
import { toScopeParams, type RunScope } from '../../store/runs-sql.ts';

export type ComputedDay = {
  readonly day: string;
  readonly model: string;
  readonly cost: bigint;
  readonly calls: number;
  readonly pricedCalls: number;
};

/** @param provider empty = all */
export async function readComputed(
  reader: Reader,
  projectId: string,
  scope: RunScope,
  provider: string,
): Promise<ComputedDay[]> {
  const ask = {
    calls: ['provider', 'model', 'cost', 'fresh', 'output', 'call_failed'],
  } as const;
  const sql = `SELECT toString(toDate(call_start, 'UTC')) AS day, toString(model) AS name,
  toString(ifNull(sum(toDecimal128(cost, 12)), 0)) AS cost_usd, count() AS calls,
  countIf(isNotNull(cost) OR NOT ${needsPrice}) AS priced_calls
FROM ${fromCalls(scope, ask)}
  AND ({provider:String} = '' OR provider = {provider:String})
GROUP BY day, name
ORDER BY day, name`;
  const params = { ...toScopeParams(scope), provider };
  const rows = await readRows(reader, projectId, { sql, params });
  return rows.map((row) => ({
    day: String(row['day']),
    model: String(row['name']),
    cost: toTrillionths(row['cost_usd']),
    calls: Number(row['calls']),
    pricedCalls: Number(row['priced_calls']),
  }));
}
