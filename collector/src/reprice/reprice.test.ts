import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../app.testing.ts';
import { repriceCommand } from '../cli/reprice.ts';
import {
  repriceLine,
  repricingList,
  runList,
  type RepriceLine,
  type Repricing,
} from '../contract.ts';
import {
  putPrices,
  readPrices,
  readPricesOf,
  sendCalls,
  tokenPrice,
  type SentCall,
  type SentSpan,
} from '../prices/calls.testing.ts';
import { toOpenApi } from '../query/openapi.ts';

vi.setConfig({ testTimeout: 120_000 });

let server: TestServer;
const history = new Map<string, readonly SentCall[]>();
const sent = new Map<string, readonly SentSpan[]>();

/** All are sent together, before the first test: runs are made of them at one time, and each project is waited for once. */
function given(project: string, calls: readonly SentCall[]): void {
  history.set(project, calls);
}

beforeAll(async () => {
  server = await startTestServer();
  const sending = [...history].map(async ([project, calls]) =>
    sent.set(project, await sendCalls(server, project, calls)),
  );
  await Promise.all(sending);
  for (const [project, { length }] of history) await readPricesOf(server, project, length);
});
afterAll(async () => {
  await server.close();
  await server.remove();
});

type Summary = Extract<RepriceLine, { type: 'summary' }>;

async function reprice(request: Readonly<Record<string, unknown>>): Promise<Summary> {
  const lines = await repriceLines(request);
  const last = lines.at(-1);
  if (last?.type !== 'summary') throw new Error(`ended with ${JSON.stringify(last)}`);
  return last;
}

async function repriceLines(request: Readonly<Record<string, unknown>>): Promise<RepriceLine[]> {
  const { status, text } = await post(request);
  expect(status).toBe(200);
  return text
    .trim()
    .split('\n')
    .map((line) => repriceLine.parse(JSON.parse(line)));
}

function post(request: unknown) {
  const headers = { 'content-type': 'application/json' };
  return server.ask('/api/reprice', { method: 'POST', headers, body: JSON.stringify(request) });
}

async function readLog(project: string): Promise<Repricing[]> {
  const { text } = await server.ask(`/api/reprice?project=${project}`);
  return repricingList.parse(JSON.parse(text)).repricings;
}

/** Costs of all runs, to the last trillionth. */
async function readCosts(project: string): Promise<(string | null)[]> {
  const { text } = await server.ask(`/api/runs?project=${project}&limit=100&from=now-60d`);
  return runList
    .parse(JSON.parse(text))
    .runs.map(({ costUsd }) => costUsd)
    .toSorted();
}

const costsOf = async (project: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await readPrices(server, project)).models.map((one) => [one.model, one.costUsd]),
  );

given('dry', [
  { model: 'gpt-5' },
  { model: 'gpt-5' },
  { model: 'home-made' },
  { model: 'o3', reported: 0.25 },
]);
test('a dry run tells the difference by model, and changes nothing', async () => {
  await putPrices(server, 'dry', [
    tokenPrice('gpt-5', 1),
    tokenPrice('home-made', 3),
    tokenPrice('o3', 9),
  ]);
  const before = await costsOf('dry');
  const summary = await reprice({ project: 'dry', dryRun: true });
  expect(summary).toEqual({
    type: 'summary',
    dryRun: true,
    rows: 4,
    total: {
      calls: 4,
      changed: 3,
      beforeUsd: '2.75',
      afterUsd: '5.25',
      newlyPriced: 1,
      noLongerPriced: 0,
    },
    models: [
      {
        provider: 'openai',
        model: 'home-made',
        calls: 1,
        changed: 1,
        beforeUsd: '0',
        afterUsd: '3',
        newlyPriced: 1,
        noLongerPriced: 0,
      },
      {
        provider: 'openai',
        model: 'gpt-5',
        calls: 2,
        changed: 2,
        beforeUsd: '2.5',
        afterUsd: '2',
        newlyPriced: 0,
        noLongerPriced: 0,
      },
    ],
  });
  expect(await costsOf('dry')).toEqual(before);
  const again = await reprice({ project: 'dry', dryRun: true });
  expect(again).toEqual(summary);
});

