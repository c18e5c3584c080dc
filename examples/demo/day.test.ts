import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { genAi } from '@orchescope/sdk/attributes';
import { cutAt } from './clock.ts';
import { createDay, createTraces } from './day.ts';
import { createLive } from './live.ts';
import { createRandom } from './random.ts';
import { toRequests } from './to-requests.ts';
import type { Trace } from './trace.ts';
import { toSpanTree } from '../frameworks/span-tree.ts';
import { workflows } from './workflows/all.ts';

const endUnixMs = Date.UTC(2026, 10, 21, 15, 30);
const day = createDay({ seed: 5, endUnixMs, traces: 400 });

test('the same seed and clock give the same bytes, another seed gives others', () => {
  expect(digest(createDay({ seed: 5, endUnixMs, traces: 400 }))).toBe(digest(day));
  expect(digest(createDay({ seed: 6, endUnixMs, traces: 400 }))).not.toBe(digest(day));
});

test('the same seed a minute later gives other traces', () => {
  const later = createDay({ seed: 5, endUnixMs: endUnixMs + 60_000, traces: 400 });
  const ids = new Set(day.map(({ traceId }) => traceId));
  expect(later.filter(({ traceId }) => ids.has(traceId))).toEqual([]);
});

test('every kind of work is there, and most of it happens in office hours', () => {
  const names = new Set(day.map((trace) => trace.spans[0]?.name));
  expect(names).toEqual(new Set(workflows.map(({ name }) => `invoke_workflow ${name}`)));
  const office = day.filter((trace) => {
    const hour = new Date(trace.spans[0]?.startMs ?? 0).getUTCHours();
    return hour >= 7 && hour < 19;
  });
  expect(office.length / day.length).toBeGreaterThan(0.6);
});

test('each trace is one tree, children inside the time of their parents', () => {
  for (const trace of day) {
    const byId = new Map(trace.spans.map((span) => [span.spanId, span]));
    expect(byId.size).toBe(trace.spans.length);
    expect(trace.spans.filter(({ parentSpanId }) => parentSpanId === '')).toHaveLength(1);
    for (const span of trace.spans.slice(1)) {
      const parent = byId.get(span.parentSpanId);
      expect(parent?.startMs).toBeLessThanOrEqual(span.startMs);
      expect(parent?.endMs).toBeGreaterThanOrEqual(span.endMs);
    }
  }
});

test('links lead to spans that were sent', () => {
  const ids = new Set(
    day.flatMap((trace) => trace.spans.map((span) => `${trace.traceId} ${span.spanId}`)),
  );
  const links = day.flatMap((trace) => trace.spans.flatMap((span) => span.links));
  expect(links.filter(({ to }) => !ids.has(`${to.traceId} ${to.spanId}`))).toEqual([]);
  expect(new Set(links.map(({ rel }) => rel))).toEqual(
    new Set(['resumes', 'retries', 'fan_in', 'compensates']),
  );
});

test('cached tokens are part of the input, reasoning is part of the output', () => {
  const calls = day
    .flatMap(({ spans }) => spans)
    .filter(({ attributes }) => attributes.has(genAi.usageOutputTokens));
  expect(calls.length).toBeGreaterThan(1000);
  const count = (span: (typeof calls)[number], name: string) =>
    Number(span.attributes.get(name) ?? 0);
  for (const span of calls) {
    expect(count(span, genAi.usageCacheReadInputTokens)).toBeLessThanOrEqual(
      count(span, genAi.usageInputTokens),
    );
    expect(count(span, genAi.usageReasoningOutputTokens)).toBeLessThanOrEqual(
      count(span, genAi.usageOutputTokens),
    );
  }
});

test('nothing that was sent lies in the future, and running spans do not know their end', () => {
  const cut = cutAt(day, endUnixMs).flatMap(({ spans }) => spans);
  expect(
    cut.filter(
      ({ startMs, endMs, running }) => startMs >= endUnixMs || (!running && endMs > endUnixMs),
    ),
  ).toEqual([]);
  const running = cut.filter((span) => span.running);
  expect(running.filter(({ parentSpanId }) => parentSpanId === '').length).toBeGreaterThanOrEqual(
    3,
  );
  expect(running.filter(({ attributes }) => attributes.has(genAi.outputMessages))).toEqual([]);
});

test('what goes on after the day is sent once as it begins and once as it ends', () => {
  const open = day.filter(({ spans }) => spans.some(({ endMs }) => endMs > endUnixMs));
  const live = createLive(createRandom(9), { startUnixMs: endUnixMs, open, everyMs: 60_000 });
  const sent = new Map<string, string[]>();
  for (let minute = 1; minute <= 24 * 60; minute++) {
    for (const request of live.due(endUnixMs + minute * 60_000)) {
      for (const { spanId, endTimeUnixNano } of request.resourceSpans.flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap(({ spans }) => spans),
      )) {
        sent.set(spanId, [
          ...(sent.get(spanId) ?? []),
          endTimeUnixNano === '0' ? 'running' : 'ended',
        ]);
      }
    }
  }
  const ways = new Set(Array.from(sent.values(), (way) => way.join(' ')));
  expect(
    Array.from(ways).filter((way) => way === 'ended ended' || way.startsWith('running running')),
  ).toEqual([]);
  expect(ways).toContain('running ended');
  const endOfOpen = open.flatMap(({ spans }) => spans).filter(({ endMs }) => endMs > endUnixMs);
  expect(endOfOpen.filter(({ spanId }) => sent.get(spanId)?.at(-1) !== 'ended')).toEqual([]);
});

test.each(workflows)('$name looks as drawn beside it', async (workflow) => {
  const traces = createTraces(workflow, createRandom(3), endUnixMs, []);
  await expect(toTree(traces)).toMatchFileSnapshot(`./workflows/${workflow.name}.txt`);
});

function toTree(traces: readonly Trace[]): string {
  const spans = traces.flatMap(({ traceId, spans }) =>
    spans.map((span) => ({
      traceId,
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      name: span.name,
      startTimeUnixNano: BigInt(Math.round(span.startMs * 1e6)),
      failed: span.status === 'error',
    })),
  );
  return toSpanTree(spans);
}

function digest(traces: readonly Trace[]): string {
  const requests = toRequests(cutAt(traces, endUnixMs), { scope: 'test', spansPerRequest: 1000 });
  return createHash('sha256').update(JSON.stringify(requests)).digest('hex');
}
