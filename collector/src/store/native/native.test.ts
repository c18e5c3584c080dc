import * as fc from 'fast-check';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Span } from '../../span.ts';
import { readSpan } from '../read-span.ts';
import { brokenTextArbitrary, oneSpan, spanArbitrary } from '../span-arbitrary.ts';
import { startTestStore, type TestStore } from '../testing.ts';
import { createBatch, type Batch, type Stamp } from './batch.ts';
import type { Block } from './block.ts';

const stamp: Stamp = {
  receivedUnixSeconds: Math.floor(Date.now() / 1000),
  retentionDays: 0,
  contentRetentionDays: 0,
};

let opened: TestStore;
let batch: Batch;

beforeAll(async () => {
  opened = await startTestStore();
  batch = createBatch();
});

afterAll(() => opened.close());

async function insert(blocks: readonly Block[]): Promise<void> {
  for (const { table, pieces } of blocks) {
    const { stream } = await opened.store.client.exec({
      query: `INSERT INTO ${table} FORMAT Native`,
      values: Readable.from([Buffer.concat(pieces)], { objectMode: false }),
    });
    for await (const _ of stream) continue;
  }
}

async function write(spans: readonly Span[]): Promise<void> {
  for (const span of spans) batch.addSpan(span, stamp);
  await insert(batch.toBlocks());
  batch.reset();
}

function newTraceId(): string {
  return crypto.randomUUID().replaceAll('-', '');
}

const read = (span: Span) => readSpan(opened.store, span.projectId, span.traceId, span.spanId);

test('any canonical span is read back equal', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(spanArbitrary, { minLength: 1, maxLength: 20 }), async (drawn) => {
      // Shrinking draws the same ids again; what earlier runs wrote must not be found.
      const spans = drawn.map((span) => ({ ...span, traceId: newTraceId() }));
      await write(spans);
      for (const span of spans) expect(await read(span)).toEqual(span);
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

test('text that is no text does not fail its neighbours', async () => {
  await fc.assert(
    fc.asyncProperty(brokenTextArbitrary, async (text) => {
      const traceId = newTraceId();
      const broken: Span = { ...oneSpan, traceId, name: text, statusMessage: text };
      const plain: Span = { ...oneSpan, traceId, spanId: '00000000000000aa' };
      await write([broken, plain]);
      expect((await read(broken))?.name).toBe(text.toWellFormed());
      expect(await read(plain)).toEqual(plain);
    }),
    { numRuns: 10 },
  );
});

test('what was added after a mark can be taken back', async () => {
  const item = { slot: 'input', key: 'input', format: 'text', body: 'kept' } as const;
  const kept: Span = { ...oneSpan, traceId: newTraceId(), content: [item] };
  const taken = fc.sample(spanArbitrary, { numRuns: 20, seed: 7 });
  batch.addSpan(kept, stamp);
  const before = batch.toBlocks().map(({ pieces }) => Buffer.concat(pieces));
  const marks = batch.mark();
  for (const span of taken) batch.addSpan(span, stamp);
  batch.rollback(marks);
  expect(batch.toBlocks().map(({ rows }) => rows)).toEqual([1, 1]);
  await insert(batch.toBlocks());
  batch.reset();
  expect(await read(kept)).toEqual(kept);
  batch.addSpan(kept, stamp);
  expect(batch.toBlocks().map(({ pieces }) => Buffer.concat(pieces))).toEqual(before);
  batch.reset();
});

test('more names than a byte or two can number come back each in its place', async () => {
  const traceId = newTraceId();
  const count = 70_000;
  for (let at = 1; at <= count; at += 1) {
    const spanId = at.toString(16).padStart(16, '0');
    batch.addSpan({ ...oneSpan, traceId, spanId, name: `name ${at}`, content: [] }, stamp);
  }
  await insert(batch.toBlocks());
  batch.texts.clearIfLarge();
  batch.reset();
  expect(batch.texts.size).toBe(1);
  const answer = await opened.store.client.query({
    query: `SELECT toUInt32(countIf(name = concat('name ', toString(reinterpretAsUInt64(reverse(unhex(span_id))))))) AS n
      FROM spans WHERE trace_id = {traceId:String}`,
    query_params: { traceId },
    format: 'JSONEachRow',
  });
  expect(await answer.json()).toEqual([{ n: count }]);
});
