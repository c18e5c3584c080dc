/** The report against the runs themselves: every call once, every sum to the last trillionth. */
import * as fc from 'fast-check';
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { z } from 'zod';
import * as contract from '../../contract.ts';
import type { ModelCall, Run } from '../../run.ts';
import { anyRun, oneRun } from '../../runs.testing.ts';
import { oneSpan } from '../../store/span-arbitrary.ts';
import { startTestStore, storeSpans, type TestStore } from '../../store/testing.ts';
import { writeRuns } from '../../store/write-runs.ts';
import { createLiveFeed } from '../live-feed.ts';
import { createQueryRoutes } from '../routes.ts';
import { expectReport, oracleDimensions } from './cost-oracle.testing.ts';

vi.setConfig({ testTimeout: 60_000 });

const dollar = 1_000_000_000_000n;
/** 2 USD a million tokens, a tenth of it from a cache, a quarter more into it. */
const rates = { input: 2n * dollar, cacheRead: dollar / 5n, cacheWrite: (5n * dollar) / 2n };
const info: contract.ServerInfo = { version: '1', engine: 'embedded', authentication: false };
let opened: TestStore;
let app: Hono;

beforeAll(async () => {
  opened = await startTestStore();
  app = createQueryRoutes({
    store: opened.store,
    live: createLiveFeed(),
    info,
    readIngestHealth: () => Promise.reject(new Error('not asked here')),
    inputPrices: {
      findRates: ({ model }) => (model === 'gpt-5' ? rates : null),
      changesOf: () => [],
    },
  });
});
afterAll(() => opened.close());

async function read<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  const answer = await app.request(path);
  expect(`${answer.status} ${answer.status === 200 ? '' : await answer.text()}`).toBe('200 ');
  return schema.parse(await answer.json());
}

let projects = 0;

async function write(runs: readonly Run[]): Promise<string> {
  projects += 1;
  const projectId = `project-${projects}`;
  const owned = runs.map((run) => ({ run: { ...run, projectId }, retentionDays: 0 }));
  await writeRuns(opened.store.client, owned, 1);
  return projectId;
}

const origin = 1_785_542_400_000_000_000n;
const [from, to] = [origin, origin + 3_600_000_000_000n];
const range = 'from=2026-08-01T00:00:00Z&to=2026-08-01T01:00:00Z';

test('by any two dimensions every call is in one row, and rows add up to the total', async () => {
  const arbitraryRuns = fc.array(anyRun(origin), { minLength: 1, maxLength: 25 });
  const by = fc.uniqueArray(fc.constantFrom(...oracleDimensions), { minLength: 1, maxLength: 2 });
  await fc.assert(
    fc.asyncProperty(arbitraryRuns, by, async (runs, dimensions) => {
      const named = runs.map((run, at) => ({ ...run, runId: `run-${at}` }));
      const project = await write(named);
      const path = `/cost?project=${project}&${range}&by=${dimensions.join(',')}&step=10m`;
      const report = await read(path, contract.costReport);
      expect(report.by).toEqual(dimensions);
      expectReport(report, named, { from, to }, dimensions);
    }),
    { numRuns: 25 },
  );
});

const call: ModelCall = {
  traceId: oneRun.rootTraceId,
  spanId: 'c'.repeat(16),
  model: 'gpt-5',
  provider: 'openai',
  agent: 'planner',
  startUnixNano: origin,
  durationNs: 1_000_000,
  failed: false,
  firstTokenNs: null,
  tokens: { input: 1000, cacheRead: null, cacheWrite: null, output: 10, reasoning: null },
  tool: '',
  costTrillionths: dollar,
  costSource: 'computed',
  computedTrillionths: dollar,
  priceMatch: 'exact',
  waste: null,
};
const run = (
  id: string,
  calls: readonly Partial<ModelCall>[],
  changes: Partial<Run> = {},
): Run => ({
  ...oneRun,
  startUnixNano: origin,
  endUnixNano: origin + 60_000_000_000n,
  lastActivityUnixNano: origin + 60_000_000_000n,
  workflow: 'refund',
  ...changes,
  runId: id,
  modelCalls: calls.map((one) => Object.assign({}, call, one)),
});

