import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../app.testing.ts';
import { costExportRow, costReport, priceTable, wasteReport } from '../contract.ts';
import { toOpenApi } from '../query/openapi.ts';
import {
  putPrices,
  readPrices,
  readPricesOf,
  sendCalls,
  tokenPrice,
  type GivenPrice,
  type SentCall,
} from './calls.testing.ts';

vi.setConfig({ testTimeout: 60_000 });

let server: TestServer;
let dataDir: string;

type Prepared = { readonly prices?: readonly GivenPrice[]; readonly calls: readonly SentCall[] };
const prepared: [project: string, Prepared][] = [];

/** What a test is about, stored before the first of them: runs are made of all their calls at once. */
function prepare(project: string, what: Prepared): void {
  prepared.push([project, what]);
}

beforeAll(async () => {
  server = await startTestServer();
  ({ dataDir } = server);
  for (const [project, { prices = [] }] of prepared) {
    if (prices.length === 0) continue;
    const { status, text } = await putPrices(server, project, prices);
    if (status !== 200) throw new Error(`the prices of ${project} were answered ${text}`);
  }
  await Promise.all(prepared.map(([project, { calls }]) => sendCalls(server, project, calls)));
  for (const [project, { calls }] of prepared) await readPricesOf(server, project, calls.length);
});
afterAll(async () => {
  await server.close();
  await server.remove();
  await rm(dataDir, { recursive: true, force: true });
});

prepare('table', {
  calls: [
    { model: 'gpt-5' },
    { model: 'gpt-5' },
    { model: 'claude-sonnet-4-5', provider: 'anthropic' },
    { model: 'home-made' },
  ],
});
test('models are told with their price, those without one first', async () => {
  const { models, overrides, listVersion, listDate } = await readPrices(server, 'table');
  expect(models.map(({ model, costUsd, source }) => [model, costUsd, source])).toEqual([
    ['home-made', '0', 'none'],
    // Above 200,000 tokens of input another price holds.
    ['claude-sonnet-4-5', '6', 'list'],
    ['gpt-5', '2.5', 'list'],
  ]);
  expect(models.map((model) => [model.unpricedCalls, model.hasTiers, model.match])).toEqual([
    [1, false, 'none'],
    [0, true, 'exact'],
    [0, false, 'exact'],
  ]);
  expect(models[2]).toMatchObject({
    calls: 2,
    tokens: { input: 2_000_000 },
    usdPerMillionTokens: { input: 1.25, output: 10, cacheRead: 0.125 },
    version: listVersion,
  });
  expect(models[0]?.usdPerMillionTokens).toBeNull();
  expect([overrides, listDate]).toEqual([[], '2026-09-23']);
});

const two = [{ model: 'gpt-5' }, { model: 'home-made' }];
prepare('contract', { prices: [tokenPrice('gpt-5', 1), tokenPrice('home-*', 3)], calls: two });
prepare('neighbour', { calls: two });
test('what a project sets is in force at once, for it alone, and until it is taken back', async () => {
  const { models } = await readPrices(server, 'contract');
  expect(
    models.map(({ model, costUsd, source, match }) => [model, costUsd, source, match]),
  ).toEqual([
    ['home-made', '3', 'override', 'prefix'],
    ['gpt-5', '1', 'override', 'exact'],
  ]);
  const { models: others } = await readPrices(server, 'neighbour');
  expect(others.map(({ costUsd, source }) => [costUsd, source])).toEqual([
    ['0', 'none'],
    ['1.25', 'list'],
  ]);
  expect((await putPrices(server, 'contract', [])).status).toBe(200);
  await sendCalls(server, 'contract', [{ model: 'gpt-5' }]);
  const after = await readPricesOf(server, 'contract', 3);
  expect(after.overrides).toEqual([]);
  expect(after.models.find(({ model }) => model === 'gpt-5')).toMatchObject({
    costUsd: '2.25',
    source: 'list',
  });
});

const dayAgo = (days: number): string =>
  new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

const sinceFiveDays = [{ ...tokenPrice('gpt-5', 1), from: dayAgo(5) }];
const before = { model: 'gpt-5', daysAgo: 8 };
prepare('before', { prices: sinceFiveDays, calls: [before] });
prepare('before-and-after', {
  prices: sinceFiveDays,
  calls: [before, { model: 'gpt-5', daysAgo: 2 }],
});
test('a contract holds from its day on, and before it the list', async () => {
  const [listed] = (await readPrices(server, 'before')).models;
  expect(listed).toMatchObject({ costUsd: '1.25', source: 'override', since: dayAgo(5) });
  const [both] = (await readPrices(server, 'before-and-after')).models;
  expect(both).toMatchObject({ costUsd: '2.25' });
});

