/** All spans of one trace as columns, for the waterfall. No attributes, no content. */
import { spanKinds } from '../span.ts';
import type { TextColumn } from './read-native.ts';
import { fromProject, readColumns, readNativeColumns, readRows, type Reader } from './read-rows.ts';
import type { SqlFragment } from './store.ts';
import { fromSpansOf } from './trace-sql.ts';

/**
 * One entry a stored copy of a span in each, in order of start time: keeping the latest is cheaper for the reader
 * than for the store. Times are nanoseconds since `baseUnixNano`.
 */
export type TraceColumns = {
  readonly baseUnixNano: bigint;
  /** Four numbers a row: the bytes of sixteen characters, all zero where there is no parent. */
  readonly spanId: Uint32Array;
  readonly parentSpanId: Uint32Array;
  readonly name: TextColumn;
  /** Index into `spanKinds`. */
  readonly kind: Uint8Array;
  readonly agent: TextColumn;
  readonly model: TextColumn;
  readonly service: TextColumn;
  readonly errorType: TextColumn;
  readonly start: Float64Array;
  /** -1 = still running, 0 when the end lies before the start. */
  readonly duration: Float64Array;
  readonly status: Int8Array;
  /** -1 = not told, or not a model call. */
  readonly inputTokens: Float64Array;
  readonly outputTokens: Float64Array;
  /** Trillionths of a USD; `unknownCost` = not known, or not a model call. */
  readonly cost: BigInt64Array;
  readonly attempt: Uint32Array;
  readonly loopIteration: Uint32Array;
  readonly flags: Uint16Array;
  /** Of the row's id and versions. */
  readonly hash: BigUint64Array;
};

/** Beyond what any call costs; a column without NULLs is read at once. */
export const unknownCost = -999_999_000_000_000_000n;

/** Events and links, one entry each, told by the id of the span that carries them. */
export type TraceMarks = {
  readonly eventSpanId: readonly string[];
  /** Nanoseconds since the base of the columns. */
  readonly eventTime: readonly number[];
  readonly eventName: readonly string[];
  readonly linkSpanId: readonly string[];
  readonly linkedSpanId: readonly string[];
  readonly linkRel: readonly string[];
};

/** The moment the columns count from, undefined when the trace is not known. */
export async function readTraceBase(
  reader: Reader,
  projectId: string,
  traceId: string,
): Promise<bigint | undefined> {
  const [row] = await readRows(reader, projectId, toTraceBaseSql(traceId));
  return row === undefined ? undefined : BigInt(String(row['base']));
}

export function toTraceBaseSql(traceId: string): SqlFragment {
  const sql = `SELECT toString(toUnixTimestamp64Nano(min(first_start))) AS base
FROM ${fromProject('trace_time')}
  AND trace_id = {traceId:String}
GROUP BY trace_id`;
  return { sql, params: { traceId } };
}

/** Changes whenever a span is added or replaced; cheap beside the columns. */
export async function readTraceRevision(
  reader: Reader,
  projectId: string,
  traceId: string,
): Promise<string> {
  const [row] = await readRows(reader, projectId, toTraceRevisionSql(traceId));
  return String(row?.['revision'] ?? '');
}

/** The same, told by columns that were read anyway: a query less. */
export function toTraceRevision({ hash }: Pick<TraceColumns, 'hash'>): string {
  let count = 0;
  let all = 0n;
  for (let row = 0; row < hash.length; row += 1) {
    // Copies of one version are neighbours.
    if (row > 0 && hash[row] === hash[row - 1]) continue;
    count += 1;
    all ^= hash[row] ?? 0n;
  }
  return `${count}-${all}`;
}

/** Of distinct copies: the same span sent twice is no news. */
export function toTraceRevisionSql(traceId: string): SqlFragment {
  const sql = `SELECT concat(toString(count()), '-', toString(groupBitXor(cityHash64(span_id, version, mapper_version, price_edition)))) AS revision
FROM (
  SELECT DISTINCT span_id, version, mapper_version, price_edition
  FROM ${fromSpansOf('{traceIds:Array(String)}')}
)`;
  return { sql, params: { traceIds: [traceId] } };
}

export async function readTraceColumns(
  reader: Reader,
  projectId: string,
  traceId: string,
  baseUnixNano: bigint,
): Promise<TraceColumns> {
  const query = toTraceColumnsSql(traceId, baseUnixNano);
  const columns = await readNativeColumns(reader, projectId, query);
  const named = Object.keys(columnSources).map((name, at) => [name, columns[at]]);
  return { ...(Object.fromEntries(named) as Omit<TraceColumns, 'baseUnixNano'>), baseUnixNano };
}

