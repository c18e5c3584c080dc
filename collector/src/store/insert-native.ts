/** Files of Native blocks become rows. A file that is sent again under its token adds nothing. */
import { createReadStream } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import { quoteIdentifier, quoteLiteral } from './engine/statements.ts';
import type { InsertNative } from './opened-client.ts';

/** Settings that decide how blocks are cut: a token only works while they stay as they are. */
const blockSettings: ClickHouseSettings = {
  max_insert_threads: '1',
  min_insert_block_size_rows: '1048449',
  min_insert_block_size_bytes: '268435456',
};

const toSettings = (token: string): ClickHouseSettings => ({
  ...blockSettings,
  insert_deduplication_token: token,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  // A queue of its own would answer before the rows are in the table, and drop none that it has seen.
  async_insert: 0,
  // Copies of a span are told apart by readers; taken together here they would be counted as rows that did not come.
  optimize_on_insert: 0,
  // The word filter of content costs as much as a third of its insert, and the first merge makes it anyway. Until then
  // a search reads the new parts whole.
  materialize_skip_indexes_on_insert: 0,
  // Spans of many days in one request are odd, not wrong.
  throw_on_max_partitions_per_insert_block: 0,
  // A column that the table does not have must not vanish without a word.
  input_format_skip_unknown_fields: 0,
});

/**
 * The engine reads the file itself. It is given a name of ours that leads to the file: it takes `*`, `?` and braces in
 * a path for patterns, and a pattern that nothing matches inserts no rows and is no error.
 */
export async function createFileInsert(
  client: ClickHouseClient,
  folder: string,
): Promise<InsertNative> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let count = 0;
  return async ({ table, path, rows, token }, signal) => {
    const alias = join(folder, String((count += 1)));
    await symlink(path, alias);
    try {
      const { summary } = await client.command({
        query: `INSERT INTO ${quoteIdentifier(table)} FROM INFILE ${quoteLiteral(alias)} FORMAT Native`,
        clickhouse_settings: toSettings(token),
        abort_signal: signal,
      });
      const read = Number(summary?.read_rows);
      if (read !== rows) throw new Error(`the engine read ${read} of ${rows} rows for ${table}`);
    } finally {
      await rm(alias, { force: true });
    }
  };
}

/** The same bytes as the body of an insert. */
export function createBodyInsert(client: ClickHouseClient): InsertNative {
  return async ({ table, path, token }, signal) => {
    const { stream } = await client.exec({
      query: `INSERT INTO ${quoteIdentifier(table)} FORMAT Native`,
      values: createReadStream(path, { highWaterMark: 256 * 1024 }),
      clickhouse_settings: toSettings(token),
      abort_signal: signal,
    });
    for await (const _ of stream) continue;
  };
}