given('applied', [{ model: 'gpt-5' }, { model: 'home-made' }, { model: 'o3', reported: 0.25 }]);
test('reports say the new prices when it is done, once, and what was reported stays', async () => {
  await putPrices(server, 'applied', [
    tokenPrice('gpt-5', 1),
    tokenPrice('home-made', 3),
    tokenPrice('o3', 9),
  ]);
  expect(await reprice({ project: 'applied' })).toMatchObject({ dryRun: false, rows: 3 });
  expect(await costsOf('applied')).toEqual({ 'gpt-5': '1', 'home-made': '3', o3: '0.25' });
  const { models } = await readPrices(server, 'applied');
  expect(models.map(({ calls, unpricedCalls }) => [calls, unpricedCalls])).toEqual([
    [1, 0],
    [1, 0],
    [1, 0],
  ]);
  const report = JSON.parse((await server.ask('/api/cost?project=applied&by=model')).text) as {
    total: Record<string, string>;
  };
  expect(report.total).toMatchObject({ costUsd: '4.25', computedUsd: '13', reportedUsd: '0.25' });
  expect(await reprice({ project: 'applied' })).toMatchObject({ rows: 0, models: [] });
});

test('taken back, every cost is what it first was, to the last trillionth', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          model: fc.constantFrom(
            'gpt-5',
            'o3',
            'claude-sonnet-4-5',
            'home-made',
            'gpt-4o-audio-preview',
          ),
          input: fc.nat(3_000_001),
          output: fc.nat(99_999),
          daysAgo: fc.constantFrom(0, 1, 30),
          attributes: fc.constantFrom<Record<string, string | number>>(
            {},
            { 'openai.response.service_tier': 'flex' },
            { 'orchescope.usage.tools.web_search': 2 },
            { 'gen_ai.usage.cost': 0.123456789 },
          ),
        }),
        { minLength: 5, maxLength: 12 },
      ),
      fc.nat(1_000_000),
      async (calls, price) => {
        const project = `back-${crypto.randomUUID()}`;
        await sendCalls(server, project, calls satisfies SentCall[]);
        await expect
          .poll(async () => (await readCosts(project)).length, { timeout: 60_000, interval: 250 })
          .toBe(calls.length);
        const first = await readCosts(project);
        await putPrices(server, project, [tokenPrice('*', price / 1_000 + 0.000_1, 3.3)]);
        const there = await reprice({ project });
        expect(there.total.calls).toBe(calls.length);
        const second = await readCosts(project);
        await putPrices(server, project, []);
        const back = await reprice({ project });
        expect(back.total).toMatchObject({
          beforeUsd: there.total.afterUsd,
          afterUsd: there.total.beforeUsd,
          noLongerPriced: there.total.newlyPriced,
        });
        expect(await readCosts(project)).toEqual(first);
        const isOther = JSON.stringify(second) !== JSON.stringify(first);
        expect(isOther).toBe(there.total.changed > 0);
      },
    ),
    { numRuns: 2, endOnFailure: true },
  );
});

given('range', [{ model: 'gpt-5', daysAgo: 9 }, { model: 'gpt-5' }]);
given('range-neighbour', [{ model: 'gpt-5' }]);
test('only the range is priced again, and only the project', async () => {
  await putPrices(server, 'range', [tokenPrice('gpt-5', 1)]);
  await putPrices(server, 'range-neighbour', [tokenPrice('gpt-5', 1)]);
  expect(await reprice({ project: 'range', from: 'now-3d' })).toMatchObject({ rows: 1 });
  expect(await costsOf('range')).toEqual({ 'gpt-5': '2.25' });
  expect(await costsOf('range-neighbour')).toEqual({ 'gpt-5': '1.25' });
});

given('dated', [
  { model: 'gpt-5', daysAgo: 8 },
  { model: 'gpt-5', daysAgo: 2 },
]);
test('a price holds from its day on, for history too', async () => {
  const day = new Date(Date.now() - 5 * 86_400_000).toISOString().slice(0, 10);
  await putPrices(server, 'dated', [{ ...tokenPrice('gpt-5', 1), from: day }]);
  expect(await reprice({ project: 'dated' })).toMatchObject({ rows: 1, total: { changed: 1 } });
  expect(await costsOf('dated')).toEqual({ 'gpt-5': '2.25' });
});

given('copies', [{ model: 'gpt-5' }]);
test('a trace has each of its calls once, at the last price', async () => {
  await putPrices(server, 'copies', [tokenPrice('gpt-5', 1)]);
  await reprice({ project: 'copies' });
  const trace = JSON.parse((await server.ask('/api/traces?project=copies')).text) as {
    traces: { costUsd: string; spanCount: number }[];
  };
  expect(trace.traces).toMatchObject([{ costUsd: '1', spanCount: 1 }]);
});

