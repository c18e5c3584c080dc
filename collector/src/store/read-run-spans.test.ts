import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analysedAttributes, type RunSpan } from '../run-span.ts';
import { toRunSpans } from '../run-spans.testing.ts';
import type { Span } from '../span.ts';
import { readRunSpans } from './read-run-spans.ts';
import { attributeValueArbitrary, oneSpan, spanArbitrary } from './span-arbitrary.ts';
import { startTestStore, storeSpans, type TestStore } from './testing.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await startTestStore();
});
afterAll(() => opened.close());

const newTraceId = (): string => crypto.randomUUID().replaceAll('-', '');

async function read(traceId: string, limit = 1000): Promise<readonly RunSpan[]> {
  const [trace] = await readRunSpans(opened.store, 'default', [traceId], limit);
  return trace?.spans.spans ?? [];
}

const name = fc.constantFrom(
  'orchescope.retry.attempt',
  'orchescope.input',
  'input.value',
  ...analysedAttributes,
);
const attributes = fc
  .array(fc.tuple(name, attributeValueArbitrary), { maxLength: 6 })
  .map((entries) => new Map(entries));
const eventName = fc.constantFrom('exception', 'orchescope.retry', 'gen_ai.choice');

test('analysis reads of any span what it was sent', { timeout: 120_000 }, async () => {
  const drawn = fc.array(fc.tuple(spanArbitrary, attributes, eventName), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(drawn, async (draws) => {
      const traceId = newTraceId();
      const spans = draws.map(([span, attributes, name], at): Span => ({
        ...span,
        projectId: 'default',
        traceId,
        spanId: at.toString(16).padStart(16, '0'),
        attributes,
        resourceAttributes: new Map([['service.version', '1.2']]),
        events: span.events.map((event) => ({ ...event, name })),
      }));
      await storeSpans(opened, spans);
      expect((await read(traceId)).map(withoutHashes)).toEqual(
        toRunSpans(spans).spans.map(withoutHashes),
      );
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

/** The store's hash is another than the test's. */
function withoutHashes(span: RunSpan): unknown {
  const events = span.events.toSorted((a, b) => a.timeNs - b.timeNs);
  return { ...span, events, digests: span.digests.map(({ slot }) => slot) };
}

test('equal payloads have equal digests, others do not', async () => {
  const traceId = newTraceId();
  const say = (spanId: string, body: string): Span => ({
    ...oneSpan,
    traceId,
    spanId,
    conversationId: spanId,
    content: [{ slot: 'tool_arguments', key: 'args', format: 'text', body }],
  });
  await storeSpans(opened, [
    say('00000000000000a1', 'Paris'),
    say('00000000000000a2', 'Rome'),
    say('00000000000000a3', 'Paris'),
  ]);
  const [paris, rome, again] = (await read(traceId)).map(({ digests }) => digests[0]?.hash);
  expect(paris).toBe(again);
  expect(paris).not.toBe(rome);
});

test('of the copies of a span the latest is read, whenever it came', async () => {
  const traceId = newTraceId();
  const running = { ...oneSpan, traceId, endTimeUnixNano: 0n };
  const ended = { ...oneSpan, traceId, name: 'ended' };
  await storeSpans(opened, [ended]);
  await storeSpans(opened, [running]);
  expect((await read(traceId)).map(({ name }) => name)).toEqual(['ended']);
});

test('beyond the limit the first spans are read, and the others are counted', async () => {
  const traceId = newTraceId();
  const spans = Array.from({ length: 30 }, (_, at) => ({
    ...oneSpan,
    traceId,
    spanId: at.toString(16).padStart(16, '0'),
    startTimeUnixNano: oneSpan.startTimeUnixNano + BigInt((at * 7) % 30),
  }));
  await storeSpans(opened, spans);
  const [trace] = await readRunSpans(opened.store, 'default', [traceId], 10);
  expect(trace?.spans.spans.map(({ startNs }) => startNs)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(trace?.spans.leftOut).toBe(20);
});

test('each trace counts from its own start and keeps its own retention', async () => {
  const [one, two] = [newTraceId(), newTraceId()];
  await storeSpans(opened, [
    { ...oneSpan, traceId: one },
    { ...oneSpan, traceId: two, startTimeUnixNano: oneSpan.startTimeUnixNano + 5n },
  ]);
  const traces = await readRunSpans(opened.store, 'default', [one, two], 1000);
  expect(new Map(traces.map(({ traceId, spans }) => [traceId, spans.baseUnixNano]))).toEqual(
    new Map([
      [one, oneSpan.startTimeUnixNano],
      [two, oneSpan.startTimeUnixNano + 5n],
    ]),
  );
  expect(traces.map(({ retentionDays }) => retentionDays)).toEqual([0, 0]);
});

test('traces of other projects, and unknown ones, are not there', async () => {
  const traceId = newTraceId();
  await storeSpans(opened, [{ ...oneSpan, traceId, projectId: 'other' }]);
  expect(await readRunSpans(opened.store, 'default', [traceId], 10)).toEqual([]);
});

test('the sum that an agent tells is read from what it sent, the calls keep their own', async () => {
  const traceId = newTraceId();
  const sent = new Map<string, number | string>([
    ['gen_ai.usage.input_tokens', 900],
    ['gen_ai.usage.output_tokens', 'many'],
    ['gen_ai.usage.cache_read.input_tokens', 100],
  ]);
  const agent: Span = { ...oneSpan, traceId, kind: 'agent', attributes: sent };
  const tool: Span = { ...agent, spanId: '00000000000000b1', kind: 'tool' };
  await storeSpans(opened, [agent, tool]);
  const told = (await read(traceId)).map(({ kind, inputTokens, outputTokens, cacheReadTokens }) => [
    kind,
    inputTokens,
    outputTokens,
    cacheReadTokens,
  ]);
  expect(told.toSorted()).toEqual([
    ['agent', 900, null, 100],
    ['tool', null, null, null],
  ]);
});
