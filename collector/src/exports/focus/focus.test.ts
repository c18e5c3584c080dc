/** Rows of FOCUS against the calls they are of: every trillionth is in exactly one of them. */
import * as fc from 'fast-check';
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { noOwnPrices } from '../../ingest/pricing/price-file.ts';
import { createListPrices } from '../../ingest/pricing/list-prices.ts';
import { createPricer } from '../../ingest/pricing/pricer.ts';
import { noInputPrices } from '../../query/costs/list-rates.ts';
import { toUsdText } from '../../query/costs/money.ts';
import type { ModelCall, Run } from '../../run.ts';
import { anyRun, oneRun } from '../../runs.testing.ts';
import { toTrillionths } from '../../store/costs/sum-text.ts';
import { startTestStore, type TestStore } from '../../store/testing.ts';
import { writeRuns } from '../../store/write-runs.ts';
import { parseCsv } from '../reconcile/parse-csv.ts';
import { createExportRoutes } from '../routes.ts';
import { tokenTypes } from './list-prices.ts';
import { splitCost } from './split-cost.ts';

vi.setConfig({ testTimeout: 60_000 });

let opened: TestStore;
let app: Hono;

beforeAll(async () => {
  opened = await startTestStore();
  app = createExportRoutes({
    store: opened.store,
    inputPrices: noInputPrices,
    findListPrices: createListPrices(createPricer(noOwnPrices)),
    log: (_, error) => {
      throw error;
    },
  });
});
afterAll(() => opened.close());

/** Columns that FOCUS 1.2 says must be in every file, and may not be empty unless `null` is allowed. */
const mandatory = [
  'BilledCost',
  'BillingAccountId',
  'BillingAccountName',
  'BillingAccountType',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargeDescription',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'ContractedCost',
  'EffectiveCost',
  'InvoiceIssuerName',
  'ListCost',
  'ProviderName',
  'PublisherName',
  'ServiceCategory',
  'ServiceName',
] as const;
const mandatoryButNullable = ['ChargeClass', 'PricingQuantity', 'PricingUnit'] as const;

const origin = 1_785_542_400_000_000_000n;
const range = 'from=2026-08-01T00:00:00Z&to=2026-08-01T01:00:00Z';
let projects = 0;

async function write(runs: readonly Run[]): Promise<string> {
  projects += 1;
  const projectId = `project-${projects}`;
  const owned = runs.map((run, at) => ({
    run: { ...run, projectId, runId: `run-${at}` },
    retentionDays: 0,
  }));
  await writeRuns(opened.store.client, owned, 1);
  return projectId;
}

async function read(query: string): Promise<Readonly<Record<string, string>>[]> {
  const answer = await app.request(`/cost/export?format=focus&${query}`);
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(text);
  const [head = [], ...rows] = parseCsv(text, ',').map(({ cells }) => cells);
  return rows.map((cells) => Object.fromEntries(head.map((name, at) => [name, cells[at] ?? ''])));
}

const sumOf = (rows: readonly Readonly<Record<string, string>>[], column: string): string =>
  toUsdText(rows.reduce((sum, row) => sum + toTrillionths(row[column]), 0n));

test('rows cost what the calls cost, and have their tokens, whatever the calls are', async () => {
  const arbitraryRuns = fc.array(anyRun(origin), { minLength: 1, maxLength: 25 });
  const period = fc.constantFrom('hour', 'day');
  await fc.assert(
    fc.asyncProperty(arbitraryRuns, period, async (runs, period) => {
      const project = await write(runs);
      const rows = await read(`project=${project}&${range}&period=${period}`);
      const [from, to] = [origin, origin + 3_600_000_000_000n];
      const calls = runs
        .flatMap(({ modelCalls }) => modelCalls)
        .filter(({ startUnixNano }) => startUnixNano >= from && startUnixNano < to);
      const cost = calls.reduce((sum, { costTrillionths }) => sum + (costTrillionths ?? 0n), 0n);
      expect(sumOf(rows, 'BilledCost')).toBe(toUsdText(cost));
      for (const [type, key] of [
        ['input', 'input'],
        ['cache_read', 'cacheRead'],
        ['output', 'output'],
      ] as const) {
        const own = rows.filter((row) => row['x_TokenType'] === type);
        const tokens = calls.reduce((sum, call) => sum + (call.tokens[key] ?? 0), 0);
        expect(own.reduce((sum, row) => sum + Number(row['ConsumedQuantity']), 0)).toBe(tokens);
      }
      for (const row of rows) {
        expect(Object.keys(row)).toEqual(
          expect.arrayContaining([...mandatory, ...mandatoryButNullable]),
        );
        expect(mandatory.filter((name) => row[name] === '')).toEqual([]);
        expect(row['EffectiveCost']).toBe(row['BilledCost']);
        expect(row['ChargePeriodStart']).toMatch(/^2026-08-01T00:00:00Z$/);
        expect(row['BillingPeriodStart']).toBe('2026-08-01T00:00:00Z');
        expect(row['BillingPeriodEnd']).toBe('2026-09-01T00:00:00Z');
        expect(row['ChargeDescription']).toContain('not an invoice');
      }
    }),
    { numRuns: 15, endOnFailure: true },
  );
});

