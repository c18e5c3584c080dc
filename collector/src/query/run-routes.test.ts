import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { storeAndAnalyze } from '../analyze-stored.testing.ts';
import * as contract from '../contract.ts';
import * as run from '../run.ts';
import type { Span } from '../span.ts';
import { oneSpan } from '../store/span-arbitrary.ts';
import { startTestStore, type TestStore } from '../store/testing.ts';
import { createLiveFeed } from './live-feed.ts';
import { createQueryRoutes } from './routes.ts';

const info: contract.ServerInfo = { version: '1', engine: 'embedded', authentication: false };
const live = createLiveFeed();
let opened: TestStore;
let app: Hono;

const startedAt = BigInt(Date.now() - 3_600_000) * 1_000_000n;
const second = 1_000_000_000n;

type Draft = Partial<Span> & { readonly at: number; readonly lasts?: number | null };

function span(trace: string, id: number, parent: number, draft: Draft): Span {
  const { at, lasts = 1, ...rest } = draft;
  const start = startedAt + BigInt(Math.round(at * 1000)) * 1_000_000n;
  return {
    ...oneSpan,
    traceId: trace.padStart(32, '0'),
    spanId: toSpanId(id),
    parentSpanId: parent === 0 ? '' : toSpanId(parent),
    startTimeUnixNano: start,
    endTimeUnixNano: lasts === null ? 0n : start + BigInt(Math.round(lasts * 1000)) * 1_000_000n,
    kind: 'step',
    ...rest,
  };
}

const toSpanId = (id: number): string => id.toString(16).padStart(16, '0');
const usage = (inputTokens: number, outputTokens: number) => ({
  ...oneSpan.usage,
  inputTokens,
  outputTokens,
});
const workflow = (name: string) => ({ kind: 'workflow', name, workflowName: name }) as const;

/** A: a refund, two agents, a handoff, priced. B: a report that failed. C: still running. D: another project's. */
const spans: Span[] = [
  span('a', 1, 0, { at: 0, lasts: 10, ...workflow('refund'), userId: 'ann' }),
  span('a', 2, 1, { at: 0, lasts: 4, kind: 'agent', agentName: 'triage' }),
  span('a', 3, 2, {
    at: 1,
    kind: 'llm',
    modelAnswered: 'gpt-5',
    costUsd: '0.25',
    usage: usage(100, 20),
  }),
  span('a', 4, 1, {
    at: 4,
    lasts: 0.1,
    kind: 'handoff',
    handoffFrom: 'triage',
    handoffTo: 'billing',
  }),
  span('a', 5, 1, { at: 5, lasts: 5, kind: 'agent', agentName: 'billing' }),
  span('a', 6, 5, {
    at: 5,
    lasts: 4,
    kind: 'llm',
    modelAnswered: 'gpt-5',
    costUsd: '0.5',
    usage: usage(300, 40),
  }),
  span('b', 1, 0, {
    at: 60,
    lasts: 2,
    ...workflow('report'),
    status: 'error',
    errorType: 'Timeout',
  }),
  span('b', 2, 1, {
    at: 60,
    kind: 'agent',
    agentName: 'writer',
    status: 'error',
    errorType: 'Timeout',
  }),
  span('c', 1, 0, { at: 120, lasts: null, ...workflow('refund'), runId: 'order/7 of 9' }),
  span('d', 1, 0, { at: 0, ...workflow('secret'), projectId: 'other' }),
];

beforeAll(async () => {
  opened = await startTestStore();
  await storeAndAnalyze(opened, spans);
  app = createQueryRoutes({
    store: opened.store,
    live,
    info,
    readIngestHealth: () => Promise.reject(new Error('not asked here')),
  });
});
afterAll(() => opened.close());

async function read<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  const answer = await app.request(path);
  expect(`${answer.status} ${answer.status === 200 ? '' : await answer.text()}`).toBe('200 ');
  return schema.parse(await answer.json());
}

async function list(query: string): Promise<contract.RunList> {
  return read(`/runs?${query}`, contract.runList);
}

const idA = `trace:${'a'.padStart(32, '0')}`;
const idB = `trace:${'b'.padStart(32, '0')}`;
const idC = 'order/7 of 9';

test('runs of a project are listed, newest first, with what they did and cost', async () => {
  const { runs, nextCursor } = await list('');
  expect(runs.map(({ runId }) => runId)).toEqual([idC, idB, idA]);
  expect(nextCursor).toBeNull();
  expect(runs[2]).toMatchObject({
    workflow: 'refund',
    status: 'completed',
    durationMs: 10_000,
    agents: ['triage', 'billing'],
    models: ['gpt-5'],
    userId: 'ann',
    spanCount: 6,
    modelCallCount: 2,
    handoffCount: 1,
    tokens: { input: 400, output: 60 },
    totalTokens: 460,
    costUsd: '0.75',
    unpricedCallCount: 0,
    traceCount: 1,
  });
  expect(runs[1]).toMatchObject({ status: 'failed', errorType: 'Timeout', costUsd: null });
});

