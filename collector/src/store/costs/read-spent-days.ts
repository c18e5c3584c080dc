/** What was spent on each calendar day of a zone, and since when anything is known. */
import { fromProject, readRows, type Reader } from '../read-rows.ts';
import { toScopeParams, type RunScope } from '../runs-sql.ts';
import { fromCalls, needsPrice } from './call-rows.ts';
import { toTrillionths } from './sum-text.ts';

export type SpentDay = {
  /** `2026-11-21`. */
  readonly day: string;
  readonly cost: bigint;
  readonly calls: number;
  readonly pricedCalls: number;
};

/** In order; days without a call are not among them. @param timeZone IANA name, checked before */
export async function readSpentDays(
  reader: Reader,
  projectId: string,
  scope: RunScope,
  timeZone: string,
): Promise<SpentDay[]> {
  const sql = `SELECT toString(toDate(call_start, {zone:String})) AS day,
  toString(ifNull(sum(cost), 0)) AS cost_usd, count() AS calls,
  countIf(isNotNull(cost) OR NOT ${needsPrice}) AS priced_calls
FROM ${fromCalls(scope, { calls: ['cost', 'fresh', 'output', 'call_failed'] })}
GROUP BY day
ORDER BY day`;
  const params = { ...toScopeParams(scope), zone: timeZone };
  const rows = await readRows(reader, projectId, { sql, params });
  return rows.map((row) => ({
    day: String(row['day']),
    cost: toTrillionths(row['cost_usd']),
    calls: Number(row['calls']),
    pricedCalls: Number(row['priced_calls']),
  }));
}

/** Milliseconds since the epoch of the first run since a moment; null when there is none. */
export async function readFirstRun(
  reader: Reader,
  projectId: string,
  fromUnixNano: bigint,
): Promise<number | null> {
  const sql = `SELECT count() AS runs, toUnixTimestamp64Milli(min(start_time)) AS first
FROM ${fromProject('runs FINAL')}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')`;
  const [row] = await readRows(reader, projectId, {
    sql,
    params: { from: fromUnixNano.toString() },
  });
  return row === undefined || Number(row['runs']) === 0 ? null : Number(row['first']);
}
