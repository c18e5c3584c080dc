/** Stored spans of an older mapping, a bounded number at a time. */
import type { Span } from '../span.ts';
import { isOverLimit } from '../store/clickhouse-error.ts';
import { fromSpanRow, type ContentRow, type SpanRow } from '../store/from-row.ts';
import { readRows, type Reader } from '../store/read-rows.ts';
import type { SqlFragment } from '../store/store.ts';
import {
  toContentsSql,
  toDaysSql,
  toKeysSql,
  toRowsSql,
  type KeyRange,
  type SpanKey,
  type TimeRange,
} from './stored-span-sql.ts';

export type StoredSpan = {
  readonly span: Span;
  readonly receivedUnixSeconds: number;
  readonly retentionDays: number;
  /** Null when it has no content. */
  readonly contentRetentionDays: number | null;
};

export type StoredDay = { readonly day: string; readonly range: TimeRange; readonly rows: number };

/** What of a project is to be looked at. */
export type Stretch = {
  readonly reader: Reader;
  readonly projectId: string;
  readonly range: TimeRange;
  /** Rows of this mapping and later ones are right already. */
  readonly mapperVersion: number;
};

const nanosecondsPerDay = 86_400_000_000_000n;

export function readDays({
  reader,
  projectId,
  range,
  mapperVersion,
}: Stretch): Promise<StoredDay[]> {
  return readDaysBy(reader, projectId, range, toDaysSql(range, mapperVersion));
}

/** Each with the part of the range that lies in it. @param query names days as `toDaysSql` does */
export async function readDaysBy(
  reader: Reader,
  projectId: string,
  range: TimeRange,
  query: SqlFragment,
): Promise<StoredDay[]> {
  const rows = await readRows(reader, projectId, query);
  return rows.map((row) => {
    const start = BigInt(Number(row['days_since_1970'])) * nanosecondsPerDay;
    return {
      day: String(row['day']),
      rows: Number(row['row_count']),
      range: {
        fromUnixNano: larger(range.fromUnixNano, start),
        toUnixNano: smaller(range.toUnixNano, start + nanosecondsPerDay - 1n),
      },
    };
  });
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const keysPerPage = 5_000;
/** An answer is parsed in one go: as much as takes no longer than a turn. */
const spansPerChunk = 250;
/** A larger answer is refused, and asked for in halves; one span alone is read whatever it holds. */
const chunkBytes = 4 * 1024 * 1024;
const spanBytes = 1024 * 1024 * 1024;

/** In the order of the table. */
export async function* readStoredSpans(stretch: Stretch): AsyncGenerator<StoredSpan[]> {
  let after: SpanKey | undefined = { minute: 0, traceId: '', spanId: '' };
  while (after !== undefined) {
    const { stale, last } = await readKeys(stretch, after);
    for (let at = 0; at < stale.length; at += spansPerChunk) {
      yield* readChunk(stretch, stale.slice(at, at + spansPerChunk));
    }
    after = last;
  }
}

/** `last` is undefined when there are no more. */
async function readKeys(
  { reader, projectId, range, mapperVersion }: Stretch,
  after: SpanKey,
): Promise<{ stale: SpanKey[]; last: SpanKey | undefined }> {
  const rows = await readRows(reader, projectId, toKeysSql(range, after, keysPerPage));
  const keys = rows.map((row) => ({
    minute: Number(row['minute']),
    traceId: String(row['trace_id']),
    spanId: String(row['span_id']),
  }));
  const stale = keys.filter((_, at) => Number(rows[at]?.['mapper_version']) < mapperVersion);
  return { stale, last: keys.length < keysPerPage ? undefined : keys.at(-1) };
}

async function* readChunk(
  stretch: Stretch,
  keys: readonly SpanKey[],
): AsyncGenerator<StoredSpan[]> {
  const [first, last] = [keys[0], keys.at(-1)];
  if (first === undefined || last === undefined) return;
  const spans = await readIfSmall(stretch, { first, last }, keys.length === 1);
  if (spans !== null) {
    yield spans;
    return;
  }
  const half = Math.ceil(keys.length / 2);
  yield* readChunk(stretch, keys.slice(0, half));
  yield* readChunk(stretch, keys.slice(half));
}

/** Null when it is more than is good to hold at once: a span may have a megabyte of messages, or none. */
async function readIfSmall(
  stretch: Stretch,
  keys: KeyRange,
  isSmallest: boolean,
): Promise<StoredSpan[] | null> {
  try {
    return await readSpans(stretch, keys, isSmallest ? spanBytes : chunkBytes);
  } catch (error) {
    if (isOverLimit(error) && !isSmallest) return null;
    throw error;
  }
}

async function readSpans(
  { reader, projectId, range, mapperVersion }: Stretch,
  keys: KeyRange,
  maxBytes: number,
): Promise<StoredSpan[]> {
  const rowsSql = toRowsSql(range, keys, mapperVersion, maxBytes);
  const rows = await readRows(reader, projectId, rowsSql);
  const contentsSql = toContentsSql(range, keys, mapperVersion, maxBytes);
  const contents = await readRows(reader, projectId, contentsSql);
  const bySpan = Map.groupBy(contents, toContentKey);
  return rows.map((row) => toStoredSpan(row, bySpan.get(toContentKey(row)) ?? []));
}

/** Content belongs to one copy of a span: another one may have had other content. */
function toContentKey(row: SpanRow): string {
  return JSON.stringify([
    row['trace_id'],
    row['span_id'],
    row['conversation_id'],
    row['start_unix_nano'],
    row['end_unix_nano'],
    Number(row['mapper_version']),
  ]);
}

function toStoredSpan(row: SpanRow, content: readonly SpanRow[]): StoredSpan {
  const [first] = content;
  return {
    span: fromSpanRow(row, content as unknown as ContentRow[]),
    receivedUnixSeconds: Number(row['received_seconds']),
    retentionDays: Number(row['retention_days']),
    contentRetentionDays: first === undefined ? null : Number(first['retention_days']),
  };
}
