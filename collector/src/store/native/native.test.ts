import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Span } from '../../span.ts';
import { readSpan } from '../read-span.ts';
import { brokenTextArbitrary, oneSpan, spanArbitrary } from '../span-arbitrary.ts';
import { insertBlocks, startTestStore, type TestStore } from '../testing.ts';
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

const insert = (blocks: readonly Block[]) => insertBlocks(opened.store, blocks);

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
      const broken: Span = {
        ...oneSpan,
        traceId,
        name: text,
        conversationId: text,
        attributes: new Map([[text, text]]),
        events: [{ name: text, timeUnixNano: 2n ** 64n, attributes: new Map([[text, [text]]]) }],
        content: [{ slot: 'input', key: text, format: 'text', body: text }],
      };
      const neighbour: Span = { ...oneSpan, traceId, spanId: '00000000000000aa' };
      await write([broken, neighbour]);
      const mended = await read(broken);
      expect(mended?.name).toBe(text.toWellFormed());
      expect(mended?.content[0]?.body).toBe(text.toWellFormed());
      expect(await read(neighbour)).toEqual(neighbour);
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

const clamps: [string, Partial<Span>, Partial<Span>][] = [
  ['a start before 1970 becomes 1970', { startTimeUnixNano: -5n }, { startTimeUnixNano: 0n }],
  [
    'a start after 2106 becomes the last moment of the sorting key',
    { startTimeUnixNano: 2n ** 64n - 1n, endTimeUnixNano: 2n ** 64n - 1n },
    { startTimeUnixNano: 4_294_967_295_999_999_999n, endTimeUnixNano: 2n ** 64n - 1n },
  ],
  ['a cost of a million or more is not believed', { costUsd: '1000000' }, { costUsd: null }],
  ['a cost with an exponent is read', { costUsd: '2.5e-7' }, { costUsd: '0.00000025' }],
  ['a cost that is no number is unknown', { costUsd: 'free' }, { costUsd: null }],
  ['zeros around a cost go', { costUsd: '0012.500' }, { costUsd: '12.5' }],
  [
    'an infinite time to first chunk is unknown',
    { timeToFirstChunk: Number.POSITIVE_INFINITY },
    { timeToFirstChunk: null },
  ],
  [
    'negative and broken token counts are unknown',
    { usage: { ...oneSpan.usage, inputTokens: -1, outputTokens: 0.5 } },
    { usage: { ...oneSpan.usage, inputTokens: null, outputTokens: null } },
  ],
  [
    'counters stay in their range',
    { attempt: -3, loopIteration: 1e12 },
    { attempt: 0, loopIteration: 4_294_967_295 },
  ],
];

test.each(clamps)('%s', async (_, given, kept) => {
  const traceId = newTraceId();
  await write([{ ...oneSpan, traceId, ...given }]);
  expect(await read({ ...oneSpan, traceId })).toEqual({ ...oneSpan, traceId, ...kept });
});

test('spans of more days than ClickHouse likes in one insert are all taken', async () => {
  const traceId = newTraceId();
  const day = 86_400_000_000_000n;
  const spans = Array.from({ length: 150 }, (_, at) => ({
    ...oneSpan,
    traceId,
    spanId: at.toString(16).padStart(16, '0'),
    startTimeUnixNano: oneSpan.startTimeUnixNano + BigInt(at) * day,
  }));
  await write(spans);
  const answer = await opened.store.client.query({
    query: 'SELECT toUInt32(count()) AS n FROM spans WHERE trace_id = {traceId:String}',
    query_params: { traceId },
    format: 'JSONEachRow',
  });
  expect(await answer.json()).toEqual([{ n: 150 }]);
});

test('the copy that ended last is the one that is read, with its own content', async () => {
  const traceId = newTraceId();
  const ended: Span = {
    ...oneSpan,
    traceId,
    name: 'ended',
    content: [{ slot: 'output', key: 'o', format: 'text', body: 'done' }],
  };
  const running: Span = {
    ...ended,
    name: 'running',
    flags: 1,
    endTimeUnixNano: 0n,
    content: [{ slot: 'input', key: 'i', format: 'text', body: 'begun' }],
  };
  await write([ended]);
  await write([running, ended]);
  expect(await read(ended)).toEqual(ended);
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
