/** Open runs of which nothing was heard for a while: nothing will arrive that has them judged again. */
import type { ClickHouseClient } from '@clickhouse/client';

export type SilentRun = { readonly projectId: string; readonly traceId: string };

/** Silent for a minute and more, and for a quarter longer than when they were judged last; for a week, then no more. */
export async function readSilentRuns(
  client: ClickHouseClient,
  nowMs: number,
  limit: number,
): Promise<SilentRun[]> {
  const answer = await client.query({
    query: `WITH toUnixTimestamp64Milli(last_activity) AS heard_ms
SELECT project_id, root_trace_id
FROM runs FINAL
WHERE status = 'running'
  AND last_activity >= now() - INTERVAL 7 DAY
  AND {nowMs:Int64} - heard_ms >= 60000
  AND {nowMs:Int64} - heard_ms > 1.25 * (toInt64(version) - heard_ms)
ORDER BY last_activity DESC
LIMIT {limit:UInt32}`,
    query_params: { nowMs, limit },
    format: 'JSONCompactEachRow',
    clickhouse_settings: { max_execution_time: 20, max_threads: 1 },
  });
  const rows = await answer.json<[string, string]>();
  return rows.map(([projectId, traceId]) => ({ projectId, traceId }));
}
