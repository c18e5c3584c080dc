import type { KeyRange } from '../remap/stored-span-sql.ts';
import type { Stretch } from './read-calls.ts';
import { toNewRowsSql, type NewPrice } from './stored-call-sql.ts';

/** Resolves when the rows are on disk, all of them or none, and queries see them. */
export async function writeNewPrices(
  { reader, projectId, range }: Stretch,
  keys: KeyRange,
  prices: readonly NewPrice[],
  edition: number,
): Promise<void> {
  const { sql, params } = toNewRowsSql(range, keys, prices, edition);
  await reader.client.command({
    // Begun, it is finished: nobody waits for a part of it.
    query: sql,
    query_params: { ...params, projectId },
    clickhouse_settings: {
      async_insert: 0,
      // The same prices may come back, which is no repetition.
      insert_deduplicate: 0,
      max_execution_time: 60,
      throw_on_max_partitions_per_insert_block: 0,
    },
  });
}
