/** How many copies of spans are stored: senders repeat what they are not sure of, and merges remove it later. */
import type { Reader } from './read-rows.ts';

export type Copies = {
  /** Rows that were looked at. */
  readonly stored: number;
  readonly distinct: number;
};

/** Of the spans that began in the last five minutes, one trace of sixteen; beyond two million rows nobody looks. */
const sql = `SELECT toFloat64(count()) AS stored, toFloat64(uniqExact(project_id, trace_id, span_id)) AS distinct
FROM spans
WHERE start_time > now() - INTERVAL 5 MINUTE AND start_time <= now() AND cityHash64(trace_id) % 16 = 0
SETTINGS max_rows_to_read = 2000000, read_overflow_mode = 'break', max_execution_time = 5,
  timeout_overflow_mode = 'break', max_threads = 1`;

export async function readCopies(reader: Reader): Promise<Copies> {
  const answer = await reader.client.query({ query: sql, format: 'JSONEachRow' });
  const [row] = await answer.json<{ stored: number; distinct: number }>();
  return { stored: Number(row?.stored ?? 0), distinct: Number(row?.distinct ?? 0) };
}
