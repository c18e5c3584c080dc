/** Processes killed at any moment: what they had acknowledged is in the tables once. ORCHESCOPE_LONG=1 makes it 100 rounds. */
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRows, startTestEngine, type TestEngine } from '../engine/testing-engine.ts';
import { createTestDataDir } from '../new-data-dir.testing.ts';
import { startStore, type Store } from '../start-store.ts';
import { judge, runCrashRounds, type Verdict } from './crash-rounds.testing.ts';
import { createFolder, openTestWal, readNames, removeFolder } from './wal.testing.ts';

const isLong = process.env['ORCHESCOPE_LONG'] === '1';
const rounds = isLong ? 100 : 5;
const none: Verdict = { lost: [], partial: [], twice: [] };

let server: TestEngine;
beforeAll(async () => {
  server = await startTestEngine({ hasTables: true });
});
afterAll(() => server.close());

/** Merges would hide what is there twice; the sums are what a rollup of the rows would be. */
async function watchRows(client: ClickHouseClient): Promise<void> {
  for (const query of [
    'SYSTEM STOP MERGES spans',
    'SYSTEM STOP MERGES content',
    `CREATE TABLE sums (project_id String, rows UInt64) ENGINE = SummingMergeTree ORDER BY project_id
      SETTINGS non_replicated_deduplication_window = 10000`,
    `CREATE MATERIALIZED VIEW sums_from_spans TO sums AS
      SELECT project_id, count() AS rows FROM spans GROUP BY project_id`,
  ]) {
    await client.command({ query });
  }
}

async function judgeStore(store: Store, acknowledged: ReadonlySet<string>): Promise<void> {
  const { spans, content } = await readNames(store, 'crash');
  expect(judge(acknowledged, spans)).toEqual(none);
  expect(judge(acknowledged, content)).toEqual(none);
  expect(await readRows(store.client, 'SELECT sum(rows) AS n FROM sums')).toEqual([
    { n: String(spans.length) },
  ]);
  expect(acknowledged.size).toBeGreaterThan(rounds);
}

test(
  `${rounds} processes killed while they commit and insert`,
  async () => {
    const folder = await createFolder();
    const config = { engine: 'server', url: server.url, database: 'orchescope' } as const;
    const store = await startStore(config, () => undefined);
    await watchRows(store.client);
    const acknowledged = await runCrashRounds({
      store: config,
      folder,
      project: 'crash',
      rounds,
      longestLifeMs: 300,
    });
    const wal = await openTestWal(store, folder);
    await wal.settled();
    await judgeStore(store, acknowledged);
    expect(wal.status()).toMatchObject({ damagedCommits: 0, quarantined: { segments: 0 } });
    await wal.close();
    await store.close();
    await removeFolder(folder);
  },
  isLong ? 600_000 : 180_000,
);

test(
  'processes killed together with their embedded engine',
  async () => {
    const dataDir = await createTestDataDir('orchescope-crash-');
    const folder = join(dataDir, 'wal');
    const config = { engine: 'embedded', dataDir } as const;
    const first = await startStore(config, () => undefined);
    await watchRows(first.client);
    await first.close();
    const options = { store: config, folder, project: 'crash', longestLifeMs: 300 };
    const acknowledged = await runCrashRounds({ ...options, rounds: isLong ? 20 : 2 });
    const store = await startStore(config, () => undefined);
    await store.client.command({ query: 'SYSTEM STOP MERGES spans' });
    const wal = await openTestWal(store, folder);
    await wal.settled();
    const { spans, content } = await readNames(store, 'crash');
    expect(judge(acknowledged, content).lost).toEqual([]);
    expect(judge(acknowledged, spans)).toEqual(none);
    await wal.close();
    await store.close();
    await removeFolder(dataDir);
  },
  isLong ? 600_000 : 180_000,
);
