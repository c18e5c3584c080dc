import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Span } from '../../span.ts';
import { oneSpan } from '../../store/span-arbitrary.ts';
import { readSilentRuns } from '../../store/read-silent-runs.ts';
import { startTestStore, storeSpans as store, type TestStore } from '../../store/testing.ts';
import { startAnalysis, type Analysis } from './start-analysis.ts';

let opened: TestStore;
let analysis: Analysis;
const warnings: string[] = [];
const warn = (message: string): void => void warnings.push(message);

beforeAll(async () => {
  opened = await startTestStore();
  analysis = startAnalysis({ store: opened.store.address, warn });
});
afterAll(async () => {
  await analysis.close();
  await opened.close();
});
async function storeSpans(to: TestStore, spans: readonly Span[]): Promise<void> {
  await store(to, spans);
  analysis.wake();
}

const newTraceId = (): string => crypto.randomUUID().replaceAll('-', '');

const second = 1_000_000_000n;

type Draft = Partial<Span> & { readonly at?: number; readonly lasts?: number | null };

function draft({ at = 0, lasts = 1, ...span }: Draft): Span {
  const start = oneSpan.startTimeUnixNano + BigInt(at) * second;
  return {
    ...oneSpan,
    ...span,
    startTimeUnixNano: start,
    endTimeUnixNano: lasts === null ? 0n : start + BigInt(lasts) * second,
  };
}

async function readRuns(traceId: string): Promise<Record<string, unknown>[]> {
  const answer = await opened.store.client.query({
    query: `SELECT run_id, workflow, toString(status) AS status, toFloat64(duration_ns) / 1e9 AS seconds,
        toUInt32(length(trace_ids)) AS traces, span_count AS spans, agents
      FROM runs FINAL WHERE has(trace_ids, {traceId:String}) ORDER BY run_id`,
    query_params: { traceId },
    format: 'JSONEachRow',
  });
  return answer.json();
}

const workflow = (traceId: string, more: Draft = {}): Span =>
  draft({ traceId, spanId: '00000000000000a1', workflowName: 'refund', lasts: 10, ...more });

test('what was stored is a run a moment later, and more of it is more of the same run', async () => {
  const traceId = newTraceId();
  await storeSpans(opened, [workflow(traceId, { lasts: null })]);
  await expect
    .poll(() => readRuns(traceId), { timeout: 20_000, interval: 250 })
    .toMatchObject([{ run_id: `trace:${traceId}`, workflow: 'refund', status: 'running' }]);
  await storeSpans(opened, [
    workflow(traceId),
    draft({
      traceId,
      spanId: '00000000000000a2',
      parentSpanId: '00000000000000a1',
      kind: 'agent',
      agentName: 'clerk',
      at: 2,
    }),
  ]);
  await expect
    .poll(() => readRuns(traceId), { timeout: 20_000, interval: 250 })
    .toMatchObject([{ status: 'completed', seconds: 10, spans: 2, agents: ['clerk'] }]);
});

test('a resume in another trace is the same run, whichever of them comes first', async () => {
  const [first, later] = [newTraceId(), newTraceId()];
  const resumed = workflow(later, {
    at: 100,
    links: [{ traceId: first, spanId: '00000000000000a1', rel: 'resumes', attributes: new Map() }],
  });
  await storeSpans(opened, [resumed]);
  await expect
    .poll(() => readRuns(later), { timeout: 20_000, interval: 250 })
    .toMatchObject([{ run_id: `trace:${later}` }]);
  await storeSpans(opened, [workflow(first)]);
  await expect
    .poll(() => readRuns(later), { timeout: 20_000, interval: 250 })
    .toMatchObject([{ run_id: `trace:${first}`, traces: 2, seconds: 110 }]);
  expect(await readRuns(first)).toHaveLength(1);
});

test('an id of the run joins what nothing else joins', async () => {
  const [one, two] = [newTraceId(), newTraceId()];
  const runId = crypto.randomUUID();
  await storeSpans(opened, [workflow(one, { runId })]);
  await storeSpans(opened, [workflow(two, { runId, at: 20 })]);
  await expect
    .poll(() => readRuns(two), { timeout: 20_000, interval: 250 })
    .toMatchObject([{ run_id: runId, traces: 2 }]);
});

test('a start that turns out to be earlier moves the run, and leaves nothing behind', async () => {
  const traceId = newTraceId();
  const child = draft({ traceId, spanId: '00000000000000a2', kind: 'agent', at: 86_400 });
  await storeSpans(opened, [{ ...child, parentSpanId: '00000000000000a1' }]);
  await expect.poll(() => readRuns(traceId), { timeout: 20_000, interval: 250 }).toHaveLength(1);
  await storeSpans(opened, [workflow(traceId, { lasts: 90_000 })]);
  await expect
    .poll(() => readRuns(traceId), { timeout: 20_000, interval: 250 })
    .toMatchObject([{ seconds: 90_000 }]);
});

test('projects with the same ids do not meet', async () => {
  const traceId = newTraceId();
  await storeSpans(opened, [workflow(traceId), workflow(traceId, { projectId: 'other' })]);
  await expect.poll(() => readRuns(traceId), { timeout: 20_000, interval: 250 }).toHaveLength(2);
});

test('an open run is looked at again when its silence has grown by a quarter', async () => {
  const traceId = newTraceId();
  const now = BigInt(Date.now()) * 1_000_000n;
  const started = { startTimeUnixNano: now - 100n * second, endTimeUnixNano: 0n };
  await storeSpans(opened, [{ ...workflow(traceId, { lasts: null }), ...started }]);
  await expect.poll(() => readRuns(traceId), { timeout: 20_000, interval: 250 }).toHaveLength(1);
  const silentAfter = async (seconds: number): Promise<boolean> => {
    const runs = await readSilentRuns(opened.store.client, Date.now() + seconds * 1000, 1_000);
    return runs.some((run) => run.traceId === traceId);
  };
  expect(await silentAfter(5)).toBe(false);
  expect(await silentAfter(60)).toBe(true);
});

test('none of this was worth a warning', () => {
  expect(warnings).toEqual([]);
});
