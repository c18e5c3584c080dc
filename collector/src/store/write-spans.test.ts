import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeError } from '../log.ts';
import type { Span } from '../span.ts';
import { readSpan } from './read-span.ts';
import { brokenTextArbitrary, oneSpan, spanArbitrary } from './span-arbitrary.ts';
import { StoreUnavailableError, type SpanSink } from './store.ts';
import { startTestStore, type TestStore } from './testing.ts';
import { createSpanWriter } from './write-spans.ts';

let opened: TestStore;
let writer: SpanSink;

beforeAll(async () => {
  opened = await startTestStore();
  writer = createSpanWriter(opened.store, { maxDelayMs: 1 });
});

afterAll(async () => {
  await writer.close();
  await opened.close();
});

function newTraceId(): string {
  return crypto.randomUUID().replaceAll('-', '');
}

function read(span: Span): Promise<Span | undefined> {
  return readSpan(opened.store, span.projectId, span.traceId, span.spanId);
}

async function countRows(table: string, traceId: string): Promise<number> {
  const answer = await opened.store.client.query({
    query: `SELECT toUInt32(count()) AS n FROM ${table} WHERE trace_id = {traceId:String}`,
    query_params: { traceId },
    format: 'JSONEachRow',
  });
  const [row] = await answer.json<{ n: number }>();
  return row?.n ?? 0;
}

test('any canonical span is read back equal', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(spanArbitrary, { minLength: 1, maxLength: 8 }), async (drawn) => {
      // Shrinking draws the same ids again; what earlier runs wrote must not be found.
      const spans = drawn.map((span) => ({ ...span, traceId: newTraceId() }));
      await writer.write(spans);
      for (const span of spans) expect(await read(span)).toEqual(span);
    }),
    { numRuns: 25, endOnFailure: true },
  );
});

test('text that ClickHouse would refuse does not fail its neighbours', async () => {
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
      await writer.write([broken, neighbour]);
      expect((await read(broken))?.name).toBe(text.toWellFormed());
      expect((await read(broken))?.content[0]?.body).toBe(text.toWellFormed());
      expect(await read(neighbour)).toEqual(neighbour);
    }),
    { numRuns: 15, endOnFailure: true },
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
  await writer.write([{ ...oneSpan, traceId, ...given }]);
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
  await writer.write(spans);
  expect(await countRows('spans', traceId)).toBe(150);
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
  await writer.write([ended]);
  await writer.write([running, ended]);
  expect(await read(ended)).toEqual(ended);
});

test('concurrent writes share one insert, and each is visible when its promise resolves', async () => {
  const batching = createSpanWriter(opened.store, { maxDelayMs: 20 });
  const traceId = newTraceId();
  const spans = Array.from({ length: 40 }, (_, at) => ({
    ...oneSpan,
    traceId,
    spanId: at.toString(16).padStart(16, '0'),
  }));
  await Promise.all(
    spans.map(async (span) => {
      await batching.write([span]);
      expect(await read(span)).toEqual(span);
    }),
  );
  const answer = await opened.store.client.query({
    query: `SELECT uniqExact(_part) AS parts FROM spans WHERE trace_id = '${traceId}'`,
    format: 'JSONEachRow',
  });
  expect(await answer.json()).toEqual([{ parts: '1' }]);
  await batching.close();
});

test('a writer that holds too much refuses at once, and takes again afterwards', async () => {
  const small = createSpanWriter(opened.store, { maxDelayMs: 1, maxWaitingBytes: 300 });
  const first = small.write([oneSpan]);
  await expect(small.write([oneSpan])).rejects.toThrow(StoreUnavailableError);
  await first;
  await small.write([oneSpan]);
  await small.close();
});

test('closing writes what waits, then refuses', async () => {
  const closing = createSpanWriter(opened.store, { maxDelayMs: 60_000 });
  const traceId = newTraceId();
  const written = closing.write([{ ...oneSpan, traceId }]);
  await closing.close();
  await written;
  expect(await countRows('spans', traceId)).toBe(1);
  await expect(closing.write([oneSpan])).rejects.toThrow(StoreUnavailableError);
});

test('a write that ClickHouse refuses takes none of its neighbours with it, and its words stay out of the error', async () => {
  const batching = createSpanWriter(opened.store, { maxDelayMs: 20 });
  const traceId = newTraceId();
  const impossible = { ...oneSpan, traceId, name: 'secret', status: 'secret' as 'ok' };
  const [before, refused, after] = await Promise.allSettled([
    batching.write([{ ...oneSpan, traceId, spanId: '00000000000000a1' }]),
    batching.write([impossible]),
    batching.write([{ ...oneSpan, traceId, spanId: '00000000000000a2' }]),
  ]);
  expect([before.status, refused.status, after.status]).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(await countRows('spans', traceId)).toBe(2);
  const { reason } = refused as PromiseRejectedResult;
  expect(reason).not.toBeInstanceOf(StoreUnavailableError);
  expect(describeError(reason)).toMatch(/^insert 1 spans: ClickHouse answered \d+ [A-Z_]+$/);
  await batching.close();
});

test('a write while the store is away is refused with an error that says to try again', async () => {
  const away = await startTestStore();
  const orphaned = createSpanWriter(away.store, { maxDelayMs: 1 });
  await away.close();
  await expect(orphaned.write([oneSpan])).rejects.toThrow(StoreUnavailableError);
  await orphaned.close();
});