test('unit costs, change, share and waste are those of the calls', async () => {
  const project = await write([
    run('good', [{}, { costTrillionths: 2n * dollar }], { userId: 'ann' }),
    run('bad', [{ waste: { class: 'failed_run', tokens: 1010 } }], { status: 'failed' }),
    run('before', [{ startUnixNano: origin - 60_000_000_000n }], {
      startUnixNano: origin - 60_000_000_000n,
    }),
  ]);
  const { rows, total, previousCostUsd } = await read(
    `/cost?project=${project}&${range}&by=workflow&users=true`,
    contract.costReport,
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ keys: ['refund'], share: 1, previousCostUsd: '1' });
  expect(rows[0]?.runsFilter).toBe('workflow:"refund"');
  expect(previousCostUsd).toBe('1');
  expect(total).toMatchObject({
    costUsd: '4',
    costPerRunUsd: '2',
    costPerSuccessfulRunUsd: '4',
    costPerUserUsd: '4',
    costPerHandoffUsd: null,
    wasteUsd: '1',
    coverage: 1,
  });
});

test('what caching saved is what reads cost less, without what writes cost more', async () => {
  const tokens = { ...call.tokens, cacheRead: 1_000_000, cacheWrite: 1_000_000 };
  const project = await write([
    run('one', [{ tokens }]),
    run('two', [{ model: 'unlisted', tokens }]),
  ]);
  const { total } = await read(`/cost?project=${project}&${range}&by=`, contract.costReport);
  // 2 - 0.2 for a million read, 2.5 - 2 for a million written; of a model without a price nobody knows.
  expect(total.savedByCacheUsd).toBe('1.3');
  expect(total.cacheHitShare).toBeCloseTo(0.49975, 4);
});

test('a run under two tags is in both rows, and the report says so', async () => {
  const project = await write([run('one', [{}], { tags: ['a', 'b'] }), run('two', [{}])]);
  const { rows, total, flags } = await read(
    `/cost?project=${project}&${range}&by=tag&sort=runs`,
    contract.costReport,
  );
  expect(rows.map(({ keys, figures }) => keys.concat(figures.costUsd))).toEqual([
    ['', '1'],
    ['a', '1'],
    ['b', '1'],
  ]);
  expect(total.costUsd).toBe('2');
  expect(flags).toContain('tags_overlap');
});

test('by project every project that has spans is told, each with its own', async () => {
  const [first, second] = [await write([run('one', [{}])]), await write([run('two', [{}, {}])])];
  const spans = [first, second].map((projectId) => Object.assign({}, oneSpan, { projectId }));
  await storeSpans(opened, spans);
  const { rows } = await read(`/cost?${range}&by=model,project`, contract.costReport);
  expect(rows.map(({ keys, figures }) => keys.concat(figures.costUsd))).toEqual([
    ['gpt-5', second, '2'],
    ['gpt-5', first, '1'],
  ]);
});

test('calls without a price are counted, and never as nothing', async () => {
  const project = await write([
    run('one', [
      {},
      { costTrillionths: null, costSource: 'none', priceMatch: 'none' },
      { costTrillionths: null, tokens: { ...call.tokens, input: null, output: null } },
    ]),
  ]);
  const { total, flags } = await read(`/cost?project=${project}&${range}&by=`, contract.costReport);
  expect(total).toMatchObject({ calls: 3, pricedCalls: 1, costUsd: '1' });
  expect(flags).toEqual(['unpriced_calls', 'usage_missing']);
});

