/** What traces have in common with others, so that those of one run find each other in whatever order they come. */
import type { ClickHouseClient } from '@clickhouse/client';
import { fromProject, readRows, type Reader } from './read-rows.ts';
import { insertRows } from './write-runs.ts';

export type TraceKey = { readonly key: string; readonly traceId: string };

/** A key that more traces share than these joins none: it is no identity of a run. */
export const mostTracesOfKey = 1_000;

/** At most one more than `mostTracesOfKey` a key. */
export async function readTraceKeys(
  reader: Reader,
  projectId: string,
  keys: readonly string[],
): Promise<TraceKey[]> {
  if (keys.length === 0) return [];
  const sql = `SELECT DISTINCT key, trace_id
FROM ${fromProject('trace_keys')}
  AND key IN {keys:Array(String)}
ORDER BY key, trace_id
LIMIT ${mostTracesOfKey + 1} BY key`;
  const rows = await readRows(reader, projectId, { sql, params: { keys: [...keys] } });
  return rows.map((row) => ({ key: String(row['key']), traceId: String(row['trace_id']) }));
}

export async function writeTraceKeys(
  client: ClickHouseClient,
  projectId: string,
  keys: readonly TraceKey[],
): Promise<void> {
  const rows = keys.map(({ key, traceId }) => ({
    project_id: projectId,
    key,
    trace_id: traceId,
  }));
  await insertRows(client, 'trace_keys', rows);
}
