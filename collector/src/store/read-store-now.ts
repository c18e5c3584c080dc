/** The clock that rules go by, and who sent spans lately. */
import type { ClickHouseClient } from '@clickhouse/client';

export type StoreNow = {
  /** Milliseconds since the epoch, when the store answered. */
  readonly nowMs: number;
  /** Projects that sent spans within the last ten minutes. */
  readonly activeProjects: readonly string[];
};

export async function readStoreNow(client: ClickHouseClient): Promise<StoreNow> {
  const answer = await client.query({
    query: `SELECT toUnixTimestamp64Milli(now64(3)) AS now_ms, groupUniqArray(10000)(project_id) AS projects
FROM trace_arrivals
WHERE arrived_at > now64(3) - INTERVAL 10 MINUTE`,
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0, max_execution_time: 10 },
  });
  const [row] = await answer.json<{ now_ms: number; projects: string[] }>();
  if (row === undefined) throw new Error('ask the store for the time: no answer');
  return { nowMs: row.now_ms, activeProjects: row.projects };
}
