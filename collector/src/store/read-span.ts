/** One span with its content, as it was written. */
import type { Span } from '../span.ts';
import { fromSpanRow, spanRowColumns, type ContentRow } from './from-row.ts';
import { fromProject, readRows, type Reader } from './read-rows.ts';
import type { SqlFragment } from './store.ts';
import { fromSpansOf } from './trace-sql.ts';

/** Undefined when there is no such span. */
export async function readSpan(
  reader: Reader,
  projectId: string,
  traceId: string,
  spanId: string,
): Promise<Span | undefined> {
  const [row] = await readRows(reader, projectId, toSpanSql(traceId, spanId));
  if (row === undefined) return undefined;
  const query = toContentSql(fromSpanRow(row, []), Number(row['mapper_version']));
  const content = await readRows(reader, projectId, query);
  return fromSpanRow(row, content as ContentRow[]);
}

export function toSpanSql(traceId: string, spanId: string): SqlFragment {
  const sql = `SELECT ${spanRowColumns}
FROM ${fromSpansOf('{traceIds:Array(String)}')}
  AND span_id = {spanId:String}
ORDER BY version DESC, mapper_version DESC, price_edition DESC
LIMIT 1`;
  return { sql, params: { traceIds: [traceId], spanId } };
}

/** Of one copy only: an older one of the span may have had other content. */
export function toContentSql(span: Span, mapperVersion: number): SqlFragment {
  const sql = `SELECT slot, key, format, body
FROM ${fromProject('content')}
  AND conversation_id = {conversationId:String}
  AND trace_id = {traceId:String}
  AND start_time = fromUnixTimestamp64Nano({startTime:Int64}, 'UTC')
  AND span_id = {spanId:String}
  AND version = {version:UInt64}
  AND mapper_version = {mapperVersion:UInt16}
ORDER BY position
LIMIT 1 BY position
LIMIT 1000`;
  const params = {
    conversationId: span.conversationId,
    traceId: span.traceId,
    startTime: span.startTimeUnixNano.toString(),
    spanId: span.spanId,
    version: span.endTimeUnixNano.toString(),
    mapperVersion,
  };
  return { sql, params };
}
