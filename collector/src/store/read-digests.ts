/** Which payloads of a run are the same, without reading them. */
import type { ContentDigest } from '../run-span.ts';
import type { ContentSlot } from '../span.ts';
import type { TextColumn } from './read-native.ts';
import { fromProject, readNativeColumns, type Reader } from './read-rows.ts';
import type { SqlFragment } from './store.ts';

/** By trace id and span id, one after the other. */
export type Digests = ReadonlyMap<string, readonly ContentDigest[]>;

export const toDigestKey = (traceId: string, spanId: string): string => `${traceId}${spanId}`;

export async function readDigests(
  reader: Reader,
  projectId: string,
  traceIds: readonly string[],
  conversationIds: readonly string[],
): Promise<Digests> {
  const query = toDigestsSql(traceIds, conversationIds);
  const columns = await readNativeColumns(reader, projectId, query);
  const [traces, spans, slots] = columns as TextColumn[];
  const hashes = columns[3] as Uint32Array | undefined;
  const digests = new Map<string, ContentDigest[]>();
  for (const [row, hash] of hashes?.entries() ?? []) {
    const key = toDigestKey(textAt(traces, row), textAt(spans, row));
    const digest = { slot: textAt(slots, row) as ContentSlot, hash };
    const known = digests.get(key);
    if (known === undefined) digests.set(key, [digest]);
    else known.push(digest);
  }
  return digests;
}

function textAt(column: TextColumn | undefined, row: number): string {
  return column?.texts[column.index[row] ?? 0] ?? '';
}

/** The conversation leads the key of content: naming it spares a scan of the days. */
export function toDigestsSql(
  traceIds: readonly string[],
  conversationIds: readonly string[],
): SqlFragment {
  const times = `${fromProject('trace_time')} AND trace_id IN {traceIds:Array(String)}`;
  const sql = `SELECT trace_id, span_id, CAST(slot, 'String'),
  argMax(body_hash, (version, mapper_version))
FROM ${fromProject('content')}
  AND conversation_id IN {conversationIds:Array(String)}
  AND trace_id IN {traceIds:Array(String)}
  AND (
    start_time BETWEEN (SELECT min(first_start) FROM ${times}) AND (SELECT max(last_start) FROM ${times})
    OR start_time < toDateTime64('1971-01-01 00:00:00', 9, 'UTC')
  )
GROUP BY trace_id, span_id, position, slot
ORDER BY trace_id, span_id, position, slot`;
  return { sql, params: { traceIds: [...traceIds], conversationIds: [...conversationIds] } };
}
