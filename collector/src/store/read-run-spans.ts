/** The spans of whole traces as analysis wants them: the facts of each, its latest copy, no content but its digests. */
import { compareRunSpans, type RunSpan, type RunSpans } from '../run-span.ts';
import { fromAttributesJson } from './attribute-text.ts';
import { readDigests, toDigestKey, type Digests } from './read-digests.ts';
import { readNativeColumns, readRows, type Reader } from './read-rows.ts';
import { toRunSpanRows, type RunSpanRow } from './run-span-rows.ts';
import { toRunSpansSql } from './run-spans-sql.ts';
import { fromSpansOf } from './trace-sql.ts';

export type TraceRunSpans = {
  readonly traceId: string;
  /** Times count from the start of the trace. */
  readonly spans: RunSpans;
  /** The longest of its spans; 0 = for ever. */
  readonly retentionDays: number;
};

/**
 * One entry a trace that has spans. Of all traces together at most `limit` rows are read, those that began first; the
 * rest is counted as left out.
 */
export async function readRunSpans(
  reader: Reader,
  projectId: string,
  traceIds: readonly string[],
  limit: number,
): Promise<TraceRunSpans[]> {
  const rows = await readSpanRows(reader, projectId, traceIds, limit);
  if (rows.length === 0) return [];
  const [digests, stored] = await Promise.all([
    readDigests(reader, projectId, traceIds, conversationsOf(rows)),
    rows.length < limit ? null : countRows(reader, projectId, traceIds),
  ]);
  return toTraces(rows, digests, stored);
}

async function readSpanRows(
  reader: Reader,
  projectId: string,
  traceIds: readonly string[],
  limit: number,
): Promise<RunSpanRow[]> {
  // Sorting is paid for only where it decides which spans are left out.
  const query = toRunSpansSql(traceIds, limit, false);
  const first = toRunSpanRows(await readNativeColumns(reader, projectId, query));
  if (first.length < limit) return first;
  return toRunSpanRows(
    await readNativeColumns(reader, projectId, toRunSpansSql(traceIds, limit, true)),
  );
}

function conversationsOf(rows: readonly RunSpanRow[]): string[] {
  return [...new Set(rows.map(({ span }) => span.conversationId))];
}

async function countRows(
  reader: Reader,
  projectId: string,
  traceIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const sql = `SELECT trace_id, uniqExact(span_id) AS spans
FROM ${fromSpansOf('{traceIds:Array(String)}')}
GROUP BY trace_id`;
  const rows = await readRows(reader, projectId, { sql, params: { traceIds: [...traceIds] } });
  return new Map(rows.map((row) => [String(row['trace_id']), Number(row['spans'])]));
}

function toEvents(json: string, baseUnixNano: bigint): RunSpan['events'] {
  if (json === '') return [];
  const events = JSON.parse(json) as [string, string, string][];
  return events
    .map(([time, name, attributes]) => ({
      name,
      timeNs: Number(BigInt(time) - baseUnixNano),
      attributes: fromAttributesJson(attributes),
    }))
    .sort((a, b) => a.timeNs - b.timeNs);
}

function toTraces(
  rows: readonly RunSpanRow[],
  digests: Digests,
  stored: ReadonlyMap<string, number> | null,
): TraceRunSpans[] {
  const byTrace = new Map<string, Map<string, RunSpanRow>>();
  for (const row of rows) {
    const { traceId, spanId } = row.span;
    const spans = byTrace.get(traceId) ?? new Map<string, RunSpanRow>();
    if (spans.size === 0) byTrace.set(traceId, spans);
    const known = spans.get(spanId);
    if (known === undefined || isLater(row, known)) spans.set(spanId, row);
  }
  return Array.from(byTrace, ([traceId, latest]) => {
    const spans = toTrace([...latest.values()], digests);
    const leftOut = Math.max(0, (stored?.get(traceId) ?? latest.size) - latest.size);
    return { traceId, spans: { ...spans, leftOut }, retentionDays: longest(latest.values()) };
  });
}

function isLater(row: RunSpanRow, than: RunSpanRow): boolean {
  if (row.version !== than.version) return row.version > than.version;
  if (row.mapperVersion !== than.mapperVersion) return row.mapperVersion > than.mapperVersion;
  return row.priceEdition > than.priceEdition;
}

function longest(rows: Iterable<RunSpanRow>): number {
  let days = 1;
  for (const { retentionDays } of rows) {
    if (retentionDays === 0) return 0;
    days = Math.max(days, retentionDays);
  }
  return days;
}

function toTrace(rows: readonly RunSpanRow[], digests: Digests): Omit<RunSpans, 'leftOut'> {
  const baseUnixNano = rows.reduce(
    (least, { startUnixNano }) => (startUnixNano < least ? startUnixNano : least),
    rows[0]?.startUnixNano ?? 0n,
  );
  const spans = rows.map((row) => toRunSpan(row, baseUnixNano, digests));
  return { baseUnixNano, spans: spans.sort(compareRunSpans) };
}

function toRunSpan(row: RunSpanRow, baseUnixNano: bigint, digests: Digests): RunSpan {
  const { span, startUnixNano: start, version: end } = row;
  return Object.assign(span, {
    startNs: Number(start - baseUnixNano),
    endNs: end === 0n ? null : Number((end < start ? start : end) - baseUnixNano),
    events: toEvents(row.events, baseUnixNano),
    digests: digests.get(toDigestKey(span.traceId, span.spanId)) ?? [],
  });
}
