/** Disks and stores that fail: what is acknowledged stays true, and the rest is refused. */
import { execFile, fork } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../engine/testing-engine.ts';
import type { InsertNative } from '../opened-client.ts';
import { startTestStore, type TestStore } from '../testing.ts';
import { createFailingFiles, type FailingFiles } from './failing-files.testing.ts';
import type { Wal, WalOptions } from './open-wal.ts';
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
let files: FailingFiles;
let project = '';
let count = 0;
/** What inserts meet instead of the store; null = the store. */
let instead: InsertNative | null = null;
const insertNative: InsertNative = (file, signal) =>
  (instead ?? opened.store.insertNative)(file, signal);
const away: InsertNative = () => Promise.reject(new Error('nobody there'));
const refuse: InsertNative = () => Promise.reject(toClickHouseError(117, 'INCORRECT_DATA'));

function toClickHouseError(code: number, type: string): Error {
  return Object.assign(new Error(`a sentence that quotes rows`), { code: String(code), type });
}

beforeAll(async () => {
  opened = await startTestStore();
});
afterAll(() => opened.close());
beforeEach(async () => {
  project = `project-${(count += 1)}`;
  folder = await createFolder();
  files = createFailingFiles();
  instead = null;
});
afterEach(() => removeFolder(folder));

const openWal = (options: Partial<WalOptions> = {}): ReturnType<typeof openTestWal> =>
  openTestWal({ insertNative }, folder, { files, closeLimitMs: 0, ...options });

/** Ends this process's part and lets a healthy one store the rest. */
async function readRest(wal: Wal): Promise<string[]> {
  await wal.close();
  instead = null;
  files.fault = 'none';
  const next = await openWal();
  await next.settled();
  await next.close();
  const { spans, content } = await readNames(opened.store, project);
  expect(content).toEqual(spans);
  return spans;
}

const commit = (wal: Wal, name: string): Promise<void> => wal.commit(createBlocks(project, [name]));

/** Commits until one is taken: after an error the disk is left alone for a moment. */
async function commitAgain(wal: Wal, name: string): Promise<void> {
  await until(() =>
    commit(wal, name).then(
      () => true,
      () => false,
    ),
  );
}

describe.each(['write', 'half a write', 'sync', 'create', 'truncate and sync'] as const)(
  'a disk that fails to %s',
  (fault) => {
    test('costs the commits it was asked to keep, and no others', async () => {
      const wal = await openWal({ quietLingerMs: 60_000 });
      // The first creates the files of its segment.
      if (fault !== 'create') await commit(wal, 'a');
      files.fault = fault;
      const results = await Promise.allSettled([commit(wal, 'x'), commit(wal, 'y')]);
      expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      await expect(commit(wal, 'z')).rejects.toMatchObject({
        name: 'StoreUnavailableError',
        message: 'the write-ahead log could not be written',
      });
      expect(wal.status().refused.disk_error).toBe(3);
      expect(wal.lines).toContain(
        'the write-ahead log could not be written, senders are told to try again',
      );
      files.fault = 'none';
      await commitAgain(wal, 'b');
      expect(files.writesAfterFailedSync()).toBe(0);
      expect(wal.status().damagedCommits).toBe(0);
      expect(await readRest(wal)).toEqual(fault === 'create' ? ['b'] : ['a', 'b']);
    });
    test('and goes on to hold nothing, when it goes on to fail', async () => {
      const wal = await openWal();
      files.fault = fault;
      for (const name of ['x', 'y', 'z']) {
        await expect(commit(wal, name)).rejects.toThrow('could not be written');
      }
      expect(wal.status()).toMatchObject({ waitingRows: 0, waitingBytes: 0, segments: 0 });
      expect(await readRest(wal)).toEqual([]);
      expect((await readdir(folder)).filter((name) => name !== 'quarantine')).toEqual([]);
    });
  },
);

test('a refused commit does not come back after a crash', async () => {
  instead = away;
  const wal = await openWal({ maxSegmentBytes: 400 });
  // Fills a segment, which the inserter is busy with from now on.
  await commit(wal, 'a'.repeat(400));
  await commit(wal, 'b');
  expect(wal.status().segments).toBe(2);
  files.fault = 'sync';
  await expect(commit(wal, 'x')).rejects.toThrow('could not be written');
  expect(await readRest(wal)).toEqual(['a'.repeat(400), 'b']);
});

test('a segment whose bad end could not be cut off is stored without it, while running', async () => {
  const wal = await openWal({ quietLingerMs: 60_000 });
  await commit(wal, 'a');
  files.fault = 'truncate and sync';
  await expect(commit(wal, 'x')).rejects.toThrow('could not be written');
  files.fault = 'none';
  await wal.settled();
  expect((await readNames(opened.store, project)).spans).toEqual(['a']);
  expect(wal.status()).toMatchObject({ damagedCommits: 0, waitingRows: 0, waitingBytes: 0 });
  await wal.close();
});

test('a disk with too little to spare refuses until there is room again', async () => {
  files.freeBytes = 1_000;
  const wal = await openWal({ minFreeBytes: 2_000 });
  await expect(commit(wal, 'x')).rejects.toThrow('the disk of the write-ahead log is nearly full');
  expect(wal.status().refused.disk_low).toBe(1);
  files.freeBytes = 1_000_000;
  await commitAgain(wal, 'a');
  expect(await readRest(wal)).toEqual(['a']);
});

