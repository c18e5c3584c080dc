import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { budgetCheck, budgetList, type Budget } from '../contract.ts';
import { toOpenApi } from '../query/openapi.ts';
import { oneRun } from '../runs.testing.ts';
import { startTestStore, type TestStore } from '../store/testing.ts';
import { writeRuns } from '../store/write-runs.ts';
import { createBudgetStore } from './budget-store.ts';
import { createBudgetRoutes } from './routes.ts';

vi.setConfig({ testTimeout: 60_000 });

let opened: TestStore;
let app: Hono;
const changed: string[] = [];

beforeAll(async () => {
  opened = await startTestStore();
  app = createBudgetRoutes({
    budgets: createBudgetStore(opened.store),
    changed: (projectId) => changed.push(projectId),
    log: () => undefined,
  });
});
afterAll(() => opened.close());

const dollar = 1_000_000_000_000n;

/** Spent right now, by one run of that workflow. */
async function spend(project: string, workflow: string, costTrillionths: bigint): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const call = {
    traceId: oneRun.rootTraceId,
    spanId: 'c'.repeat(16),
    model: 'gpt-5',
    provider: 'openai',
    agent: '',
    startUnixNano: now,
    durationNs: 1,
    failed: false,
    firstTokenNs: null,
    tokens: { input: 1, cacheRead: null, cacheWrite: null, output: 1, reasoning: null },
    tool: '',
    costTrillionths,
    costSource: 'computed',
    computedTrillionths: costTrillionths,
    priceMatch: 'exact',
    waste: null,
  } as const;
  const run = {
    ...oneRun,
    projectId: project,
    runId: workflow,
    workflow,
    startUnixNano: now,
    endUnixNano: now + 1n,
    lastActivityUnixNano: now + 1n,
    modelCalls: [call],
  };
  await writeRuns(opened.store.client, [{ run, retentionDays: 0 }], Date.now());
}

function put(project: string, budget: Partial<Budget>): Response | Promise<Response> {
  return app.request('/budgets', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ project, budget: { id: 'b', title: 'Refunds', ...budget } }),
  });
}

test('a budget tells what is spent of it, and an orchestrator hears whether it may go on', async () => {
  await spend('shop', 'refund', 4n * dollar);
  await spend('shop', 'report', 100n * dollar);
  const answer = await put('shop', { filter: 'workflow:refund', amountUsd: '5' });
  expect(answer.status).toBe(200);
  const [status] = budgetList.parse(await answer.json()).budgets;
  expect(status).toMatchObject({ spentUsd: '4', usedShare: 0.8, state: 'warned', coverage: 1 });
  expect(status?.burnDown.find(({ spentUsd }) => spentUsd === '4')).toBeDefined();
  expect(Number(status?.forecast?.expectedUsd)).toBeGreaterThanOrEqual(4);
  expect(changed).toContain('shop');

  const ask = async (query: string) =>
    budgetCheck.parse(await (await app.request(`/budgets/check?project=shop&${query}`)).json());
  expect(await ask('workflow=refund&usd=1')).toMatchObject({ allowed: true, budget: 'b' });
  expect(await ask('workflow=refund&usd=1.01')).toMatchObject({ allowed: false, budget: 'b' });
  expect(await ask('workflow=report&usd=50')).toMatchObject({ allowed: true, remainingUsd: null });
  expect(await ask('budget=b&usd=9')).toMatchObject({ allowed: false });
});

test('a trailing window forgets what is older, and has no end', async () => {
  await spend('window', 'refund', dollar);
  const { budgets } = budgetList.parse(
    await (await put('window', { amountUsd: '0', period: '7d' })).json(),
  );
  expect(budgets[0]).toMatchObject({
    spentUsd: '1',
    usedShare: null,
    periodTo: null,
    forecast: null,
    state: 'exceeded',
  });
  expect(budgets[0]?.burnDown).toHaveLength(8);
});

test('the document tells every route', () => {
  const { paths } = toOpenApi('1') as { readonly paths: Readonly<Record<string, object>> };
  const told = Object.entries(paths)
    .filter(([path]) => path.startsWith('/budgets'))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
  const routes = app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  expect(told.toSorted()).toEqual([...new Set(routes)].toSorted());
});

test('a budget that is taken back is gone', async () => {
  await put('gone', { amountUsd: '1' });
  const answer = await app.request('/budgets/b?project=gone', { method: 'DELETE' });
  expect(answer.status).toBe(204);
  expect(await (await app.request('/budgets?project=gone')).json()).toEqual({ budgets: [] });
  const again = await app.request('/budgets/b?project=gone', { method: 'DELETE' });
  expect(again.status).toBe(404);
});

test.each<[what: string, budget: Partial<Budget>, sentence: string]>([
  ['below zero', { amountUsd: '-1' }, 'not below zero'],
  ['in another currency', { amountUsd: '5 EUR' }, 'Write an amount of USD such as 250'],
  [
    'of a time zone nobody has',
    { amountUsd: '1', timeZone: 'Mars/Base' },
    'no time zone Mars/Base',
  ],
  ['with a filter that does not read', { amountUsd: '1', filter: 'colour:red' }, 'no field colour'],
  ['with a quote that is open', { amountUsd: '1', filter: 'workflow:"a' }, 'Close the quote'],
])('a budget %s is refused with a sentence', async (_, budget, sentence) => {
  const answer = await put('bad', budget);
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain(sentence);
});
