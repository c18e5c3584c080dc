import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Span } from '../span.ts';
import { createBatchWriter } from './batch-writer.ts';
import { until } from './engine/testing-engine.ts';
import type { Stamp } from './native/batch.ts';
import { readSpan } from './read-span.ts';
import { oneSpan } from './span-arbitrary.ts';
import { StoreUnavailableError, type BatchWriter, type Durable } from './store.ts';
import { startTestStore, type TestStore } from './testing.ts';
import { openWal, type Wal } from './wal/open-wal.ts';

const stamp: Stamp = {
  receivedUnixSeconds: Math.floor(Date.now() / 1000),
  retentionDays: 0,
  contentRetentionDays: 0,
};

let opened: TestStore;
let wal: Wal;
let writer: BatchWriter;

beforeAll(async () => {
  opened = await startTestStore();
  const { insertNative } = opened.store;
  wal = await openWal({ folder: join(opened.dataDir, 'wal'), insertNative, log: () => undefined });
  writer = createBatchWriter(wal);
});

afterAll(async () => {
  await writer.close();
  await wal.close();
  await opened.close();
});

let count = 0;

function newSpan(): Span {
  const item = { slot: 'input', key: 'input', format: 'text', body: 'hello' } as const;
  const spanId = (count += 1).toString(16).padStart(16, '0');
  return { ...oneSpan, traceId: crypto.randomUUID().replaceAll('-', ''), spanId, content: [item] };
}

const add = (span: Span) => writer.write((batch) => batch.addSpan(span, stamp));
const read = (span: Span) => readSpan(opened.store, span.projectId, span.traceId, span.spanId);

test('writes of one moment go to disk together, and each is read back whole', async () => {
  const spans = Array.from({ length: 100 }, newSpan);
  const { commits } = wal.status();
  await Promise.all(spans.map(add));
  expect(wal.status().commits - commits).toBeLessThanOrEqual(2);
  await wal.settled();
  expect(await Promise.all(spans.map(read))).toEqual(spans);
});

test('a fill that fails takes back its own rows and no others', async () => {
  const [before, failed, after] = [newSpan(), newSpan(), newSpan()];
  const results = await Promise.allSettled([
    add(before),
    writer.write((batch) => {
      batch.addSpan(failed, stamp);
      throw new RangeError('half a body');
    }),
    add(after),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  await wal.settled();
  expect(await Promise.all([before, failed, after].map(read))).toEqual([before, undefined, after]);
});

test('a batch that is filled in turns leaves the others alone', async () => {
  const [large, small] = [Array.from({ length: 50 }, newSpan), newSpan()];
  const writing = writer.writeApart(async (batch) => {
    for (const span of large) {
      batch.addSpan(span, stamp);
      await Promise.resolve();
    }
    return batch.spans.rows;
  });
  await add(small);
  expect(await writing).toBe(50);
  await wal.settled();
  expect(await Promise.all([...large, small].map(read))).toEqual([...large, small]);
});

test('whoever asked is told once the rows can be queried', async () => {
  const span = newSpan();
  const stored = Promise.withResolvers<void>();
  await writer.write((batch) => batch.addSpan(span, stamp), stored.resolve);
  await stored.promise;
  expect(await read(span)).toEqual(span);
});

test('a disk that takes nothing fails the writes that waited for it, and the next may pass', async () => {
  const full: Pick<Durable, 'commit'> = {
    commit: () => Promise.reject(new StoreUnavailableError('the disk is full')),
  };
  let durable = full;
  const failing = createBatchWriter({ commit: (...blocks) => durable.commit(...blocks) });
  const lost = newSpan();
  const kept = newSpan();
  await expect(failing.write((batch) => batch.addSpan(lost, stamp))).rejects.toThrow(
    StoreUnavailableError,
  );
  durable = wal;
  await failing.write((batch) => batch.addSpan(kept, stamp));
  await wal.settled();
  expect([await read(lost), await read(kept)]).toEqual([undefined, kept]);
});

test('while the disk is slow a batch stops growing, and what waits goes with the next', async () => {
  const sizes: number[] = [];
  const disk = Promise.withResolvers<void>();
  const slow = createBatchWriter({
    commit: async (blocks) => {
      const pieces = blocks.flatMap((block) => block.pieces);
      sizes.push(pieces.reduce((sum, piece) => sum + piece.length, 0));
      await disk.promise;
    },
  });
  const body = 'x'.repeat(1024 * 1024);
  const item = { slot: 'input', key: 'input', format: 'text', body } as const;
  let added = 0;
  const writes = Array.from({ length: 40 }, () =>
    slow.write((batch) => {
      batch.addSpan({ ...newSpan(), content: [item] }, stamp);
      added += 1;
    }),
  );
  // One that is being written, and sixteen with a little more than their bodies.
  await until(() => added === 17);
  for (let turn = 0; turn < 100; turn += 1) await setImmediate();
  expect(added).toBe(17);
  disk.resolve();
  await Promise.all(writes);
  await slow.close();
  const rows = sizes.map((bytes) => Math.floor(bytes / body.length));
  expect(rows.slice(0, 2)).toEqual([1, 16]);
  expect(rows.reduce((sum, count) => sum + count, 0)).toBe(40);
});

test('closing writes what has gathered, then refuses', async () => {
  const closing = createBatchWriter(wal);
  const span = newSpan();
  const written = closing.write((batch) => batch.addSpan(span, stamp));
  await closing.close();
  await written;
  await wal.settled();
  expect(await read(span)).toEqual(span);
  await expect(closing.write(() => undefined)).rejects.toThrow(StoreUnavailableError);
});