test('files that the kernel does not let grow: what was acknowledged is whole', async () => {
  const child = fileURLToPath(new URL('./small-disk-child.testing.ts', import.meta.url));
  // In blocks of 512 bytes.
  const command = 'ulimit -f 40 && exec "$0" "$@"';
  const { stdout } = await promisify(execFile)('sh', [
    '-c',
    command,
    process.execPath,
    child,
    folder,
    project,
  ]);
  const acknowledged = JSON.parse(stdout) as string[];
  expect(acknowledged.length).toBeGreaterThan(20);
  const wal = await openWal();
  expect((await readRest(wal)).toSorted()).toEqual(acknowledged.toSorted());
});

test('while the store is away commits go on, up to the bound, and are stored when it is back', async () => {
  instead = away;
  const wal = await openWal({ maxBytes: 20_000, maxSegmentBytes: 4_000 });
  const taken: string[] = [];
  for (let at = 0; ; at++) {
    const name = `span ${String(at).padStart(4, '0')}`;
    const isTaken = await commit(wal, name).then(
      () => true,
      () => false,
    );
    if (!isTaken) break;
    taken.push(name);
  }
  expect(taken.length).toBeGreaterThan(20);
  await expect(commit(wal, 'x')).rejects.toThrow(/^the write-ahead log is full/);
  const { refused, waitingRows, segments } = wal.status();
  expect([refused.full, waitingRows]).toEqual([2, taken.length * 2]);
  expect(segments).toBeGreaterThan(3);
  await until(() => (wal.status().failedInserts[0] ?? 0) > 0);
  instead = null;
  await wal.settled();
  expect((await readNames(opened.store, project)).spans).toEqual(taken);
  await commit(wal, 'z');
  expect(await readRest(wal)).toEqual([...taken, 'z']);
});

test('one commit that ClickHouse refuses does not take its neighbours along', async () => {
  instead = away;
  const wal = await openWal({ quietLingerMs: 60_000 });
  const names = Array.from({ length: 9 }, (_, at) => `s${at}`);
  for (const name of names) await commit(wal, name);
  await wal.commit([createBlock('spans', project, ['bad', 'worse'])]);
  instead = async (file, signal) => {
    if ((await readFile(file.path, 'latin1')).includes('worse')) await refuse(file, signal);
    await opened.store.insertNative(file, signal);
  };
  await wal.settled();
  expect(await readNames(opened.store, project)).toEqual({ spans: names, content: names });
  expect(wal.status()).toMatchObject({ quarantined: { segments: 1 }, waitingRows: 0 });
  expect(wal.status().failedInserts[117]).toBeGreaterThan(0);
  expect(wal.lines.join()).not.toContain('quotes rows');
  await wal.close();
});

test('a segment that is too big for the memory of the store goes in halves', async () => {
  const wal = await openWal({ quietLingerMs: 60_000 });
  const called: string[] = [];
  for (const name of ['a', 'b', 'c', 'd']) {
    await wal.commit(createBlocks(project, [name]), () => called.push(name));
  }
  instead = (file, signal) =>
    file.rows > 2
      ? Promise.reject(toClickHouseError(241, 'MEMORY_LIMIT_EXCEEDED'))
      : opened.store.insertNative(file, signal);
  await wal.settled();
  const names = ['a', 'b', 'c', 'd'];
  expect(await readNames(opened.store, project)).toEqual({ spans: names, content: names });
  expect(called).toEqual(names);
  expect(wal.status()).toMatchObject({ storedSegments: 2, waitingRows: 0, waitingBytes: 0 });
  await wal.close();
});

test('whoever is told that rows are stored may fail', async () => {
  const wal = await openWal();
  const told: string[] = [];
  await Promise.all([
    wal.commit(createBlocks(project, ['a']), () => {
      throw new Error('not today');
    }),
    wal.commit(createBlocks(project, ['b']), () => told.push('b')),
  ]);
  await wal.settled();
  expect(told).toEqual(['b']);
  expect(wal.lines).toEqual(['what was to be done once rows were stored failed']);
  expect(wal.status()).toMatchObject({ waitingRows: 0, waitingBytes: 0, failedInserts: {} });
  await wal.close();
});

test('the engine killed while segments go in, again and again: every row is there once', async () => {
  await opened.store.client.command({ query: 'SYSTEM STOP MERGES' });
  const wal = await openWal({ maxSegmentBytes: 20_000, closeLimitMs: 20_000 });
  const names: string[] = [];
  let kills = 0;
  for (let at = 0; at < 400; at++) {
    const batch = Array.from({ length: 5 }, (_, row) => `${at}-${row}`);
    await wal.commit(createBlocks(project, batch));
    names.push(...batch);
    if (at % 100 !== 50) continue;
    const pid = opened.store.enginePid();
    if (pid === null) continue;
    process.kill(pid, 'SIGKILL');
    kills += 1;
  }
  expect(kills).toBeGreaterThan(0);
  await wal.settled();
  const { spans, content } = await readNames(opened.store, project);
  expect(spans.toSorted()).toEqual(names.toSorted());
  expect(content.toSorted()).toEqual(names.toSorted());
  await wal.close();
});

test('a second process is told to stay away, and may come when the first has gone', async () => {
  const wal = await openWal();
  await expect(openWal()).rejects.toThrow(
    /^The write-ahead log .* is in use by another Orchescope\. Stop that one first/,
  );
  await commit(wal, 'a');
  expect(await readRest(wal)).toEqual(['a']);
});

test('the lock of a process that was killed is free at once', async () => {
  const child = fork(new URL('./lock-child.testing.ts', import.meta.url), [folder]);
  await new Promise((resolve) => child.once('message', resolve));
  await expect(openWal()).rejects.toThrow(/is in use by another Orchescope/);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  await (await openWal()).close();
  expect((await readdir(folder)).filter((name) => name.startsWith('lock'))).toEqual([]);
});
