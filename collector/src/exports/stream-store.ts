/** Results of any length from the store, a piece at a time: as fast as they are taken, and no faster. */
import { toAbort, type Reader } from '../store/read-rows.ts';
import type { SqlFragment } from '../store/store.ts';

/** Sums and sorting beyond this go to disk. */
const spillBytes = String(192 * 1024 * 1024);

/** Whoever takes it may be slow: the engine waits for them, and its clock goes on. */
const limits = {
  max_execution_time: 3_600,
  max_memory_usage: '2000000000',
  max_bytes_before_external_group_by: spillBytes,
  max_bytes_before_external_sort: spillBytes,
  // The text has every project once.
  max_query_size: String(16 * 1024 * 1024),
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_decimals: 1,
} as const;

type Values = Readonly<Record<string, unknown>>;

/** Rows as arrays in the order of the SELECT; decimals are text. */
export async function* streamRows(
  reader: Reader,
  { sql, params }: SqlFragment,
): AsyncGenerator<readonly (readonly unknown[])[]> {
  const answer = await reader.client.query({
    ...toAbort(reader),
    query: sql,
    query_params: { ...params } satisfies Values,
    format: 'JSONCompactEachRow',
    clickhouse_settings: limits,
  });
  for await (const rows of answer.stream<readonly unknown[]>()) {
    yield rows.map((row) => row.json<readonly unknown[]>());
  }
}

/** A file as the engine writes it. */
export async function* streamFile(
  reader: Reader,
  { sql, params }: SqlFragment,
  format: 'Parquet',
): AsyncGenerator<Uint8Array> {
  const { stream } = await reader.client.exec({
    ...toAbort(reader),
    query: `${sql}\nFORMAT ${format}`,
    query_params: { ...params },
    clickhouse_settings: limits,
  });
  for await (const chunk of stream) yield chunk as Uint8Array;
}