prepare('tomorrow', {
  prices: [{ ...tokenPrice('gpt-5', 1), from: dayAgo(-2) }],
  calls: [{ model: 'gpt-5' }],
});
test('a price that begins tomorrow is shown when it has begun', async () => {
  const { models } = await readPrices(server, 'tomorrow');
  expect(models[0]).toMatchObject({ costUsd: '1.25', source: 'list' });
});

describe('what caching saved', () => {
  const cached = { 'gen_ai.usage.cache_read.input_tokens': 1_000_000 };
  const written = { 'gen_ai.usage.cache_creation.input_tokens': 1_000_000 };
  const contract = { input: 4, output: 4, cacheRead: 1, cacheWrite: 7 };

  prepare('cached', {
    prices: [
      { model: 'gpt-5', from: dayAgo(5), usdPerMillionTokens: contract },
      { model: 'gpt-5', from: dayAgo(3), usdPerMillionTokens: { ...contract, cacheRead: 2 } },
      { model: 'other', from: dayAgo(9), usdPerMillionTokens: contract },
    ],
    calls: [
      // Of the list: 1.25 - 0.125.
      { model: 'gpt-5', daysAgo: 8, attributes: cached },
      { model: 'gpt-5', daysAgo: 4, attributes: cached },
      { model: 'gpt-5', daysAgo: 3, attributes: cached },
      { model: 'gpt-5', daysAgo: 2, attributes: cached },
      { model: 'other', daysAgo: 4, attributes: written },
    ],
  });
  test('is told at the prices of the project that held when each call began', async () => {
    const path = '/api/cost?project=cached&from=now-20d&by=model';
    const { rows, total } = costReport.parse(JSON.parse((await server.ask(path)).text));
    expect(rows.map(({ keys, figures }) => [keys[0], figures.savedByCacheUsd])).toEqual([
      ['other', '-3'],
      ['gpt-5', '8.125'],
    ]);
    expect(total.savedByCacheUsd).toBe('5.125');
    const file = await server.ask(`${path.replace('/cost', '/cost/export')}&format=json`);
    const exported = costExportRow.array().parse(JSON.parse(file.text));
    expect(exported.map(({ figures }) => figures.savedByCacheUsd)).toEqual(['-3', '8.125']);
    const waste = await server.ask('/api/cost/waste?project=cached&from=now-20d');
    expect(wasteReport.parse(JSON.parse(waste.text)).classes).toMatchObject([
      { class: 'unread_cache_write', costUsd: '3', calls: 1 },
    ]);
  });

  prepare('cached-too', {
    prices: [{ model: 'gpt-5', usdPerMillionTokens: { input: 3, output: 3, cacheRead: 1 } }],
    calls: [{ model: 'gpt-5', attributes: cached }],
  });
  prepare('cached-list', { calls: [{ model: 'gpt-5', attributes: cached }] });
  test('is told of each project at its own prices', async () => {
    const answer = await server.ask('/api/cost?from=now-1h&by=project');
    const { rows } = costReport.parse(JSON.parse(answer.text));
    const saved = rows.map(({ keys, figures }) => [keys[0], figures.savedByCacheUsd]);
    expect(saved).toContainEqual(['cached-too', '2']);
    expect(saved).toContainEqual(['cached-list', '1.125']);
  });
});

prepare('reported', {
  prices: [tokenPrice('gpt-5', 1)],
  calls: [{ model: 'gpt-5', reported: 0.5 }],
});
test('what the sender reported wins over what a project set', async () => {
  expect((await readPrices(server, 'reported')).models[0]?.costUsd).toBe('0.5');
});