const call: ModelCall = {
  traceId: oneRun.rootTraceId,
  spanId: 'c'.repeat(16),
  model: 'gpt-4o-2024-08-06',
  provider: 'openai',
  agent: 'planner',
  startUnixNano: origin,
  durationNs: 1_000_000,
  failed: false,
  firstTokenNs: null,
  tokens: { input: 1000, cacheRead: null, cacheWrite: null, output: 100, reasoning: null },
  tool: '',
  // 2.5 and 10 USD a million.
  costTrillionths: 3_500_000_000n,
  costSource: 'computed',
  computedTrillionths: 3_500_000_000n,
  priceMatch: 'exact',
  waste: null,
};
const ofCalls = (...modelCalls: Partial<ModelCall>[]): Run => ({
  ...oneRun,
  workflow: 'refund',
  environment: 'prod',
  tags: ['team-a'],
  startUnixNano: origin,
  endUnixNano: origin + 60_000_000_000n,
  lastActivityUnixNano: origin + 60_000_000_000n,
  modelCalls: modelCalls.map((one) => Object.assign({}, call, one)),
});

test('a computed call is at list prices, to the token', async () => {
  const project = await write([ofCalls({})]);
  const rows = await read(`project=${project}&${range}`);
  expect(rows.map((row) => [row['x_TokenType'], row['BilledCost'], row['ListUnitPrice']])).toEqual([
    ['input', '0.0025', '2.5'],
    ['output', '0.001', '10'],
  ]);
  expect(rows[0]).toMatchObject({
    BillingAccountId: project,
    ServiceName: 'gpt-4o-2024-08-06',
    ProviderName: 'openai',
    ListCost: '0.0025',
    PricingQuantity: '0.001',
    PricingUnit: '1000000 Tokens',
    ConsumedQuantity: '1000',
    Tags: '{"team-a":true,"environment":"prod","workflow":"refund","agent":"planner"}',
    x_Workflow: 'refund',
    x_Agent: 'planner',
    x_UsageSource: 'computed_at_list_prices',
    ChargePeriodEnd: '2026-08-02T00:00:00Z',
  });
});

test('a failed call that told of its cache alone stands there with its tokens', async () => {
  const tokens = { input: null, cacheRead: 15_808, cacheWrite: 300, output: null, reasoning: null };
  const unpriced = {
    costTrillionths: null,
    computedTrillionths: null,
    costSource: 'none',
  } as const;
  const project = await write([ofCalls({ failed: true, tokens, ...unpriced })]);
  const rows = await read(`project=${project}&${range}`);
  expect(
    rows.map((row) => [row['x_TokenType'], row['ConsumedQuantity'], row['BilledCost']]),
  ).toEqual([
    ['cache_read', '15808', '0'],
    ['cache_write', '300', '0'],
  ]);
});

test('a file of ours, taken for an invoice, agrees with the calls it is of', async () => {
  const project = await write([ofCalls({}, { model: 'own', costTrillionths: 17n })]);
  const file = await app.request(`/cost/export?format=focus&project=${project}&${range}`);
  const answer = await app.request(`/cost/reconcile?project=${project}`, {
    method: 'POST',
    body: await file.text(),
    headers: { 'content-type': 'text/csv' },
  });
  expect(await answer.json()).toMatchObject({
    preset: 'focus',
    rows: [
      { model: 'gpt-4o', deltaUsd: '0' },
      { model: 'own', invoicedUsd: '0.000000000017', deltaUsd: '0' },
    ],
    withinTolerance: true,
    lines: { broken: 0 },
  });
});

test.each([
  [
    'what a sender reported is split in proportion of list prices',
    { costSource: 'reported', costTrillionths: 7_000_000_001n },
    'reported_split_by_list_prices',
    '0.005000000001',
  ],
  [
    'a model that nobody lists is split by tokens',
    { model: 'own', costTrillionths: 11n },
    'computed_split_by_tokens',
    '0.00000000001',
  ],
  [
    'what has no price stands there with nothing, and says so',
    { model: 'own', costTrillionths: null, costSource: 'none' },
    'unpriced',
    '0',
  ],
] as const)('%s', async (_, changes, source, first) => {
  const project = await write([ofCalls(changes)]);
  const [row] = await read(`project=${project}&${range}`);
  expect([row?.['x_UsageSource'], row?.['BilledCost']]).toEqual([source, first]);
  expect(row?.['ChargeDescription']?.includes('missing')).toBe(source === 'unpriced');
});

test('however a cost is split, the parts are the whole, and none is below zero', () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 20n });
  const each = fc.record(Object.fromEntries(tokenTypes.map((type) => [type, amount])));
  fc.assert(
    fc.property(amount, each, fc.option(each, { nil: null }), (cost, tokens, prices) => {
      const split = splitCost(cost, tokens as never, prices as never);
      expect(split.parts.reduce((sum, { trillionths }) => sum + trillionths, 0n)).toBe(cost);
      expect(split.parts.every(({ trillionths }) => trillionths >= 0n)).toBe(true);
    }),
  );
});
