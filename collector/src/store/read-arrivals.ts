/** Which traces received spans lately, and how far analysis has come. */
import type { ClickHouseClient } from '@clickhouse/client';
import { insertRows } from './write-runs.ts';

export type Arrival = {
  readonly projectId: string;
  readonly traceId: string;
  /** Milliseconds since the epoch, by the clock of the store: the last insert that brought spans of the trace. */
  readonly arrivedAtMs: number;
};

export type Arrivals = {
  readonly arrivals: readonly Arrival[];
  /** By the clock of the store, when it answered. */
  readonly storeNowMs: number;
};

/** Every project's, oldest first; at most `limit`. */
export async function readArrivals(
  client: ClickHouseClient,
  fromMs: number,
  limit: number,
): Promise<Arrivals> {
  const answer = await client.query({
    query: `SELECT project_id, trace_id, toUnixTimestamp64Milli(max(arrived_at)) AS arrived,
  toUnixTimestamp64Milli(now64(3)) AS store_now
FROM trace_arrivals
WHERE arrived_at >= fromUnixTimestamp64Milli({fromMs:Int64})
GROUP BY project_id, trace_id
ORDER BY arrived, project_id, trace_id
LIMIT {limit:UInt32}`,
    query_params: { fromMs: Math.floor(fromMs), limit },
    format: 'JSONCompactEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0, max_execution_time: 20 },
  });
  const rows = await answer.json<[string, string, number, number]>();
  return {
    arrivals: rows.map(([projectId, traceId, arrivedAtMs]) => ({
      projectId,
      traceId,
      arrivedAtMs,
    })),
    storeNowMs: rows[0]?.[3] ?? 0,
  };
}

/** 0 = nothing was analysed yet. */
export async function readProgress(client: ClickHouseClient, analyst: string): Promise<number> {
  const answer = await client.query({
    query: `SELECT toUnixTimestamp64Milli(argMax(arrived_at, version)) AS arrived
FROM analysis_progress WHERE analyst = {analyst:String}`,
    query_params: { analyst },
    format: 'JSONCompactEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  const [row] = await answer.json<[number]>();
  return Math.max(0, row?.[0] ?? 0);
}

export async function writeProgress(
  client: ClickHouseClient,
  analyst: string,
  arrivedAtMs: number,
): Promise<void> {
  const arrived_at = new Date(arrivedAtMs).toISOString().replace('T', ' ').slice(0, 23);
  await insertRows(client, 'analysis_progress', [{ analyst, version: Date.now(), arrived_at }]);
}