test('a running run is as old as it is now', async () => {
  const [running] = (await list('q=status:running')).runs;
  expect(running).toMatchObject({ runId: idC, status: 'running', endTimeUnixNano: null });
  expect(running?.durationMs).toBeGreaterThan(3_000_000);
});

const filters: [string, string[]][] = [
  ['workflow:refund', [idC, idA]],
  ['workflow:REF*', [idC, idA]],
  ['agent:Billing', [idA]],
  ['-agent:billing', [idC, idB]],
  ['model:gpt*', [idA]],
  ['error:timeout', [idB]],
  ['cost>0.5', [idA]],
  ['-cost>0.5', [idB, idC]],
  ['tokens>=460', [idA]],
  ['duration>30m', [idC]],
  ['handoffs>0 user:ann', [idA]],
  ['run:"order/7 of 9"', [idC]],
  [`trace:${'b'.padStart(32, '0')}`, [idB]],
  ['report', [idB]],
  ['status:failed workflow:refund', []],
];

test.each(filters)('the filter %s finds its runs', async (filter, expected) => {
  const { runs } = await list(`q=${encodeURIComponent(filter)}`);
  expect(runs.map(({ runId }) => runId).sort()).toEqual(expected.toSorted());
});

test.each(['status:happy', 'finding:bad', 'attributes.x:1', 'kind:llm'])(
  'the filter %s is refused with the place of the word',
  async (filter) => {
    const answer = await app.request(`/runs?q=${encodeURIComponent(filter)}`);
    expect(answer.status).toBe(400);
    const { error } = contract.apiError.parse(await answer.json());
    expect(error).toMatchObject({ code: 'invalid_filter', position: { start: 0 } });
  },
);

test.each(contract.runSort.options)('pages sorted by %s have each run once', async (sort) => {
  for (const order of ['asc', 'desc']) {
    const whole = (await list(`sort=${sort}&order=${order}`)).runs.map(({ runId }) => runId);
    const paged: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const next = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: contract.RunList = await list(`sort=${sort}&order=${order}&limit=1${next}`);
      paged.push(...page.runs.map(({ runId }) => runId));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(whole);
    expect(paged).toHaveLength(3);
  }
});

test('a run is told whole, with references to its spans', async () => {
  const detail = await read(`/runs/${idA}`, contract.runDetail);
  expect(detail).toMatchObject({
    runId: idA,
    pattern: 'handoff',
    traceIds: ['a'.padStart(32, '0')],
    agentCalls: [
      { agent: 'triage', durationMs: 4_000, failed: false, spanId: toSpanId(2) },
      { agent: 'billing', durationMs: 5_000, failed: false, spanId: toSpanId(5) },
    ],
    handoffs: [{ from: 'triage', to: 'billing', outcome: 'accepted', contextTokens: 300 }],
    criticalPath: { costOnPathUsd: '0.75', costOffPathUsd: '0' },
    failedDetectors: [],
  });
  const shares = detail.criticalPath.shares.map(({ share }) => share);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
});

test('an id may be any text', async () => {
  const detail = await read(`/runs/${encodeURIComponent(idC)}`, contract.runDetail);
  expect(detail).toMatchObject({ runId: idC, status: 'running' });
});

test('a trace tells its runs, an unknown one has none', async () => {
  const { runs } = await read(`/traces/${'b'.padStart(32, '0')}/runs`, contract.traceRuns);
  expect(runs.map(({ runId }) => runId)).toEqual([idB]);
  expect((await read(`/traces/${'f'.repeat(32)}/runs`, contract.traceRuns)).runs).toEqual([]);
});

test('runs of another project are not there', async () => {
  const secret = `trace:${'d'.padStart(32, '0')}`;
  expect((await app.request(`/runs/${secret}`)).status).toBe(404);
  expect((await read(`/runs/${secret}?project=other`, contract.runDetail)).workflow).toBe('secret');
});

test('a cursor of another list is refused', async () => {
  const { nextCursor } = await list('limit=1');
  for (const cursor of [`${nextCursor}&sort=cost`, 'nonsense', encodeURIComponent('{"sort":1}')]) {
    expect((await app.request(`/runs?cursor=${cursor}`)).status).toBe(400);
  }
});

test('an empty list tells when there was a run last', async () => {
  const { runs, newestRunAt } = await list('from=now-1m');
  expect(runs).toEqual([]);
  expect(newestRunAt).toBe(
    new Date(Number((startedAt + 120n * second) / 1_000_000n)).toISOString(),
  );
});

test('the words of the contract are those of analysis', () => {
  expect(contract.runStatus.options).toEqual(run.runStatuses);
  expect(contract.runPattern.options).toEqual(run.runPatterns);
  expect(contract.findingKind.options).toEqual(run.findingKinds);
  expect(contract.findingSeverity.options).toEqual(run.findingSeverities);
  expect(contract.handoffOutcome.options).toEqual(run.handoffOutcomes);
  expect(contract.breakerState.options).toEqual(run.breakerStates);
});