test('what was reported is held against the list of the same calls alone', async () => {
  const reported = { costSource: 'reported' } as const;
  const list = { computedTrillionths: dollar };
  const of = async (calls: readonly Partial<ModelCall>[]) => {
    const path = `/cost?project=${await write([run('one', calls)])}&${range}&by=`;
    const { total, flags } = await read(path, contract.costReport);
    const { comparedCalls, comparedReportedUsd, comparedComputedUsd } = total;
    return [comparedCalls, comparedReportedUsd, comparedComputedUsd, ...flags];
  };
  // The list does not know the dear one, and nobody reported the last.
  const dear = { ...reported, costTrillionths: 90n * dollar, computedTrillionths: null };
  expect(await of([{ ...reported, ...list }, dear, {}])).toEqual([1, '1', '1']);
  // Far off, though a call without a price is among them.
  const unpriced = { costTrillionths: null, costSource: 'none', priceMatch: 'none' } as const;
  expect(
    await of([
      { ...reported, ...list, costTrillionths: 2n * dollar },
      { ...unpriced, computedTrillionths: null },
    ]),
  ).toEqual([1, '2', '1', 'unpriced_calls', 'reported_differs']);
  expect(await of([dear])).toEqual([0, '0', '0']);
});

test('waste is told by class, and the classes stay below the total', async () => {
  const second = 1_000_000_000n;
  const project = await write([
    run('failed', [{ waste: { class: 'failed_run', tokens: 1010 } }], { status: 'failed' }),
    run('resent', [{ waste: { class: 'uncached_context', tokens: 500_000 } }]),
    run('unread', [{ agent: 'lonely', tokens: { ...call.tokens, cacheWrite: 1_000_000 } }]),
    run('read', [
      { tokens: { ...call.tokens, cacheWrite: 1_000_000 } },
      { startUnixNano: origin + second, tokens: { ...call.tokens, cacheRead: 1_000_000 } },
    ]),
  ]);
  const report = await read(`/cost/waste?project=${project}&${range}`, contract.wasteReport);
  expect(report.classes.map((one) => [one.class, one.costUsd, one.calls, one.runs])).toEqual([
    ['failed_run', '1', 1, 1],
    // Half a million tokens at 2 - 0.2 USD a million.
    ['uncached_context', '0.9', 1, 1],
    // A million written at 2.5 instead of 2.
    ['unread_cache_write', '0.5', 1, 1],
  ]);
  expect(report).toMatchObject({ totalUsd: '5', wasteUsd: '2.4' });
  expect(report.classes[0]?.examples).toMatchObject([{ runId: 'failed', costUsd: '1' }]);
});

test.each([
  ['by=colour', 'by: nothing is told by colour. Choose project, workflow'],
  ['by=model,model', 'by: name two different dimensions.'],
  ['by=model,agent,tool', 'Name one or two dimensions'],
  ['by=model&q=nothing:x', 'There is no field nothing.'],
])('%s is refused with a sentence', async (query, sentence) => {
  const answer = await app.request(`/cost?${range}&${query}`);
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain(sentence);
});

test('the filter of a row finds its runs, whatever the name', async () => {
  const name = `a "quoted" \\ name: x*`;
  const project = await write([run('one', [{}], { workflow: name }), run('two', [{}])]);
  const { rows } = await read(`/cost?project=${project}&${range}&by=workflow`, contract.costReport);
  const row = rows.find(({ keys }) => keys[0] === name);
  const q = encodeURIComponent(row?.runsFilter ?? '');
  const found = await read(`/runs?project=${project}&${range}&q=${q}`, contract.runList);
  expect(found.runs.map(({ runId }) => runId)).toEqual(['one']);
  const unnamed = await write([run('none', [{}], { workflow: '' }), run('two', [{}])]);
  const none = await read(
    `/runs?project=${unnamed}&${range}&q=${encodeURIComponent('workflow:""')}`,
    contract.runList,
  );
  expect(none.runs.map(({ runId }) => runId)).toEqual(['none']);
});
