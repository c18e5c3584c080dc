import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run } from '../run.ts';
import { oneRun } from '../runs.testing.ts';
import { metricSources } from '../store/metric-sources.ts';
import { readDiffering, readExemplars } from '../store/read-behind.ts';
import { readHours } from '../store/read-hours.ts';
import { readLag, readLateShare } from '../store/read-lag.ts';
import { oneSpan } from '../store/span-arbitrary.ts';
import { startTestStore, storeSpans, type TestStore } from '../store/testing.ts';
import { writeRuns } from '../store/write-runs.ts';

let opened: TestStore;
const second = 1_000_000_000n;
const hour = 3_600n * second;

/** Twenty runs, of which the last five are slow, on another model, by an agent that fails. */
const runs: readonly Run[] = Array.from({ length: 20 }, (_, at) => {
  const isSlow = at >= 15;
  const startUnixNano = oneRun.startUnixNano + BigInt(at) * second;
  const durationNs = isSlow ? (at + 1) * 1_000_000_000 : 500_000_000;
  return {
    ...oneRun,
    projectId: 'shop',
    runId: `run-${at}`,
    workflow: 'refund',
    models: isSlow ? ['large', 'small'] : ['small'],
    startUnixNano,
    durationNs,
    endUnixNano: startUnixNano + BigInt(durationNs),
    lastActivityUnixNano: startUnixNano + BigInt(durationNs),
    agentCalls: [
      {
        traceId: oneRun.rootTraceId,
        spanId: oneRun.rootSpanId,
        agent: isSlow ? 'clerk' : 'planner',
        startUnixNano,
        durationNs,
        failed: isSlow,
      },
    ],
  };
});

beforeAll(async () => {
  opened = await startTestStore();
  const kept = runs.map((run) => ({ run, retentionDays: 0 }));
  await writeRuns(opened.store.client, kept, 1);
});
afterAll(() => opened.close());

const ask = {
  source: metricSources.agent_latency,
  conditions: [],
  fromUnixNano: oneRun.startUnixNano,
  toUnixNano: oneRun.startUnixNano + 60n * second,
  nowUnixNano: oneRun.startUnixNano + 60n * second,
  groupBy: 'agent',
  group: 'clerk',
  direction: 'above',
} as const;

test('the worst runs of a group come first, and each once', async () => {
  const exemplars = await readExemplars(opened.store, 'shop', ask);
  expect(exemplars.map(({ runId, value }) => [runId, value])).toEqual([
    ['run-19', 20_000],
    ['run-18', 19_000],
    ['run-17', 18_000],
    ['run-16', 17_000],
    ['run-15', 16_000],
  ]);
  expect(exemplars[0]).toMatchObject({ traceId: oneRun.rootTraceId, workflow: 'refund' });
});

test.each(['error_rate', 'end_to_end_latency', 'active_runs', 'cost', 'run_cost'] as const)(
  'exemplars and facts can be asked of %s',
  async (name) => {
    const own = { ...ask, source: metricSources[name], groupBy: 'none' };
    const exemplars = await readExemplars(opened.store, 'shop', own);
    expect(exemplars.length).toBeLessThanOrEqual(5);
    expect(await readDiffering(opened.store, 'shop', { ...own, beyond: 0 })).toBeInstanceOf(Array);
  },
);

test('what the failing runs have and others have not stands out, but for the group itself', async () => {
  expect(await readDiffering(opened.store, 'shop', { ...ask, beyond: null })).toEqual([
    { field: 'model', value: 'large', inside: 1, outside: 0 },
  ]);
});

test('without groups the runs beyond the threshold are held against the others', async () => {
  const all = { ...ask, groupBy: 'none', group: '', beyond: 1_000 };
  expect(await readDiffering(opened.store, 'shop', all)).toEqual([
    { field: 'model', value: 'large', inside: 1, outside: 0 },
  ]);
  expect(await readDiffering(opened.store, 'shop', { ...all, beyond: 100_000 })).toEqual([]);
});

test.each(['agent_latency', 'end_to_end_latency', 'runs_finished'] as const)(
  'hours of %s have their own values',
  async (name) => {
    const hours = await readHours(opened.store, 'shop', {
      ...ask,
      source: metricSources[name],
      groupBy: 'workflow',
      aggregation: 'samples',
      fromUnixNano: oneRun.startUnixNano - 2n * hour,
      nowUnixNano: oneRun.startUnixNano + 9n * hour,
      hours: 4,
      limit: 10,
    });
    const atMs = Number(oneRun.startUnixNano / 1_000_000n);
    expect([...hours]).toEqual([['refund', [{ atMs, value: 20, samples: 20 }]]]);
  },
);

test('lag is that of the slowest of a hundred, and wrong clocks do not count', async () => {
  const nowMs = Date.now();
  const ended = (secondsAgo: number, at: number) => ({
    ...oneSpan,
    projectId: 'late',
    spanId: at.toString(16).padStart(16, '0'),
    startTimeUnixNano: BigInt(nowMs - secondsAgo * 1_000 - 1_000) * 1_000_000n,
    endTimeUnixNano: BigInt(nowMs - secondsAgo * 1_000) * 1_000_000n,
  });
  await storeSpans(opened, [
    ...Array.from({ length: 9 }, (_, at) => ended(2, at)),
    ended(40, 20),
    ended(90_000, 21),
    ended(-600, 22),
  ]);
  const { p99Ms, spans } = await readLag(opened.store, 'late', nowMs);
  expect(spans).toBe(10);
  expect(Math.round((p99Ms ?? 0) / 10_000)).toBe(4);
  expect(await readLag(opened.store, 'nobody', nowMs)).toEqual({ p99Ms: null, spans: 0 });
  const window = { fromMs: nowMs - 60_000, toMs: nowMs - 1_000 };
  const late = { ...window, judgedAtMs: nowMs - 30_000 };
  expect(await readLateShare(opened.store, 'late', late)).toBe(1);
  const inTime = { ...window, judgedAtMs: nowMs + 60_000 };
  expect(await readLateShare(opened.store, 'late', inTime)).toBe(0);
  expect(await readLateShare(opened.store, 'nobody', late)).toBe(null);
});