prepare('home', {
  prices: [
    { model: 'llama', usdPerHour: { usd: 3.6, concurrency: 2 } },
    { ...tokenPrice('gpt-5', 10), serviceTier: 'batch' },
    { ...tokenPrice('searcher', 0), usdPerToolUse: { web_search: 0.25 }, usdPerRequest: 0.5 },
  ],
  calls: [
    { model: 'llama' },
    { model: 'gpt-5', attributes: { 'openai.response.service_tier': 'batch' } },
    { model: 'searcher', attributes: { 'orchescope.usage.tools.web_search': 3 } },
  ],
});
test('a model at home costs its hour, a tier what was set for it, a tool what it was used for', async () => {
  const { models } = await readPrices(server, 'home');
  const costs = new Map(models.map(({ model, costUsd }) => [model, costUsd]));
  // 50 ms of a share of half of it.
  expect(costs.get('llama')).toBe('0.000025');
  expect(costs.get('gpt-5')).toBe('10');
  expect(costs.get('searcher')).toBe('1.25');
  expect(models.find(({ model }) => model === 'llama')?.usdPerMillionTokens).toBeNull();
});

prepare('inherits', {
  prices: [{ model: 'gpt-5', inherit: true, usdPerMillionTokens: { input: 1 } }],
  calls: [
    {
      model: 'gpt-5',
      input: 3_000_000,
      output: 1_000_000,
      attributes: { 'gen_ai.usage.cache_read.input_tokens': 1_000_000 },
    },
  ],
});
test('a price names what it changes, and inherits the rest of the list', async () => {
  const { models, overrides, listVersion } = await readPrices(server, 'inherits');
  // Two million at 1, and of the list: one at 0.125, one at 10.
  expect(models[0]).toMatchObject({
    costUsd: '12.125',
    source: 'override',
    match: 'exact',
    usdPerMillionTokens: { input: 1, output: 10, cacheRead: 0.125 },
    inherited: ['output', 'cacheRead'],
    version: expect.stringContaining(listVersion),
  });
  expect(overrides[0]?.usdPerMillionTokens).toMatchObject({ input: 1, output: null });
});

describe('free', () => {
  const free = (model: string) => tokenPrice(model, 0);

  prepare('free', { calls: two });
  test('is asked about once more where a model in use would be', async () => {
    const refused = await putPrices(server, 'free', [free('home*'), free('unused')]);
    expect([refused.status, refused.text]).toEqual([
      409,
      expect.stringMatching(/home-made free.*confirmFree/),
    ]);
    expect((await readPrices(server, 'free')).overrides).toEqual([]);
    expect((await putPrices(server, 'free', [free('home*')], true)).status).toBe(200);
    // Confirmed is confirmed.
    expect((await putPrices(server, 'free', [free('home*'), tokenPrice('x', 1)])).status).toBe(200);
  });

  test('is asked about for everything, used or not', async () => {
    const refused = await putPrices(server, 'empty', [free('*')]);
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('every model')]);
    expect((await putPrices(server, 'empty', [tokenPrice('*', 1)])).status).toBe(200);
  });

  test('is no matter where nothing is used', async () => {
    expect((await putPrices(server, 'nobody', [free('llama')])).status).toBe(200);
  });
});

