/** What was spent for nothing in a range, by class. A call is in one class at most. */
import { toScopeParams, type RunScope } from '../runs-sql.ts';
import { readRows, type Reader } from '../read-rows.ts';
import type { SqlFragment } from '../store.ts';
import { fromCalls, type CallsAsk } from './call-rows.ts';
import { toPeriodSql, type PricePeriods } from './price-periods.ts';
import type { ModelUse } from './read-costs.ts';
import { toTrillionths } from './sum-text.ts';

/** Waste of one class by one model: what it costs where the class takes a part of a call is for who knows prices. */
export type WasteOfModel = ModelUse & {
  readonly class: string;
  /** What the calls cost as a whole, in trillionths of a USD. */
  readonly cost: bigint;
  /** Of whole calls: all of them. Of a part: those that were sent again, or written and never read. */
  readonly tokens: number;
  readonly calls: number;
  /** Each at one call of the class alone: over models they add up. */
  readonly runs: number;
};

/** A cache is kept for so long at most: what was not read by then was written in vain. */
const cacheLifeSeconds = 3_600;

/**
 * A write is read by any later call of the same workflow, agent and model, of whatever run: whether one came shows only
 * among all of them. Writes of the last hour may still be read, and are left out.
 */
const unread = `cache_write > 0 AND waste_class = '' AND isNotNull(cost)
    AND call_start < fromUnixTimestamp64Nano({now:Int64}, 'UTC') - toIntervalSecond(${cacheLifeSeconds})
    AND (next_read = toDateTime64('1970-01-01 00:00:00', 9, 'UTC')
      OR next_read > call_start + toIntervalSecond(${cacheLifeSeconds}))`;

const group = ['workflow', 'agent', 'provider', 'model'] as const;
const usesCache: CallsAsk = {
  calls: ['agent', 'provider', 'model', 'cost', 'waste_class', 'cache_read', 'cache_write'],
  runs: ['run_id', 'workflow'],
};

/**
 * Looked at from the last call to the first, since a window that grows is added to, and one that shrinks is begun anew
 * for every row. Where nothing was ever written there is nothing to look at.
 */
function toUnreadSql(scope: RunScope, periods: PricePeriods): string {
  return `SELECT 'unread_cache_write' AS class, provider, model,
  ${toPeriodSql('toDate(call_start)', periods)} AS price_day, toString(ifNull(sum(cost), 0)) AS cost_usd,
  toUInt64(sum(assumeNotNull(cache_write))) AS tokens, count() AS calls, countIf(nth = 1) AS runs
FROM (
SELECT provider, model, cost, cache_write, call_start, row_number() OVER (PARTITION BY run_id) AS nth
FROM (
SELECT run_id, provider, model, cost, waste_class, cache_write, call_start,
  minIf(call_start, ifNull(cache_read, 0) > 0) OVER (
    PARTITION BY ${group.join(', ')} ORDER BY call_start DESC
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS next_read
FROM ${fromCalls(scope, usesCache)}
  AND (cache_read > 0 OR cache_write > 0)
  AND (${group.join(', ')}) IN (
    SELECT ${group.join(', ')}
    FROM ${fromCalls(scope, { calls: ['agent', 'provider', 'model', 'cache_write'], runs: ['workflow'] })}
      AND cache_write > 0
  )
)
WHERE ${unread}
)
GROUP BY provider, model, price_day`;
}

/** Everything else is said of each call by its run. A run is counted where its first call of the class lies. */
export function toWasteSql(scope: RunScope, periods: PricePeriods): SqlFragment {
  const ask: CallsAsk = {
    calls: ['provider', 'model', 'cost', 'waste_class', 'waste_tokens'],
    nth: { nth: ['waste_class'] },
  };
  const sql = `SELECT waste_class AS class, provider, model,
  ${toPeriodSql('toDate(call_start)', periods)} AS price_day, toString(ifNull(sum(cost), 0)) AS cost_usd,
  sum(waste_tokens) AS tokens, count() AS calls, countIf(nth = 1) AS runs
FROM ${fromCalls(scope, ask)}
  AND waste_class != ''
GROUP BY class, provider, model, price_day
UNION ALL
${toUnreadSql(scope, periods)}`;
  return { sql, params: toScopeParams(scope) };
}

export async function readWaste(
  reader: Reader,
  projectId: string,
  scope: RunScope,
  periods: PricePeriods,
): Promise<WasteOfModel[]> {
  const rows = await readRows(reader, projectId, toWasteSql(scope, periods));
  return rows.map((row) => ({
    class: String(row['class']),
    projectId,
    provider: String(row['provider']),
    model: String(row['model']),
    priceDay: Number(row['price_day']),
    cost: toTrillionths(row['cost_usd']),
    tokens: Number(row['tokens']),
    calls: Number(row['calls']),
    runs: Number(row['runs']),
  }));
}

export type WastefulRun = {
  readonly runId: string;
  readonly traceId: string;
  readonly workflow: string;
  readonly cost: bigint;
};

/** Runs whose calls of a class cost most, the dearest first. @param limit runs a class */
export async function readWastefulRuns(
  reader: Reader,
  projectId: string,
  scope: RunScope,
  limit: number,
): Promise<ReadonlyMap<string, readonly WastefulRun[]>> {
  const sql = `SELECT waste_class AS class, run_id, any(root_trace_id) AS trace_id, any(workflow) AS workflow,
  toString(sum(toDecimal128(ifNull(cost, 0), 12))) AS cost_usd
FROM ${fromCalls(scope, { calls: ['cost', 'waste_class'], runs: ['run_id', 'root_trace_id', 'workflow'] })} AND waste_class != ''
GROUP BY class, run_id
ORDER BY class, sum(toDecimal128(ifNull(cost, 0), 12)) DESC, run_id
LIMIT {examples:UInt32} BY class`;
  const params = { ...toScopeParams(scope), examples: limit };
  const runs = new Map<string, WastefulRun[]>();
  for (const row of await readRows(reader, projectId, { sql, params })) {
    const name = String(row['class']);
    const run = {
      runId: String(row['run_id']),
      traceId: String(row['trace_id']),
      workflow: String(row['workflow']),
      cost: toTrillionths(row['cost_usd']),
    };
    runs.set(name, [...(runs.get(name) ?? []), run]);
  }
  return runs;
}
