/** What a log makes of the files that a process left, whole or spoilt. */
import {
  appendFile,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { InsertNative } from '../opened-client.ts';
import { startTestStore, type TestStore } from '../testing.ts';
import { entryBytes } from './index-entry.ts';
import {
  createBlock,
  createBlocks,
  createFolder,
  openTestWal,
  readNames,
  removeFolder,
} from './wal.testing.ts';

let opened: TestStore;
let folder: string;
let project = '';
let count = 0;
beforeAll(async () => {
  opened = await startTestStore();
});
afterAll(() => opened.close());
beforeEach(async () => {
  project = `project-${(count += 1)}`;
  folder = await createFolder();
});
afterEach(() => removeFolder(folder));

/** A store that is away: what is committed stays in the folder. */
const away: InsertNative = () => Promise.reject(new Error('nobody there'));

/** One segment with a commit, and a group, for each name. */
async function leaveSegment(names: readonly string[]): Promise<void> {
  const wal = await openTestWal({ insertNative: away }, folder, {
    quietLingerMs: 60_000,
    closeLimitMs: 0,
  });
  for (const name of names) await wal.commit(createBlocks(project, [name]));
  await wal.close();
}

async function findFile(ending: string, within = folder): Promise<string> {
  const found = (await readdir(within)).filter((name) => name.endsWith(ending));
  expect(found).toHaveLength(1);
  return join(within, found[0] ?? '');
}

async function flip(path: string, position: number): Promise<void> {
  const file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, position);
  byte[0] = (byte[0] ?? 0) ^ 16;
  await file.write(byte, 0, 1, position);
  await file.close();
}

async function storeRest() {
  const wal = await openTestWal(opened.store, folder);
  await wal.settled();
  const status = wal.status();
  await wal.close();
  return { ...(await readNames(opened.store, project)), status, lines: wal.lines };
}

const fileNames = async (within = folder): Promise<string[]> =>
  (await readdir(within)).filter((name) => /\.(index|native)$/.test(name));

test('what was left is stored by the next process, and its name never returns', async () => {
  const names: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    await leaveSegment([name]);
    names.push(...(await fileNames()).filter((file) => file.endsWith('.index')));
  }
  expect(new Set(names).size).toBe(3);
  const { spans, content, status } = await storeRest();
  expect(spans).toEqual(['a', 'b', 'c']);
  expect(content).toEqual(['a', 'b', 'c']);
  expect(status).toMatchObject({ replayedRows: 6, storedSegments: 3, waitingRows: 0 });
  expect(await fileNames()).toEqual([]);
});

test('opening does not wait for the store', async () => {
  await leaveSegment(['a']);
  const wal = await openTestWal({ insertNative: away }, folder, { closeLimitMs: 0 });
  expect(wal.status()).toMatchObject({ waitingRows: 2, segments: 1 });
  expect(wal.status().oldestAgeMs).toBeGreaterThan(0);
  await wal.commit(createBlocks(project, ['b']));
  expect(wal.status()).toMatchObject({ waitingRows: 4, segments: 2 });
  await wal.close();
  expect((await storeRest()).spans).toEqual(['a', 'b']);
});

test('whoever waits for a log that closes is told that the rest is not stored', async () => {
  const wal = await openTestWal({ insertNative: away }, folder, { closeLimitMs: 0 });
  await wal.commit(createBlocks(project, ['a']));
  const settled = wal.settled();
  await Promise.all([expect(settled).rejects.toThrow('the store is closing'), wal.close()]);
  expect((await storeRest()).spans).toEqual(['a']);
});

