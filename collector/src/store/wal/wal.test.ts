/** The log over both kinds of store: what was acknowledged is in the tables once. */
import { readdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestEngine, until } from '../engine/testing-engine.ts';
import { startStore, type Store } from '../start-store.ts';
import { startTestStore } from '../testing.ts';
import type { Wal } from './open-wal.ts';
import {
  createBlock,
  createBlocks,
  createFolder,
  openTestWal,
  readNames,
  removeFolder,
} from './wal.testing.ts';

type Opened = { readonly store: Store; readonly close: () => Promise<void> };

/** The engine's own HTTP interface plays the server: over TCP, by URL. */
async function startStoreOnServer(): Promise<Opened> {
  const server = await startTestEngine();
  const config = { engine: 'server', url: server.url, database: 'traces' } as const;
  const store = await startStore(config, () => undefined);
  return {
    store,
    close: async () => {
      await store.close();
      await server.close();
    },
  };
}

describe.each([
  ['embedded', startTestStore],
  ['server', startStoreOnServer],
] as const)('%s', (_, open) => {
  let opened: Opened;
  let folder: string;
  let wal: Wal;
  let count = 0;
  let project = '';
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    project = `project-${(count += 1)}`;
    folder = await createFolder();
    wal = await openTestWal(opened.store, folder);
  });
  afterEach(async () => {
    await wal.close();
    await removeFolder(folder);
  });

  test('what was committed is in its tables, and its files are gone', async () => {
    await wal.commit(createBlocks(project, ['a', 'b\n\nc', '\0d']));
    await wal.settled();
    const names = ['\0d', 'a', 'b\n\nc'];
    expect(await readNames(opened.store, project)).toEqual({ spans: names, content: names });
    await until(async () => (await listSegmentFiles(folder)).length === 0);
    expect(wal.status()).toMatchObject({
      commits: 1,
      waitingRows: 0,
      waitingBytes: 0,
      segments: 0,
      storedSegments: 1,
      storedRows: { spans: 3, content: 3, logs: 0, metric_points: 0 },
    });
  });
  test('it becomes visible without being asked for', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await wal.commit(createBlocks(project, ['a']), resolve);
    await promise;
    expect(await readNames(opened.store, project)).toEqual({ spans: ['a'], content: ['a'] });
  });
  test('commits of one moment reach the disk together and are one insert', async () => {
    const names = Array.from({ length: 50 }, (_, at) => `span ${String(at).padStart(2, '0')}`);
    await Promise.all(names.map((name) => wal.commit([createBlock('spans', project, [name])])));
    await wal.settled();
    expect(await readNames(opened.store, project)).toEqual({ spans: names, content: [] });
    expect(wal.status()).toMatchObject({ commits: 50, storedSegments: 1 });
  });
  test('pieces may be used again once they are committed', async () => {
    const block = createBlock('spans', project, ['before']);
    await wal.commit([block]);
    for (const piece of block.pieces) piece.fill(255);
    await wal.settled();
    expect((await readNames(opened.store, project)).spans).toEqual(['before']);
  });
  test('blocks of one commit and table are one after the other', async () => {
    await wal.commit([
      createBlock('spans', project, ['a']),
      createBlock('content', project, ['a']),
      createBlock('spans', project, ['b']),
    ]);
    await wal.settled();
    expect(await readNames(opened.store, project)).toEqual({ spans: ['a', 'b'], content: ['a'] });
  });
  test('a commit without rows is stored at once', async () => {
    let isStored = false;
    await wal.commit([createBlock('spans', project, [])], () => (isStored = true));
    expect(isStored).toBe(true);
    expect(await listSegmentFiles(folder)).toEqual([]);
  });
  test('pieces larger than a portion and many small ones arrive whole', async () => {
    const long = 'x'.repeat(1_300_000);
    const small = Array.from({ length: 3_000 }, (_, at) => `s${String(at).padStart(4, '0')}`);
    await Promise.all([
      wal.commit([createBlock('content', project, [`${long}1`, `${long}2`])]),
      ...small.map((name) => wal.commit([createBlock('spans', project, [name])])),
    ]);
    await wal.settled();
    expect(await readNames(opened.store, project)).toEqual({
      spans: small,
      content: [`${long}1`, `${long}2`],
    });
  });
  test('a closed log refuses, and kept nothing back', async () => {
    await wal.commit(createBlocks(project, ['a']));
    await wal.close();
    expect(await readNames(opened.store, project)).toEqual({ spans: ['a'], content: ['a'] });
    await expect(wal.commit(createBlocks(project, ['b']))).rejects.toMatchObject({
      name: 'StoreUnavailableError',
      message: 'the store is closing',
    });
    expect(await listSegmentFiles(folder)).toEqual([]);
    expect(wal.status().refused.closing).toBe(1);
  });
  test('a column that the table does not have is refused, not forgotten', async () => {
    const [block] = createBlocks(project, ['a']);
    const text = Buffer.concat(block?.pieces ?? [])
      .toString()
      .replace('span_id', 'spam_id');
    const wrong = { table: 'spans', rows: 1, pieces: [Buffer.from(text)] } as const;
    await wal.commit([wrong]);
    await Promise.all([wal.commit([createBlock('spans', project, ['b'])]), wal.settled()]);
    await wal.settled();
    expect((await readNames(opened.store, project)).spans).toEqual(['b']);
    expect(wal.status()).toMatchObject({ quarantined: { segments: 1 }, waitingRows: 0 });
  });
});

async function listSegmentFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => /\.(native|index)$/.test(name));
}
