/** Which runs a trace is part of, as its last analysis found. */
import type { ClickHouseClient } from '@clickhouse/client';
import { fromProject, readRows, type Reader } from './read-rows.ts';
import { toTime } from './run-row.ts';
import { insertRows, type RunPlace } from './write-runs.ts';

export type TraceRuns = { readonly traceId: string; readonly places: readonly RunPlace[] };

export async function readTraceRuns(
  reader: Reader,
  projectId: string,
  traceIds: readonly string[],
): Promise<TraceRuns[]> {
  const sql = `SELECT trace_id,
  argMax(run_ids, version) AS run_ids,
  argMax(arrayMap(t -> toString(toUnixTimestamp64Nano(t)), start_times), version) AS starts,
  argMax(retention_days, version) AS days
FROM ${fromProject('trace_runs')}
  AND trace_id IN {traceIds:Array(String)}
GROUP BY trace_id`;
  const rows = await readRows(reader, projectId, { sql, params: { traceIds: [...traceIds] } });
  return rows.map((row) => ({ traceId: String(row['trace_id']), places: toPlaces(row) }));
}

function toPlaces(row: Readonly<Record<string, unknown>>): RunPlace[] {
  const starts = row['starts'] as string[];
  const days = row['days'] as number[];
  return (row['run_ids'] as string[]).map((runId, at) => ({
    runId,
    startUnixNano: BigInt(starts[at] ?? '0'),
    retentionDays: days[at] ?? 0,
  }));
}

export async function writeTraceRuns(
  client: ClickHouseClient,
  projectId: string,
  traces: readonly TraceRuns[],
  version: number,
): Promise<void> {
  const rows = traces.map(({ traceId, places }) => ({
    project_id: projectId,
    trace_id: traceId,
    version,
    run_ids: places.map(({ runId }) => runId),
    start_times: places.map(({ startUnixNano }) => toTime(startUnixNano)),
    retention_days: places.map(({ retentionDays }) => retentionDays),
  }));
  await insertRows(client, 'trace_runs', rows);
}
