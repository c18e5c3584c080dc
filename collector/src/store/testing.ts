/** A real store in a directory of its own, for tests. Starting takes about half a second: share one per test file. */
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Span } from '../span.ts';
import { createBatch } from './native/batch.ts';
import type { Block } from './native/block.ts';
import { createTestDataDir } from './new-data-dir.testing.ts';
import { startStore, type Store } from './start-store.ts';

export type TestStore = {
  readonly store: Store;
  readonly dataDir: string;
  /** Closes the store and removes its directory. */
  readonly close: () => Promise<void>;
};

export async function startTestStore(): Promise<TestStore> {
  const dataDir = await createTestDataDir('orchescope-test-');
  const store = await startStore({ engine: 'embedded', dataDir }, () => undefined);
  const close = async (): Promise<void> => {
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { store, dataDir, close };
}

/** Resolves when the spans can be queried. */
export async function storeSpans({ store }: TestStore, spans: readonly Span[]): Promise<void> {
  const batch = createBatch();
  const stamp = {
    receivedUnixSeconds: Math.floor(Date.now() / 1000),
    retentionDays: 0,
    contentRetentionDays: 0,
  };
  for (const span of spans) batch.addSpan(span, stamp);
  await insertBlocks(store, batch.toBlocks());
}

export async function insertBlocks(
  { client }: Pick<Store, 'client'>,
  blocks: readonly Block[],
): Promise<void> {
  for (const { table, pieces } of blocks) {
    const { stream } = await client.exec({
      query: `INSERT INTO ${table} FORMAT Native`,
      values: Readable.from([Buffer.concat(pieces)], { objectMode: false }),
      clickhouse_settings: { throw_on_max_partitions_per_insert_block: 0 },
    });
    for await (const _ of stream) continue;
  }
}