given('log', [{ model: 'gpt-5' }]);
test('every run of it is written down, the ones that only looked too', async () => {
  await putPrices(server, 'log', [tokenPrice('gpt-5', 1)]);
  await reprice({ project: 'log', dryRun: true });
  await reprice({ project: 'log', from: 'now-1d', to: 'now' });
  const log = await readLog('log');
  expect(
    log.map(({ dryRun, from, to, state, by, rows }) => [dryRun, from, to, state, by, rows]),
  ).toEqual([
    [false, 'now-1d', 'now', 'done', 'api', 1],
    [true, null, null, 'done', 'api', 1],
  ]);
  expect(log[0]?.total).toMatchObject({ beforeUsd: '1.25', afterUsd: '1' });
  expect(Date.parse(log[0]?.startedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
});

const messages = '[{"role":"user","parts":[{"type":"text","content":"hello"}]}]';
given('messages', [{ model: 'gpt-5', attributes: { 'gen_ai.input.messages': messages } }]);
test('messages stay where they are', async () => {
  const [span] = sent.get('messages') ?? [];
  const read = async (): Promise<Record<string, unknown>> => {
    const path = `/api/traces/${span?.traceId}/spans/${span?.spanId}?project=messages`;
    return JSON.parse((await server.ask(path)).text) as Record<string, unknown>;
  };
  const before = await read();
  await putPrices(server, 'messages', [tokenPrice('gpt-5', 1)]);
  await reprice({ project: 'messages' });
  const after = await read();
  const costs = {
    costUsd: '1',
    computedCostUsd: '1',
    priceVersion: expect.stringMatching(/^project prices/),
  };
  expect(JSON.stringify(before)).toContain('hello');
  expect(after).toEqual({ ...before, ...costs });
});

describe('is refused:', () => {
  test.each<[string, unknown, number, RegExp]>([
    ['another field', { all: true }, 400, /all/],
    ['a day there is not', { to: '2026-02-30T00:00:00Z' }, 400, /no such day/],
    ['a range backwards', { from: 'now', to: 'now-1d' }, 400, /before/],
    ['a project without a name', { project: '' }, 400, /project/],
  ])('%s', async (_, request, status, sentence) => {
    const answer = await post(request);
    expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(sentence)]);
  });

  test('a form, and another method', async () => {
    expect((await server.ask('/api/reprice', { method: 'POST', body: '{}' })).status).toBe(400);
    expect((await server.ask('/api/reprice', { method: 'DELETE' })).status).toBe(405);
  });
});

describe('orchescope reprice', () => {
  async function run(...args: string[]) {
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const code = await repriceCommand(args, {});
      const text = (spy: typeof out) => spy.mock.calls.map(([chunk]) => String(chunk)).join('');
      return { code, out: text(out), err: text(err) };
    } finally {
      out.mockRestore();
      err.mockRestore();
    }
  }

  given('printed', [{ model: 'gpt-5' }, { model: 'home-made' }, { model: 'o3' }]);
  test('prints the difference as a table', async () => {
    await putPrices(server, 'printed', [tokenPrice('gpt-5', 1), tokenPrice('home-made', 3.5)]);
    const dry = await run('--url', server.url, '--project', 'printed', '--dry-run');
    expect([dry.code, dry.err]).toEqual([0, '']);
    expect(dry.out.split('\n').slice(-7)).toEqual([
      '  before     after  difference  calls  newly priced  no longer  model (USD)',
      '0.000000  3.500000   +3.500000      1             1          0  openai home-made',
      '1.250000  1.000000   -0.250000      1             0          0  openai gpt-5',
      '3.250000  6.500000   +3.250000      2             1          0  all calls',
      '',
      '3 calls read, 2 rows would be written, and none was.',
      '',
    ]);
    const applied = await run('--url', server.url, '--project', 'printed');
    expect(applied.out).toContain('2 rows were written.');
    const again = await run('--url', server.url, '--project', 'printed');
    expect(again.out).toContain('No call costs anything else than before. 3 calls read, 0 rows');
    const empty = await run('--url', server.url, '--project', 'nobody');
    expect(empty.out).toBe('There are no calls of models in this range.\n');
  });

  test.each<[string, string[], number, RegExp]>([
    ['no server', ['--url', 'http://127.0.0.1:1'], 1, /No server answers/],
    ['a wrong option', ['--fast'], 2, /--fast[^]*orchescope reprice \[--url/],
    ['no address', ['--url', 'here'], 2, /--url must look like/],
    ['a wrong time', ['--from', 'yesterday'], 1, /from: Write an ISO time/],
  ])('tells %s in plain words', async (_, args, code, sentence) => {
    const ran = await run('--url', server.url, ...args);
    expect([ran.code, ran.out]).toEqual([code, '']);
    expect(ran.err).toMatch(sentence);
    expect(ran.err).not.toContain('    at ');
  });
});

test('the document tells every route', () => {
  const { paths } = toOpenApi('1') as { readonly paths: Readonly<Record<string, object>> };
  expect(Object.keys(paths['/reprice'] ?? {}).toSorted()).toEqual(['get', 'post']);
});
