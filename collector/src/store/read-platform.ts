/** What alert rules ask of the store that is of no run. */
import type { Reader } from './read-rows.ts';
import { fromProject, readRows } from './read-rows.ts';

/**
 * Seconds since the last span arrived; null of a project that has not been heard of for a week yet: whoever tries a
 * thing once is not missed.
 */
export async function readIngestSilence(
  reader: Reader,
  projectId: string,
  atMs: number,
): Promise<number | null> {
  const params = { at: Math.floor(atMs) };
  const [known] = await readRows(reader, projectId, { sql: knownSql, params });
  if (known === undefined) return null;
  const [row] = await readRows(reader, projectId, { sql: silenceSql, params });
  const lastSeconds = Number(row?.['last'] ?? 0);
  return lastSeconds === 0 ? null : Math.max(0, atMs / 1000 - lastSeconds);
}

const at = "fromUnixTimestamp64Milli({at:Int64}, 'UTC')";

const knownSql = `SELECT 1 AS known
FROM ${fromProject('spans')}
  AND start_time < ${at} - INTERVAL 7 DAY
LIMIT 1`;

/** By when they arrived: the clocks of senders are their own. Runs are long, so a span may arrive a day after it began. */
const silenceSql = `SELECT toUnixTimestamp(max(received_at)) AS last
FROM ${fromProject('spans')}
  AND start_time > ${at} - INTERVAL 8 DAY`;

/** Messages that were given up in the window, of all projects. */
export async function readDeadLetters(
  { client }: Reader,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<number> {
  const answer = await client.query({
    query: `SELECT uniqExact(delivery_id) AS dead
FROM delivery_log
WHERE at >= fromUnixTimestamp64Milli({fromMs:Int64}) AND at < fromUnixTimestamp64Milli({toMs:Int64}) AND outcome = 'dead'`,
    query_params: { fromMs: Math.floor(fromMs), toMs: Math.floor(toMs) },
    format: 'JSONEachRow',
    clickhouse_settings: { max_execution_time: 10 },
  });
  const [row] = await answer.json<{ dead: string }>();
  return Number(row?.dead ?? 0);
}