describe('is refused with a sentence:', () => {
  const price = tokenPrice('gpt-5', 1);
  const tokens = price.usdPerMillionTokens;

  test.each<[string, unknown, RegExp]>([
    [
      'a price below zero',
      [{ ...price, usdPerMillionTokens: { ...tokens, input: -1 } }],
      /overrides\.0\.usdPerMillionTokens\.input/,
    ],
    [
      'a price that is no number',
      [{ ...price, usdPerMillionTokens: { ...tokens, input: 'NaN' } }],
      /input/,
    ],
    ['a price of a billion', [tokenPrice('gpt-5', 1e9)], /input.*1000000/],
    ['a price without output', [{ model: 'gpt-5', usdPerMillionTokens: { input: 1 } }], /output/],
    ['a currency', [{ ...price, currency: 'EUR' }], /currency/],
    [
      'no price at all',
      [{ model: 'gpt-5' }],
      /overrides\.0: it must have usdPerMillionTokens, or usdPerHour/,
    ],
    ['two kinds of price', [{ ...price, usdPerHour: { usd: 1 } }], /not have both/],
    [
      'nothing to inherit the rest of',
      [{ model: 'gpt-5', inherit: true }],
      /name a price that differs/,
    ],
    [
      'an hour that inherits',
      [{ model: 'llama', inherit: true, usdPerHour: { usd: 1 } }],
      /not inherit/,
    ],
    [
      'nobody to share an hour',
      [{ model: 'llama', usdPerHour: { usd: 1, concurrency: 0 } }],
      /concurrency/,
    ],
    ['an hour without a price', [{ model: 'llama', usdPerHour: {} }], /usdPerHour\.usd/],
    ['no model', [tokenPrice('', 1)], /model/],
    ['a model of blanks', [tokenPrice('  ', 1)], /Name a model/],
    ['a star in the middle', [tokenPrice('g*t', 1)], /one \* may stand at its end/],
    ['two stars', [tokenPrice('**', 1)], /one \* may stand at its end/],
    ['a day there is not', [{ ...price, from: '2026-02-30' }], /from/],
    [
      'two for one model and day',
      [price, { ...price, model: 'GPT-5 ' }],
      /overrides\.1: .* as overrides\.0/,
    ],
    ['a tool of no name', [{ ...price, usdPerToolUse: { 'a b': 1 } }], /usdPerToolUse/],
    ['a tool below zero', [{ ...price, usdPerToolUse: { web_search: -1 } }], /web_search/],
    ['no list', { 0: price }, /overrides/],
    ['too many', Array.from({ length: 1_001 }, (_, at) => tokenPrice(`m${at}`, 1)), /1000/],
  ])('%s', async (_, overrides, sentence) => {
    const body = JSON.stringify({ project: 'refused', overrides });
    const headers = { 'content-type': 'application/json' };
    const answer = await server.ask('/api/prices', { method: 'PUT', headers, body });
    expect([answer.status, answer.text]).toEqual([400, expect.stringMatching(sentence)]);
    expect(answer.text).not.toContain('    at ');
  });

  test.each([
    ['NaN', '{"overrides":[{"model":"x","usdPerMillionTokens":{"input":NaN,"output":1}}]}'],
    ['infinity', '{"overrides":[{"model":"x","usdPerMillionTokens":{"input":1e999,"output":1}}]}'],
    [
      'a prototype for a price',
      '{"overrides":[{"model":"x","__proto__":{"usdPerMillionTokens":{"input":0,"output":0}}}]}',
    ],
  ])('%s', async (_, body) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await server.ask('/api/prices', { method: 'PUT', headers, body });
    expect(answer.status).toBe(400);
  });

  test('another method, and a range that cannot be read', async () => {
    expect((await server.ask('/api/prices', { method: 'POST' })).status).toBe(405);
    expect((await server.ask('/api/prices?from=yesterday')).status).toBe(400);
  });
});

prepare('names', {
  prices: ['__proto__', 'constructor', 'toString'].map((model) =>
    Object.assign(tokenPrice(model, 2), { usdPerToolUse: { constructor: 1 } }),
  ),
  calls: [{ model: '__proto__' }, { model: 'hasOwnProperty' }],
});
test('names that objects have are names of models and tools', async () => {
  const { models } = await readPrices(server, 'names');
  expect(models.map(({ model, costUsd, match }) => [model, costUsd, match])).toEqual([
    ['hasOwnProperty', '0', 'none'],
    ['__proto__', '2', 'exact'],
  ]);
});

test('changes at the same time end in one of them, and it is the one in force', async () => {
  await Promise.all(
    [1, 2, 3, 4, 5].map((usd) => putPrices(server, 'race', [tokenPrice('gpt-5', usd)])),
  );
  const [override] = (await readPrices(server, 'race')).overrides;
  await sendCalls(server, 'race', [{ model: 'gpt-5' }]);
  const { models } = await readPricesOf(server, 'race', 1);
  expect(models[0]?.costUsd).toBe(String(override?.usdPerMillionTokens?.input));
});

test('what was set is known after a restart, before the first span', async () => {
  await putPrices(server, 'kept', [tokenPrice('gpt-5', 7)]);
  await server.close();
  server = await startTestServer({ ORCHESCOPE_DATA_DIR: dataDir });
  await sendCalls(server, 'kept', [{ model: 'gpt-5' }]);
  expect((await readPricesOf(server, 'kept', 1)).models[0]?.costUsd).toBe('7');
});

test('the document tells every route', () => {
  const { paths } = toOpenApi('1') as { readonly paths: Readonly<Record<string, object>> };
  expect(Object.keys(paths['/prices'] ?? {}).toSorted()).toEqual(['get', 'put']);
  expect(
    priceTable.parse({ models: [], overrides: [], listVersion: '', listDate: null }),
  ).toBeDefined();
});
