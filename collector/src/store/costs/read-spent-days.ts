/** What was spent on each calendar day of a zone, and since when anything is known. */
import { fromProject, readRows, type Reader } from '../read-rows.ts';
import { toScopeParams, type RunScope } from '../runs-sql.ts';
import { toBothSources } from './both-sources.ts';
import { callSums } from './call-sums.ts';
import { withoutSums, type MadeDay } from './made-days.ts';
import { toTrillionths } from './sum-text.ts';

export type SpentDay = {
  /** `2026-11-21`. */
  readonly day: string;
  readonly cost: bigint;
  readonly calls: number;
  readonly pricedCalls: number;
};

/** Zones whose days are those that sums are made of. */
const utcZones: ReadonlySet<string> = new Set(['UTC', 'Etc/UTC']);

/**
 * In order; days without a call are not among them.
 * @param timeZone IANA name, checked before
 * @param days whose calls need not all be read
 */
export async function readSpentDays(
  reader: Reader,
  projectId: string,
  scope: RunScope,
  timeZone: string,
  days: readonly MadeDay[],
): Promise<SpentDay[]> {
  const ask = { scope, days: utcZones.has(timeZone) ? days : withoutSums(days) };
  const calls = {
    select: [
      'toDate(call_start, {zone:String}) AS day',
      `${callSums.cost} AS sum_cost`,
      `${callSums.calls} AS sum_calls`,
      `${callSums.priced_calls} AS sum_priced`,
    ],
    ask: { calls: ['cost', 'fresh', 'output', 'call_failed'] },
  } as const;
  const sums = [
    'call_day AS day',
    'sum(cost) AS sum_cost',
    'sum(calls) AS sum_calls',
    'sum(priced_calls) AS sum_priced',
  ];
  const sql = `SELECT toString(day) AS name, toString(sum(sum_cost)) AS cost_usd, sum(sum_calls) AS calls,
  sum(sum_priced) AS priced_calls
FROM (
${toBothSources(ask, ['day'], calls, { table: 'cost_days', select: sums })}
)
GROUP BY day
HAVING calls > 0
ORDER BY day`;
  const params = { ...toScopeParams(scope), zone: timeZone };
  const rows = await readRows(reader, projectId, { sql, params });
  return rows.map((row) => ({
    day: String(row['name']),
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
