/** Has stored traces analysed again: they arrive once more. */
import type { ClickHouseClient } from '@clickhouse/client';
import { fromProject, readRows, type Reader } from './read-rows.ts';
import type { SqlFragment } from './store.ts';

/** Both ends are included. A trace belongs to it when some of its spans may have begun in it. */
export type TraceRange = { readonly fromUnixNano: bigint; readonly toUnixNano: bigint };

const inRange = `min(first_start) <= fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND max(last_start) >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')`;

function toParams({ fromUnixNano, toUnixNano }: TraceRange): Record<string, string> {
  return { from: fromUnixNano.toString(), to: toUnixNano.toString() };
}

export async function countTraces(
  reader: Reader,
  projectId: string,
  range: TraceRange,
): Promise<number> {
  const [row] = await readRows(reader, projectId, toTraceCountSql(range));
  return Number(row?.['traces'] ?? 0);
}

export function toTraceCountSql(range: TraceRange): SqlFragment {
  const sql = `SELECT count() AS traces
FROM (SELECT trace_id FROM ${fromProject('trace_time')} GROUP BY trace_id HAVING ${inRange})`;
  return { sql, params: toParams(range) };
}

/** In the order of their ids, those after `after`. */
export async function readTraceIds(
  reader: Reader,
  projectId: string,
  range: TraceRange,
  page: { readonly after: string; readonly limit: number },
): Promise<string[]> {
  const rows = await readRows(reader, projectId, toTraceIdsSql(range, page));
  return rows.map((row) => String(row['trace_id']));
}

export function toTraceIdsSql(
  range: TraceRange,
  { after, limit }: { readonly after: string; readonly limit: number },
): SqlFragment {
  // In the order of the table: the page is read, and not everything behind it.
  const sql = `SELECT trace_id
FROM ${fromProject('trace_time')}
  AND trace_id > {after:String}
GROUP BY trace_id
HAVING ${inRange}
ORDER BY trace_id
LIMIT {limit:UInt32}
SETTINGS optimize_aggregation_in_order = 1`;
  return { sql, params: { ...toParams(range), after, limit } };
}

/** Answers when they arrived, by the clock of the store: milliseconds since the epoch. */
export async function requeueTraces(
  client: ClickHouseClient,
  projectId: string,
  traceIds: readonly string[],
): Promise<number> {
  const arrivedAtMs = await readStoreTime(client);
  await client.command({
    query: `INSERT INTO trace_arrivals
SELECT fromUnixTimestamp64Milli({arrivedAtMs:Int64}), {projectId:String}, arrayJoin({traceIds:Array(String)})`,
    query_params: { arrivedAtMs, projectId, traceIds: [...traceIds] },
    // The same traces may be asked for twice.
    clickhouse_settings: { insert_deduplicate: 0 },
  });
  return arrivedAtMs;
}

async function readStoreTime(client: ClickHouseClient): Promise<number> {
  const answer = await client.query({
    query: 'SELECT toUnixTimestamp64Milli(now64(3))',
    format: 'JSONCompactEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  const [row] = await answer.json<[number]>();
  return row?.[0] ?? Date.now();
}
