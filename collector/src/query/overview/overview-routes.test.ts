/** The first page against the runs themselves, counted plainly. */
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
import { toUsdText } from '../costs/money.ts';

vi.setConfig({ testTimeout: 60_000 });

let opened: TestStore;
let app: Hono;

beforeAll(async () => {
  opened = await startTestStore();
  app = createQueryRoutes({
    store: opened.store,
    live: createLiveFeed(),
    info: { version: '1', engine: 'embedded', authentication: false },
    readIngestHealth: () => Promise.reject(new Error('not asked here')),
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
const hourNs = 3_600_000_000_000n;
const [before, from, to] = [origin, origin + hourNs, origin + 2n * hourNs];
const range = 'from=2026-08-01T01:00:00Z&to=2026-08-01T02:00:00Z';

const isIn = (at: bigint, start: bigint, end: bigint): boolean => at >= start && at < end;
const began = (runs: readonly Run[], start: bigint, end: bigint): Run[] =>
  runs.filter(({ startUnixNano }) => isIn(startUnixNano, start, end));

/** Of a running run the duration depends on when it is asked. */
const isStill = ({ status }: Run): boolean => status === 'running';

function p95(runs: readonly Run[]): number | null {
  const lasted = runs
    .filter(({ status }) => status !== 'suspended')
    .map(({ durationNs }) => durationNs)
    .sort((a, b) => a - b);
  return lasted.length === 0 ? null : (lasted[Math.ceil(lasted.length * 0.95) - 1] ?? 0) / 1e6;
}

const tokensOf = (tokens: Run['tokens']): number =>
  Object.values(tokens).reduce<number>((sum, count) => sum + (count ?? 0), 0);

function figuresOf(runs: readonly Run[]): contract.OverviewStats['runs']['now'] {
  const over = runs.filter(({ status }) => status !== 'suspended');
  const completed = over.filter(({ status }) => status === 'completed').length;
  return {
    runs: runs.length,
    overRuns: over.length,
    completedRuns: completed,
    failedRuns: over.filter(({ status }) => status === 'failed').length,
    successShare: over.length === 0 ? null : completed / over.length,
    p95Ms: p95(runs),
    tokens: runs.reduce((sum, { tokens }) => sum + tokensOf(tokens), 0),
  };
}

const callsOf = (runs: readonly Run[], start: bigint, end: bigint) =>
  runs.flatMap(({ modelCalls }) =>
    modelCalls.filter(({ startUnixNano }) => isIn(startUnixNano, start, end)),
  );
const usdOf = (calls: ReturnType<typeof callsOf>): string =>
  toUsdText(calls.reduce((sum, { costTrillionths }) => sum + (costTrillionths ?? 0n), 0n));

const anyRuns = fc
  .array(anyRun(origin), { minLength: 1, maxLength: 30 })
  .map((runs) =>
    runs
      .filter((run) => !isStill(run))
      .map((run, at) => Object.assign({}, run, { runId: `run-${at}` })),
  );

test('six numbers are those of the runs and calls, now, before and in every window', async () => {
  await fc.assert(
    fc.asyncProperty(anyRuns, async (runs) => {
      const project = await write(runs);
      const path = `/overview/stats?project=${project}&${range}&step=10m`;
      const stats = await read(path, contract.overviewStats);
      const spend = await read(path.replace('stats', 'spend'), contract.overviewSpend);
      expect(stats.runs.now).toEqual(figuresOf(began(runs, from, to)));
      expect(stats.runs.previous).toEqual(figuresOf(began(runs, before, from)));
      expect(stats.times).toHaveLength(6);
      for (const [at] of stats.times.entries()) {
        const start = from + BigInt(at) * 600_000_000_000n;
        const own = figuresOf(began(runs, start, start + 600_000_000_000n));
        expect(stats.runs.series.runs[at]).toBe(own.runs);
        expect(stats.runs.series.failedRuns[at]).toBe(own.failedRuns);
        expect(stats.runs.series.successShare[at]).toBe(own.successShare);
        expect(stats.runs.series.p95Ms[at]).toBe(own.p95Ms);
        expect(stats.runs.series.tokens[at]).toBe(own.tokens);
      }
      for (const [told, calls] of [
        [spend.now, callsOf(runs, from, to)],
        [spend.previous, callsOf(runs, before, from)],
      ] as const) {
        expect(told.calls).toBe(calls.length);
        expect(told.costUsd ?? '0').toBe(usdOf(calls));
      }
      const sum = spend.series.reduce((all, one) => all + one, 0);
      expect(sum).toBeCloseTo(Number(spend.now.costUsd ?? '0'), 6);
      const cost = await read(`/cost?project=${project}&${range}&by=`, contract.costReport);
      expect(spend.now.costUsd ?? '0').toBe(cost.total.costUsd);
      expect(spend.now.coverage).toBe(cost.total.coverage);
    }),
    { numRuns: 20 },
  );
});

test('every run is in one cell, and the filter of a cell finds those of it', async () => {
  await fc.assert(
    fc.asyncProperty(anyRuns, async (runs) => {
      const project = await write(runs);
      const path = `/overview/heatmap?project=${project}&${range}&step=20m`;
      const { cells, rows, times, runs: told } = await read(path, contract.overviewHeatmap);
      expect(told).toBe(began(runs, from, to).length);
      expect(cells.reduce((sum, cell) => sum + cell.runs, 0)).toBe(told);
      for (const { at, row, runs: count, failedRuns } of cells) {
        const [start, end] = [times[at] ?? '', times[at + 1] ?? '2026-08-01T02:00:00.000Z'];
        const query = new URLSearchParams({
          project,
          from: start,
          to: end,
          q: rows[row]?.runsFilter ?? '',
          limit: '200',
        });
        const list = await read(`/runs?${query.toString()}`, contract.runList);
        expect(list.runs).toHaveLength(count);
        expect(list.runs.filter(({ status }) => status === 'failed')).toHaveLength(failedRuns);
      }
    }),
    { numRuns: 10 },
  );
});

const secondNs = 1_000_000_000n;
const at = (seconds: number): bigint => from + BigInt(seconds) * secondNs;
const run = (id: string, seconds: number, changes: Partial<Run> = {}): Run => ({
  ...oneRun,
  runId: id,
  startUnixNano: at(seconds),
  endUnixNano: at(seconds + 10),
  lastActivityUnixNano: at(seconds + 10),
  durationNs: 10_000_000_000,
  ...changes,
});

const oneModelCall: ModelCall = {
  traceId: oneRun.rootTraceId,
  spanId: 'c'.repeat(16),
  model: '',
  provider: 'openai',
  agent: 'planner',
  startUnixNano: from,
  durationNs: 1_000_000,
  failed: false,
  firstTokenNs: null,
  tokens: { input: 1000, cacheRead: null, cacheWrite: null, output: 10, reasoning: null },
  tool: '',
  costTrillionths: 0n,
  costSource: 'computed',
  computedTrillionths: null,
  priceMatch: 'exact',
  waste: null,
};

test('models stand by what they cost, with what they cost before, and lead to their runs', async () => {
  const call = (model: string, seconds: number, dollars: number | null) => ({
    ...oneModelCall,
    model,
    startUnixNano: at(seconds),
    costTrillionths: dollars === null ? null : BigInt(dollars) * 1_000_000_000_000n,
  });
  const many = Array.from({ length: 7 }, (_, n) => call(`small-${n}`, 3, 1));
  const project = await write([
    run('now', 0, {
      modelCalls: [call('a"b', 1, 5), call('dear', 2, 9), call('local', 2, null), ...many],
    }),
    run('then', -1800, { modelCalls: [call('dear', -1700, 4), call('gone', -1700, 4)] }),
  ]);
  const path = `/overview/spend?project=${project}&${range}&step=30m`;
  const { models, other } = await read(path, contract.overviewSpend);
  expect(models.map(({ model, costUsd }) => [model, costUsd]).slice(0, 3)).toEqual([
    ['dear', '9'],
    ['a"b', '5'],
    ['small-0', '1'],
  ]);
  expect(models).toHaveLength(6);
  expect(models[0]).toMatchObject({ previousCostUsd: '4', series: [9, 0], coverage: 1 });
  expect(models[1]).toMatchObject({
    previousCostUsd: null,
    runsFilter: String.raw`model:"a\"b"`,
  });
  // Three small ones, and the one without a price.
  expect(other).toEqual({ models: 4, costUsd: '3', series: [3, 0] });
});

test('a version that was not there before is a deploy; one that was is none', async () => {
  const of = (workflow: string, workflowVersion: string, serviceVersion: string) => ({
    workflow,
    workflowVersion,
    serviceVersion,
    services: ['shop'],
  });
  const project = await write([
    run('old', -600, of('refund', '', 'v1')),
    run('same', 10, of('refund', '', 'v1')),
    run('first', 20, of('refund', '', 'v2')),
    run('second', 30, of('refund', '', 'v2')),
    run('flow', 40, of('report', '7', 'v2')),
    run('hidden', 50, of('report', '7', 'v3')),
  ]);
  const path = `/overview/deploys?project=${project}&${range}`;
  const { deploys } = await read(path, contract.overviewDeploys);
  expect(deploys).toEqual([
    {
      kind: 'service',
      name: 'shop',
      version: 'v2',
      at: '2026-08-01T01:00:20.000Z',
      runs: 3,
      runsFilter: 'service:"shop" service_version:"v2"',
    },
    {
      kind: 'workflow',
      name: 'report',
      version: '7',
      at: '2026-08-01T01:00:40.000Z',
      runs: 2,
      runsFilter: 'workflow:"report" version:"7"',
    },
    {
      kind: 'service',
      name: 'shop',
      version: 'v3',
      at: '2026-08-01T01:00:50.000Z',
      runs: 1,
      runsFilter: 'service:"shop" service_version:"v3"',
    },
  ]);
});

test('agents fail by the rows of runs, and their last error is that of the span', async () => {
  const agentCall = (agent: string, seconds: number, failed: boolean, spanId: string) => ({
    agent,
    startUnixNano: at(seconds),
    durationNs: 1_000_000,
    failed,
    traceId: oneRun.rootTraceId,
    spanId,
  });
  const [early, late] = ['1'.repeat(16), '2'.repeat(16)];
  const project = await write([
    run('one', 0, {
      traceIds: [oneRun.rootTraceId],
      agentCalls: [
        agentCall('writer', 1, true, early),
        agentCall('writer', 5, true, late),
        agentCall('writer', 6, false, '3'.repeat(16)),
        agentCall('planner', 7, false, '4'.repeat(16)),
      ],
    }),
  ]);
  const failed = (spanId: string, seconds: number, errorType: string) => ({
    ...oneSpan,
    projectId: project,
    traceId: oneRun.rootTraceId,
    spanId,
    startTimeUnixNano: at(seconds),
    endTimeUnixNano: at(seconds + 1),
    status: 'error' as const,
    errorType,
    statusMessage: 'the model gave no answer',
  });
  await storeSpans(opened, [failed(early, 1, 'timeout'), failed(late, 5, '')]);
  const path = `/overview/failing?project=${project}&${range}`;
  const { agents } = await read(path, contract.overviewFailing);
  expect(agents).toEqual([
    {
      name: 'writer',
      calls: 3,
      failedCalls: 2,
      share: 2 / 3,
      lastError: 'the model gave no answer',
      lastFailedAt: '2026-08-01T01:00:05.000Z',
      runs: 1,
      runsFilter: 'failed_agent:"writer"',
    },
  ]);
});

test('a call of a tool counts once: sent twice, or told by framework and MCP', async () => {
  const project = await write([]);
  const tool = (spanId: string, changes: Partial<typeof oneSpan>) => ({
    ...oneSpan,
    projectId: project,
    traceId: oneRun.rootTraceId,
    spanId: spanId.repeat(16),
    kind: 'tool' as const,
    toolName: 'search',
    startTimeUnixNano: at(1),
    endTimeUnixNano: at(2),
    status: 'error' as const,
    errorType: 'rate_limited',
    ...changes,
  });
  const spans = [
    tool('1', {}),
    tool('2', { kind: 'mcp', otelKind: 3 }),
    tool('3', { kind: 'mcp', otelKind: 2 }),
    tool('4', { status: 'ok', errorType: '' }),
    tool('5', { toolName: 'quiet', status: 'ok', errorType: '' }),
    tool('6', { toolName: 'early', startTimeUnixNano: at(-1) }),
  ];
  await storeSpans(opened, spans);
  await storeSpans(opened, spans);
  const path = `/overview/failing?project=${project}&${range}`;
  const { tools, toolsFrom } = await read(path, contract.overviewFailing);
  expect(tools).toEqual([
    {
      name: 'search',
      calls: 2,
      failedCalls: 1,
      share: 0.5,
      lastError: 'rate_limited',
      lastFailedAt: '2026-08-01T01:00:01.000Z',
      runs: 0,
      runsFilter: 'failed_tool:"search"',
    },
  ]);
  expect(toolsFrom).toBe('2026-08-01T01:00:00.000Z');
});

test('of a range with too many spans the newest are looked through, and the answer says from when', async () => {
  const busy = (id: string, minutes: number) => run(id, minutes * 60, { spanCount: 700_000 });
  const project = await write([busy('a', 10), busy('b', 50)]);
  const path = `/overview/failing?project=${project}&${range}`;
  const { toolsFrom } = await read(path, contract.overviewFailing);
  const fromMs = Date.parse(toolsFrom);
  expect(fromMs).toBeGreaterThan(Date.parse('2026-08-01T01:10:00Z'));
  expect(fromMs).toBeLessThan(Date.parse('2026-08-01T01:50:00Z'));
});

test('where nothing began the newest run is told, and where there is none nothing is', async () => {
  const project = await write([run('old', -7_200)]);
  const empty = await read(`/overview/stats?project=${project}&${range}`, contract.overviewStats);
  expect(empty.newestRunAt).toBe('2026-07-31T23:00:00.000Z');
  expect(empty.runs.now).toEqual(figuresOf([]));
  const spent = await read(`/overview/spend?project=${project}&${range}`, contract.overviewSpend);
  expect(spent.now).toEqual({
    calls: 0,
    pricedCalls: 0,
    coverage: null,
    costUsd: null,
  });
  const none = await read(`/overview/stats?project=nobody&${range}`, contract.overviewStats);
  expect(none.newestRunAt).toBeNull();
  for (const [path, schema] of [
    ['spend', contract.overviewSpend],
    ['heatmap', contract.overviewHeatmap],
    ['failing', contract.overviewFailing],
    ['deploys', contract.overviewDeploys],
  ] as const) {
    await read(`/overview/${path}?project=nobody&${range}`, schema);
  }
});

test('a filter narrows all of them, and a wrong one says what to change', async () => {
  const project = await write([
    run('a', 1, { workflow: 'refund' }),
    run('b', 2, { workflow: 'x' }),
  ]);
  const q = encodeURIComponent('workflow:refund');
  const stats = await read(
    `/overview/stats?project=${project}&${range}&q=${q}`,
    contract.overviewStats,
  );
  expect(stats.runs.now.runs).toBe(1);
  for (const path of ['spend', 'heatmap', 'failing', 'deploys']) {
    const right = await app.request(`/overview/${path}?project=${project}&${range}&q=${q}`);
    expect(right.status).toBe(200);
    const wrong = await app.request(`/overview/${path}?project=${project}&q=colour:red`);
    expect(wrong.status).toBe(400);
  }
});
