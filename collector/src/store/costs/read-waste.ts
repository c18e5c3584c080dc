/** What was spent for nothing in a range, by class. A call is in one class at most. */
import { toScopeParams, type RunScope } from '../runs-sql.ts';
import { readRows, type Reader } from '../read-rows.ts';
import type { SqlFragment } from '../store.ts';
import { fromCalls, type CallsAsk } from './call-rows.ts';
import { toTrillionths } from './sum-text.ts';

/** Waste of one class by one model: what it costs where the class takes a part of a call is for who knows prices. */
export type WasteOfModel = {
  readonly class: string;
  readonly provider: string;
  readonly model: string;
  /** What the calls cost as a whole, in trillionths of a USD. */
  readonly cost: bigint;
  /** Of whole calls: all of them. Of a part: those that were sent again, or written and never read. */
  readonly tokens: number;
  readonly calls: number;
  /** Different ones, across all models of the class. */
  readonly runIds: readonly string[];
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

const wasteColumns: CallsAsk = {
  calls: [
    'agent',
    'provider',
    'model',
    'cost',
    'waste_class',
    'waste_tokens',
    'cache_read',
    'cache_write',
  ],
  runs: ['run_id', 'workflow'],
};

export function toWasteSql(scope: RunScope): SqlFragment {
  const sql = `SELECT class, provider, model, toString(sum(toDecimal128(ifNull(cost, 0), 12))) AS cost_usd,
  sum(tokens) AS tokens, count() AS calls, groupUniqArray(100000)(run_id) AS run_ids
FROM (
SELECT run_id, provider, model, cost,
  multiIf(waste_class != '', waste_class, ${unread}, 'unread_cache_write', '') AS class,
  if(waste_class != '', toUInt64(waste_tokens), toUInt64(ifNull(cache_write, 0))) AS tokens
FROM (
SELECT run_id, provider, model, cost, waste_class, waste_tokens, cache_write, call_start,
  minIf(call_start, ifNull(cache_read, 0) > 0) OVER (
    PARTITION BY workflow, agent, provider, model ORDER BY call_start
    ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS next_read
FROM ${fromCalls(scope, wasteColumns)}
)
)
WHERE class != ''
GROUP BY class, provider, model
ORDER BY class, provider, model`;
  return { sql, params: toScopeParams(scope) };
}

export async function readWaste(
  reader: Reader,
  projectId: string,
  scope: RunScope,
): Promise<WasteOfModel[]> {
  const rows = await readRows(reader, projectId, toWasteSql(scope));
  return rows.map((row) => ({
    class: String(row['class']),
    provider: String(row['provider']),
    model: String(row['model']),
    cost: toTrillionths(row['cost_usd']),
    tokens: Number(row['tokens']),
    calls: Number(row['calls']),
    runIds: row['run_ids'] as readonly string[],
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
