import * as fc from 'fast-check';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as contract from '../contract.ts';
import type { Run } from '../run.ts';
import { anyRun, oneRun } from '../runs.testing.ts';
import { metricSources } from '../store/metric-sources.ts';
import { startTestStore, type TestStore } from '../store/testing.ts';
import { deleteRuns, writeRuns } from '../store/write-runs.ts';
import { createLiveFeed } from './live-feed.ts';
import { figureOf, samplesOf, toNumber, type Asked, type Sample } from './metrics.testing.ts';
import { createQueryRoutes } from './routes.ts';
import { toWindows } from './windows.ts';

vi.setConfig({ testTimeout: 120_000 });

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
  });
  for (const { project, runs } of histories) await write(runs, project);
});
afterAll(() => opened.close());

async function ask(name: string, query: string): Promise<contract.MetricAnswer> {
  const answer = await app.request(`/metrics/${name}?${query}`);
  expect(`${answer.status} ${answer.status === 200 ? '' : await answer.text()}`).toBe('200 ');
  return contract.metricAnswer.parse(await answer.json());
}

let projects = 0;
const newProject = (): string => `project-${(projects += 1)}`;

/** In a project of their own, each after an older verdict, and one that was taken back. */
async function write(runs: readonly Run[], projectId = newProject()): Promise<string> {
  const { client } = opened.store;
  const kept = runs.map((run) => ({ run: { ...run, projectId }, retentionDays: 0 }));
  const olderOf = (run: Run): Run => ({ ...oneRun, ...run, agentCalls: [], retryCount: 77 });
  const older = kept.map(({ run }) => ({ run: olderOf(run), retentionDays: 0 }));
  const gone = kept.map(({ run }) => ({
    run: { ...run, runId: `gone-${run.runId}` },
    retentionDays: 0,
  }));
  await writeRuns(client, [...older, ...gone], 1);
  const places = gone.map(({ run: { runId, startUnixNano } }) => ({
    runId,
    startUnixNano,
    retentionDays: 0,
  }));
  await deleteRuns(client, projectId, places, 2);
  await writeRuns(client, kept, 3);
  return projectId;
}

/** The first of August 2026; all ranges end before now, which then does not matter. */
const origin = 1_785_542_400_000_000_000n;
const minute = 60_000_000_000n;
const iso = (unixNano: bigint): string =>
  new Date(Number(unixNano / 1_000_000n))
    .toISOString()
    .replace('Z', `${String(unixNano % 1_000_000n).padStart(6, '0')}Z`);

/** Written once and asked in every way; drawn anew each time the tests run. */
const seed = Date.now() % 2 ** 31;
const histories = fc
  .sample(fc.array(anyRun(origin), { minLength: 1, maxLength: 60 }), { seed, numRuns: 8 })
  .map((runs, at) => ({ runs, project: `drawn-${at}` }));

const anyRange = fc
  .record({
    start: fc.integer({ min: -30, max: 240 }),
    length: fc.integer({ min: 1, max: 240 }),
    past: fc.constantFrom(0n, 1n, 12_345_678_901n),
    step: fc.constantFrom('auto', '1m', '7m', '30m', '1h', '4h'),
  })
  .map(({ start, length, past, step }) => {
    const from = origin + BigInt(start) * minute + past;
    return { range: { from, to: from + BigInt(length) * minute }, step };
  });

describe('every number is that of its definition, at every window and over all', () => {
  test.each(contract.metricName.options)('%s', async (name) => {
    const groups = ['none', ...Object.keys(metricSources[name].groups)];
    // To plan a statement costs the store more than to answer it from so few runs: each is of a draw of its own.
    const draws = groups.map((groupBy) =>
      fc.tuple(fc.constant(groupBy), fc.constantFrom(...histories), anyRange),
    );
    const property = fc.asyncProperty(fc.tuple(...draws), async (drawn) => {
      for (const [groupBy, { project, runs }, { range, step }] of drawn) {
        const query = `project=${project}&from=${iso(range.from)}&to=${iso(range.to)}`;
        const answer = await ask(name, `${query}&step=${step}&groupBy=${groupBy}&limit=50`);
        expect({ seed, groupBy, series: answer.series }).toEqual({
          seed,
          groupBy,
          series: toExpected(name, runs, range, step, groupBy),
        });
      }
    });
    await fc.assert(property, { numRuns: 1, endOnFailure: true });
  });
});

function toExpected(
  name: contract.MetricName,
  runs: readonly Run[],
  range: Pick<Asked, 'from' | 'to'>,
  step: string,
  groupBy: string,
): contract.MetricSeries[] {
  const asked = { ...range, nowUnixNano: BigInt(Date.now()) * 1_000_000n };
  const samples = runs
    .flatMap((run) => samplesOf(name, run, asked))
    .filter(({ at, value }) =>
      name === 'active_runs'
        ? at < range.to && value >= range.from
        : at >= range.from && at < range.to,
    );
  const byGroup = Map.groupBy(samples, ({ groups }) => groups[groupBy] ?? '');
  if (groupBy === 'none' && samples.length === 0) byGroup.set('', []);
  return Array.from(byGroup, ([group, own]) =>
    toExpectedSeries(name, group, own, range, step),
  ).sort((a, b) => b.total.samples - a.total.samples || (a.group < b.group ? -1 : 1));
}