/** The embedded engine would send a dictionary with each block, a server does not. */
const toText = (column: string): string => `CAST(${column}, 'String')`;
const isModelCall = "kind IN ('llm', 'embedding')";

/** In the order of the answer. */
const columnSources = {
  spanId: 'toFixedString(span_id, 16)',
  parentSpanId: 'toFixedString(parent_span_id, 16)',
  name: toText('name'),
  kind: 'toUInt8(greatest(0, toInt16(indexOf({kinds:Array(String)}, kind)) - 1))',
  agent: toText('agent_name'),
  model: toText("if(model_answered != '', model_answered, model_requested)"),
  service: toText('service_name'),
  errorType: toText('error_type'),
  start: 'toFloat64(toUnixTimestamp64Nano(start_time) - {base:Int64})',
  duration: `toFloat64(if(version = 0, -1,
    greatest(0, toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time))))`,
  status: 'toInt8(status)',
  inputTokens: `toFloat64(if(${isModelCall}, ifNull(input_tokens, -1), -1))`,
  outputTokens: `toFloat64(if(${isModelCall}, ifNull(output_tokens, -1), -1))`,
  cost: `if(${isModelCall}, ifNull(cost_usd, toDecimal64(-999999, 12)), toDecimal64(-999999, 12))`,
  attempt: 'attempt',
  loopIteration: 'loop_iteration',
  flags: 'flags',
  hash: 'cityHash64(span_id, version, mapper_version, price_edition)',
} as const;

export function toTraceColumnsSql(traceId: string, baseUnixNano: bigint): SqlFragment {
  const columns = Object.values(columnSources).map((sql, at) => `  ${sql} AS c${at}`);
  const sql = `SELECT
${columns.join(',\n')}
FROM ${fromSpansOf('{traceIds:Array(String)}')}
ORDER BY start_time, span_id, version, mapper_version, price_edition`;
  const params = { traceIds: [traceId], base: baseUnixNano.toString(), kinds: [...spanKinds] };
  return { sql, params };
}

/** Marks of one trace are few; beyond these a picture shows nothing more. */
const maxEvents = 5_000;
const maxLinks = 50_000;

export async function readTraceMarks(
  reader: Reader,
  projectId: string,
  traceId: string,
  baseUnixNano: bigint,
): Promise<TraceMarks> {
  const [events, links] = await Promise.all([
    readColumns(reader, projectId, toTraceEventsSql(traceId, baseUnixNano)),
    readColumns(reader, projectId, toTraceLinksSql(traceId)),
  ]);
  return {
    eventSpanId: (events[0] ?? []) as string[],
    eventTime: (events[1] ?? []) as number[],
    eventName: (events[2] ?? []) as string[],
    linkSpanId: (links[0] ?? []) as string[],
    linkedSpanId: (links[1] ?? []) as string[],
    linkRel: (links[2] ?? []) as string[],
  };
}

/** Old conventions sent every message as an event: these are content, not moments. */
export function toTraceEventsSql(traceId: string, baseUnixNano: bigint): SqlFragment {
  const sql = `SELECT DISTINCT span_id, toUnixTimestamp64Nano(event.1) - {base:Int64} AS time, event.2 AS name
FROM (
  SELECT span_id, arrayJoin(arrayZip(event_times, event_names)) AS event
  FROM ${fromSpansOf('{traceIds:Array(String)}')}
    AND notEmpty(event_names)
)
WHERE NOT match(event.2, '^gen_ai\\\\.(system|user|assistant|tool)\\\\.message$|^gen_ai\\\\.(choice|content\\\\.)')
ORDER BY time, span_id, name
LIMIT ${maxEvents}`;
  return { sql, params: { traceIds: [traceId], base: baseUnixNano.toString() } };
}

export function toTraceLinksSql(traceId: string): SqlFragment {
  const sql = `SELECT DISTINCT span_id, link.2 AS linked_span_id, link.3 AS rel
FROM (
  SELECT span_id, arrayJoin(arrayZip(link_trace_ids, link_span_ids, link_rels)) AS link
  FROM ${fromSpansOf('{traceIds:Array(String)}')}
    AND notEmpty(link_trace_ids)
)
WHERE link.1 = {traceId:String}
ORDER BY span_id, linked_span_id, rel
LIMIT ${maxLinks}`;
  return { sql, params: { traceIds: [traceId], traceId } };
}
