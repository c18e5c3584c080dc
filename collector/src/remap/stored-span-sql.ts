/** What remap asks the store. Golden files show the whole. */
import { spanRowColumns } from '../store/from-row.ts';
import { fromProject } from '../store/read-rows.ts';
import type { SqlFragment } from '../store/store.ts';

/** Both ends belong to it; nanoseconds since 1970. */
export type TimeRange = { readonly fromUnixNano: bigint; readonly toUnixNano: bigint };

/** A span by the sorting key of its table: rows of one key are copies of one span. */
export type SpanKey = {
  /** Seconds since 1970 of the minute it started in. */
  readonly minute: number;
  readonly traceId: string;
  readonly spanId: string;
};

export const sortingKey = 'toStartOfMinute(start_time), trace_id, span_id';

/** Of the copies of a span the one that readers are shown comes first. */
export const latestFirst = `ORDER BY ${sortingKey}, version DESC, mapper_version DESC, price_edition DESC
LIMIT 1 BY ${sortingKey}`;

export const inRange = `start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({to:Int64}, 'UTC')`;

export function toRangeParams({ fromUnixNano, toUnixNano }: TimeRange): Record<string, string> {
  return { from: String(fromUnixNano), to: String(toUnixNano) };
}

/** Days with rows of an older mapping, newest first. Copies count. */
export function toDaysSql(range: TimeRange, mapperVersion: number): SqlFragment {
  const sql = `SELECT toString(toDate(start_time)) AS day, toUInt32(toDate(start_time)) AS days_since_1970, count() AS row_count
FROM ${fromProject('spans')}
  AND ${inRange}
  AND mapper_version < {mapperVersion:UInt16}
GROUP BY day, days_since_1970
ORDER BY days_since_1970 DESC`;
  return { sql, params: { ...toRangeParams(range), mapperVersion } };
}

/** The next spans after a key, in the order of the table, whichever mapping made them. */
export function toKeysSql(range: TimeRange, after: SpanKey, limit: number): SqlFragment {
  const sql = `SELECT toUnixTimestamp(toStartOfMinute(start_time)) AS minute, trace_id, span_id, mapper_version
FROM ${fromProject('spans')}
  AND ${inRange}
  AND start_time >= toDateTime({minute:UInt32}, 'UTC')
  AND (${sortingKey}) > (toDateTime({minute:UInt32}, 'UTC'), {traceId:String}, {spanId:String})
${latestFirst}
LIMIT {limit:UInt32}`;
  return { sql, params: { ...toRangeParams(range), ...after, limit } };
}

/** From one key to another, both included. */
export type KeyRange = { readonly first: SpanKey; readonly last: SpanKey };

export const betweenKeys = `start_time >= toDateTime({firstMinute:UInt32}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({lastNano:Int64}, 'UTC')
  AND (${sortingKey}) >= (toDateTime({firstMinute:UInt32}, 'UTC'), {firstTraceId:String}, {firstSpanId:String})
  AND (${sortingKey}) <= (toDateTime({lastMinute:UInt32}, 'UTC'), {lastTraceId:String}, {lastSpanId:String})`;

export function toKeyParams({ first, last }: KeyRange): Record<string, string | number> {
  return {
    firstMinute: first.minute,
    firstTraceId: first.traceId,
    firstSpanId: first.spanId,
    lastMinute: last.minute,
    // Not a DateTime: the last minute there is has no next one.
    lastNano: `${last.minute + 59}999999999`,
    lastTraceId: last.traceId,
    lastSpanId: last.spanId,
  };
}

/** Spans of an older mapping, with what their rows say about themselves. */
export function toRowsSql(
  range: TimeRange,
  keys: KeyRange,
  mapperVersion: number,
  maxResultBytes: number,
): SqlFragment {
  const sql = `SELECT * FROM (
SELECT ${spanRowColumns},
  retention_days, toUnixTimestamp(received_at) AS received_seconds
FROM ${fromProject('spans')}
  AND ${inRange}
  AND ${betweenKeys}
${latestFirst}
)
WHERE mapper_version < {mapperVersion:UInt16}
SETTINGS max_result_bytes = ${maxResultBytes}`;
  return { sql, params: { ...toRangeParams(range), ...toKeyParams(keys), mapperVersion } };
}

/** Their content, in order. */
export function toContentsSql(
  range: TimeRange,
  keys: KeyRange,
  mapperVersion: number,
  maxResultBytes: number,
): SqlFragment {
  const sql = `SELECT conversation_id, trace_id, span_id, toString(toUnixTimestamp64Nano(start_time)) AS start_unix_nano,
  toString(version) AS end_unix_nano, mapper_version, retention_days, slot, key, format, body
FROM ${fromProject('content')}
  AND mapper_version < {mapperVersion:UInt16}
  AND (conversation_id, trace_id, span_id) IN (
    SELECT conversation_id, trace_id, span_id
    FROM ${fromProject('spans')}
      AND ${inRange}
      AND ${betweenKeys}
      AND mapper_version < {mapperVersion:UInt16}
  )
  AND ${inRange}
ORDER BY trace_id, span_id, start_time, version, mapper_version, conversation_id, position
LIMIT 1 BY trace_id, span_id, start_time, version, mapper_version, conversation_id, position
SETTINGS max_result_bytes = ${maxResultBytes}`;
  return { sql, params: { ...toRangeParams(range), ...toKeyParams(keys), mapperVersion } };
}