function toExpectedSeries(
  name: contract.MetricName,
  group: string,
  samples: readonly Sample[],
  { from, to }: Pick<Asked, 'from' | 'to'>,
  step: string,
): contract.MetricSeries {
  const { originUnixNano, stepNs, count } = toWindows({ from, to }, step);
  const isActive = name === 'active_runs';
  const windows = Array.from({ length: count }, (_, place) => {
    const start = originUnixNano + BigInt(place) * stepNs;
    const end = start + stepNs < to ? start + stepNs : to;
    const own = samples.filter(({ at }) => isActive || (at >= start && at < end));
    return figureOf(name, own, end);
  });
  const total = figureOf(name, samples, to);
  const hasQuantiles = total.p50 !== null;
  const p95 = hasQuantiles ? rank95(samples) : null;
  return {
    group,
    total: { ...total, p95, samples: samples.length },
    value: windows.map(({ value }) => value),
    p50: windows.map(({ p50 }) => p50),
    p99: windows.map(({ p99 }) => p99),
    samples: windows.map((window) => window.samples),
  };
}

function rank95(samples: readonly Sample[]): number | null {
  const sorted = samples.map(toNumber).sort((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * 95) / 100) - 1] ?? null;
}

const calls = (agents: readonly string[]): Run => ({
  ...oneRun,
  runId: 'calls',
  agentCalls: agents.map((agent) => ({
    traceId: oneRun.rootTraceId,
    spanId: oneRun.rootSpanId,
    agent,
    startUnixNano: oneRun.startUnixNano,
    durationNs: 1_000_000,
    failed: false,
  })),
});
const around = `from=${iso(oneRun.startUnixNano - minute)}&to=${iso(oneRun.startUnixNano + minute)}`;

test('quantiles are nearest ranks: the p95 of twenty is the nineteenth', async () => {
  const run = calls([]);
  const durations = Array.from({ length: 20 }, (_, at) => (at + 1) * 1_000_000);
  const [call] = calls(['planner']).agentCalls;
  const agentCalls = durations.flatMap((durationNs) => (call ? [{ ...call, durationNs }] : []));
  const project = await write([{ ...run, agentCalls }]);
  const { series } = await ask('agent_latency', `project=${project}&${around}`);
  expect(series[0]?.total).toEqual({ value: 19, p50: 10, p95: 19, p99: 20, samples: 20 });
});

test('of many series those with most samples are told, and how many are left', async () => {
  const agents = ['a', 'b', 'b', 'c', 'c', 'c', 'd'];
  const project = await write([calls(agents)]);
  const query = `project=${project}&${around}&groupBy=agent&limit=2`;
  const { series, otherSeries } = await ask('agent_latency', query);
  expect(series.map(({ group, total }) => [group, total.samples])).toEqual([
    ['c', 3],
    ['b', 2],
  ]);
  expect(otherSeries).toBe(2);
});

test('the filter is that of runs', async () => {
  const project = await write([
    calls(['a']),
    { ...calls(['b']), runId: 'other', workflow: 'refund' },
  ]);
  const query = `project=${project}&${around}&groupBy=agent&q=workflow:refund`;
  expect((await ask('agent_latency', query)).series.map(({ group }) => group)).toEqual(['b']);
});

test('windows are round, and no more than a chart shows', async () => {
  const day = await ask('tokens', 'from=2026-08-01T00:07:30Z&to=2026-08-02T00:07:30Z');
  expect(day).toMatchObject({ stepSeconds: 900, unit: 'tokens' });
  expect(day.times[0]).toBe('2026-08-01T00:00:00.000Z');
  expect(day.times.at(-1)).toBe('2026-08-02T00:00:00.000Z');
  expect(day.series).toHaveLength(1);
  expect(day.series[0]?.value).toHaveLength(day.times.length);
  for (const [range, step] of [
    ['now-5m', 5],
    ['now-30d', 21_600],
    ['now-2000d', 2_419_200],
  ]) {
    expect((await ask('cost', `from=${range}`)).stepSeconds).toBe(step);
  }
});

test('where nothing happened, there is nothing, and none of what is counted', async () => {
  const query = 'project=nobody&from=2026-08-01T00:00:00Z&to=2026-08-01T00:10:00Z&step=5m';
  const [latency] = (await ask('agent_latency', query)).series;
  expect(latency).toMatchObject({ group: '', value: [null, null], samples: [0, 0] });
  expect(latency?.total).toEqual({ value: null, p50: null, p95: null, p99: null, samples: 0 });
  expect((await ask('breaker_opens', query)).series[0]).toMatchObject({
    value: [0, 0],
    total: { value: 0 },
  });
  expect((await ask('breaker_opens', `${query}&groupBy=breaker`)).series).toEqual([]);
});

test.each<[string, string, number, RegExp]>([
  ['happiness', '', 404, /ask for agent_latency,/],
  [
    'cost',
    'groupBy=breaker',
    400,
    /cost cannot be told by breaker\. Choose none, workflow, .*agent, or model/,
  ],
  ['cost', 'groupBy=mood', 400, /groupBy/],
  ['cost', 'step=1s', 400, /86401 windows of 1s.*87s and more/],
  ['cost', 'step=0m', 400, /at least 1s/],
  ['cost', 'step=soon', 400, /Write auto/],
  ['cost', 'from=now&to=now-1d', 400, /before to/],
  ['cost', 'limit=51', 400, /limit/],
  ['cost', 'q=cost', 200, /./],
  ['cost', 'q=happy:yes', 400, /no field happy/],
])('%s with "%s" is answered %i', async (name, query, status, sentence) => {
  const answer = await app.request(`/metrics/${name}?${query}`);
  expect([answer.status, await answer.text()]).toEqual([status, expect.stringMatching(sentence)]);
});