describe.each(['spans', 'content'] as const)('of the file of %s', (table) => {
  test('an end that is missing costs the last commit alone', async () => {
    await leaveSegment(['a', 'b', 'c']);
    const path = await findFile(`-${table}.native`);
    await truncate(path, (await stat(path)).size - 3);
    const { spans, content, status } = await storeRest();
    expect([spans, content]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(status).toMatchObject({ tornCommits: 1, damagedCommits: 0, waitingRows: 0 });
  });
  test('an end that nobody acknowledged is not stored', async () => {
    await leaveSegment(['a', 'b']);
    await appendFile(await findFile(`-${table}.native`), 'the beginning of a block');
    const { spans, content, status } = await storeRest();
    expect([spans, content]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(status).toMatchObject({ tornCommits: 0, damagedCommits: 0, waitingRows: 0 });
  });
  test('a flipped bit costs its commit alone, and the segment is kept for a person', async () => {
    await leaveSegment(['a', 'b', 'c']);
    const path = await findFile(`-${table}.native`);
    await flip(path, Math.floor((await stat(path)).size / 2));
    const { spans, content, status, lines } = await storeRest();
    expect([spans, content]).toEqual([
      ['a', 'c'],
      ['a', 'c'],
    ]);
    expect(status).toMatchObject({
      tornCommits: 0,
      damagedCommits: 1,
      quarantined: { segments: 1 },
      waitingRows: 0,
      waitingBytes: 0,
    });
    expect(lines).toContain(
      'the write-ahead log is damaged: commits were skipped and are kept in quarantine',
    );
    expect(await fileNames()).toEqual([]);
    expect(await fileNames(join(folder, 'quarantine'))).toHaveLength(3);
  });
  test('a file that is gone costs what was in it', async () => {
    await leaveSegment(['a']);
    const wal = await openTestWal({ insertNative: away }, folder, {
      quietLingerMs: 60_000,
      closeLimitMs: 0,
    });
    const other = table === 'spans' ? 'content' : 'spans';
    await wal.commit([createBlock(table, project, ['b'])]);
    await wal.commit([createBlock(other, project, ['c'])]);
    await wal.close();
    const names = (await fileNames()).filter((name) => name.endsWith('.index'));
    await rm(join(folder, (names.sort()[1] ?? '').replace('.index', `-${table}.native`)));
    const rest = await storeRest();
    expect(rest[table]).toEqual(['a']);
    expect(rest[other]).toEqual(['a', 'c']);
    expect(rest.status.damagedCommits).toBe(1);
  });
});

describe('of the index', () => {
  test.each([0, 8, 20, 60, entryBytes - 1])(
    'a flipped bit in byte %i of an entry costs its commit alone',
    async (byte) => {
      await leaveSegment(['a', 'b', 'c']);
      await flip(await findFile('.index'), entryBytes + byte);
      const { spans, content, status } = await storeRest();
      expect([spans, content]).toEqual([
        ['a', 'c'],
        ['a', 'c'],
      ]);
      expect(status).toMatchObject({ damagedCommits: 1, tornCommits: 0, waitingRows: 0 });
    },
  );
  test('half an entry at the end was never acknowledged', async () => {
    await leaveSegment(['a', 'b']);
    await appendFile(await findFile('.index'), Buffer.alloc(entryBytes / 2, 1));
    const { spans, status } = await storeRest();
    expect(spans).toEqual(['a', 'b']);
    expect(status).toMatchObject({ damagedCommits: 0, tornCommits: 0 });
  });
  test('nothing but noise leaves nothing to store, and no file is thrown away', async () => {
    await leaveSegment(['a', 'b']);
    const path = await findFile('.index');
    await writeFile(path, Buffer.alloc((await stat(path)).size, 7));
    const { spans, status } = await storeRest();
    expect(spans).toEqual([]);
    expect(status).toMatchObject({ damagedCommits: 2, waitingRows: 0, waitingBytes: 0 });
    expect(await fileNames(join(folder, 'quarantine'))).toHaveLength(3);
  });
  test('an empty one belongs to a segment that was never written to', async () => {
    await leaveSegment(['a']);
    await writeFile(await findFile('.index'), '');
    const { spans, status } = await storeRest();
    expect([spans, status.damagedCommits]).toEqual([[], 0]);
    expect(await fileNames()).toEqual([]);
  });
  test('data without one is what is left of a removal', async () => {
    await leaveSegment(['a']);
    await rm(await findFile('.index'));
    expect((await storeRest()).spans).toEqual([]);
    expect(await fileNames()).toEqual([]);
  });
});

test('files of other people in the folder are left alone', async () => {
  await leaveSegment(['a']);
  await writeFile(join(folder, 'notes.txt'), 'mine');
  await writeFile(join(folder, 'x-spans.native'), 'mine too');
  expect((await storeRest()).spans).toEqual(['a']);
  expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  expect(await readFile(join(folder, 'x-spans.native'), 'utf8')).toBe('mine too');
});

test('a segment of which one table was stored before the crash is completed', async () => {
  const halfway: InsertNative = (file, signal) =>
    file.table === 'content' ? opened.store.insertNative(file, signal) : away(file, signal);
  const wal = await openTestWal({ insertNative: halfway }, folder, { closeLimitMs: 300 });
  await wal.commit(createBlocks(project, ['a', 'b']));
  await wal.close();
  expect(await readNames(opened.store, project)).toEqual({ spans: [], content: ['a', 'b'] });
  const { spans, content } = await storeRest();
  expect([spans, content]).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

test('a segment whose insert was not answered is stored once', async () => {
  const lostAnswer: InsertNative = async (file, signal) => {
    await opened.store.insertNative(file, signal);
    throw new Error('the answer was lost');
  };
  const wal = await openTestWal({ insertNative: lostAnswer }, folder, { closeLimitMs: 300 });
  await wal.commit(createBlocks(project, ['a', 'b']));
  await wal.close();
  const { spans, content } = await storeRest();
  expect([spans, content]).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
});

test('a segment moved back from quarantine is stored', async () => {
  await leaveSegment(['a', 'b', 'c']);
  const path = await findFile('-spans.native');
  const middle = Math.floor((await stat(path)).size / 2);
  await flip(path, middle);
  await storeRest();
  const kept = join(folder, 'quarantine');
  await flip(await findFile('-spans.native', kept), middle);
  for (const name of await fileNames(kept)) await rename(join(kept, name), join(folder, name));
  const { spans } = await storeRest();
  expect(new Set(spans)).toEqual(new Set(['a', 'b', 'c']));
});
