import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Reading } from '../alerts/reading.ts';
import { alertAggregation, metricName } from '../contract.ts';
import type { Run } from '../run.ts';
import { anyRun, oneRun } from '../runs.testing.ts';
import { metricSources } from '../store/metric-sources.ts';
import { readWindow, readWindows } from '../store/read-window.ts';
import { startTestStore, type TestStore } from '../store/testing.ts';
import type { WindowAsk } from '../store/window-sql.ts';
import { writeRuns } from '../store/write-runs.ts';
import { toRunConditions } from './run-filter.ts';
import { readingsOf } from './window-reads.testing.ts';

vi.setConfig({ testTimeout: 120_000 });

let opened: TestStore;
beforeAll(async () => {
  opened = await startTestStore();
  for (const { project, runs } of histories) await write(runs, project);
});
afterAll(() => opened.close());

let projects = 0;
const newProject = (): string => `project-${(projects += 1)}`;

/** In a project of their own. */
async function write(runs: readonly Run[], projectId = newProject()): Promise<string> {
  const kept = runs.map((run) => ({ run: { ...run, projectId }, retentionDays: 0 }));
  await writeRuns(opened.store.client, kept, 1);
  return projectId;
}

const origin = 1_785_542_400_000_000_000n;
const minute = 60_000_000_000n;
const worst = { direction: 'above', minSamples: 0, limit: 100 } as const;

/** Written once and asked in every way; drawn anew each time the tests run. */
const seed = Date.now() % 2 ** 31;
const histories = fc
  .sample(fc.array(anyRun(origin), { minLength: 1, maxLength: 40 }), { seed, numRuns: 8 })
  .map((runs, at) => ({ runs, project: `drawn-${at}` }));

const anyHistory = fc.constantFrom(...histories);
const anyWindow = fc
  .record({
    start: fc.integer({ min: -30, max: 240 }),
    length: fc.integer({ min: 1, max: 120 }),
    past: fc.constantFrom(0n, 1n, 12_345_678_901n),
  })
  .map(({ start, length, past }) => {
    const from = origin + BigInt(start) * minute + past;
    const to = from + BigInt(length) * minute;
    return { from, to, nowUnixNano: to + minute };
  });

/** Of one length, as those that share a scan are: to plan it costs the store more than to read so few runs. */
const anyWindows = fc
  .tuple(anyWindow, fc.array(fc.integer({ min: -90, max: 90 }), { minLength: 2, maxLength: 2 }))
  .map(([window, shifts]) =>
    [0, ...shifts].map((minutes) => {
      const by = BigInt(minutes) * minute;
      return { from: window.from + by, to: window.to + by, nowUnixNano: window.nowUnixNano + by };
    }),
  );

const anyAggregation = fc.constantFrom(...alertAggregation.options);

/** The order in which floating numbers were added shows in their last digits. */
function toRounded(readings: Iterable<Reading>): Reading[] {
  return Array.from(readings, (reading) => ({
    ...reading,
    value: reading.value === null ? null : Number(reading.value.toPrecision(12)),
  })).toSorted((a, b) => (a.group < b.group ? -1 : 1));
}

describe('every reading is that of its definition, for every aggregation and group', () => {
  test.each(metricName.options)('%s', async (name) => {
    const source = metricSources[name];
    const property = fc.asyncProperty(
      anyHistory,
      anyWindows,
      anyAggregation,
      async ({ project, runs }, windows, aggregation) => {
        const { options } = alertAggregation;
        const asked = [
          ...options.map((aggregation) => ({ groupBy: 'none', aggregation })),
          ...Object.keys(source.groups).map((groupBy) => ({ groupBy, aggregation })),
        ].flatMap((one) => windows.map((window) => ({ ...window, ...one })));
        const asks = asked.map((one): WindowAsk => ({
          ...worst,
          ...one,
          source,
          conditions: [],
          fromUnixNano: one.from,
          toUnixNano: one.to,
        }));
        const reads = await readWindows(opened.store, project, asks);
        for (const [place, one] of asked.entries()) {
          const expected = readingsOf(runs, { ...one, name });
          expect({ seed, ...one, readings: toRounded(reads[place]?.readings ?? []) }).toEqual({
            seed,
            ...one,
            readings: toRounded(expected.values()),
          });
        }
      },
    );
    await fc.assert(property, { numRuns: 1, endOnFailure: true });
  });
});

const second = 1_000_000_000n;
const around = {
  source: metricSources.agent_latency,
  conditions: [],
  fromUnixNano: oneRun.startUnixNano - minute,
  toUnixNano: oneRun.startUnixNano + minute,
  nowUnixNano: oneRun.startUnixNano + minute,
  groupBy: 'agent',
  aggregation: 'value',
  ...worst,
} as const satisfies WindowAsk;

const run = (runId: string, calls: readonly { agent: string; ms: number }[]): Run => ({
  ...oneRun,
  runId,
  agentCalls: calls.map(({ agent, ms }) => ({
    traceId: oneRun.rootTraceId,
    spanId: oneRun.rootSpanId,
    agent,
    startUnixNano: oneRun.startUnixNano,
    durationNs: ms * 1_000_000,
    failed: false,
  })),
});

test('the worst groups are kept, those with enough samples first, and the others are counted', async () => {
  const calls = [
    { agent: 'slow and rare', ms: 900 },
    ...[100, 200].map((ms) => ({ agent: 'fast', ms })),
    ...[300, 400].map((ms) => ({ agent: 'slow', ms })),
  ];
  const project = await write([run('one', calls)]);
  const ask = { ...around, minSamples: 2, limit: 2 };
  const above = await readWindow(opened.store, project, ask);
  expect(above.readings.map(({ group }) => group)).toEqual(['slow', 'fast']);
  expect(above.otherGroups).toBe(1);
  const below = await readWindow(opened.store, project, { ...ask, direction: 'below' });
  expect(below.readings.map(({ group }) => group)).toEqual(['fast', 'slow']);
});

test('of ten thousand groups the worst hundred are kept', async () => {
  const calls = Array.from({ length: 10_000 }, (_, at) => ({ agent: `agent ${at}`, ms: at }));
  const project = await write([run('many', calls)]);
  const { readings, otherGroups } = await readWindow(opened.store, project, around);
  expect([readings.length, otherGroups]).toEqual([100, 9_900]);
  expect(readings[0]).toMatchObject({ group: 'agent 9999', value: 9_999 });
  // A group that fires and gets well among so many is still heard of.
  const watched = await readWindow(opened.store, project, { ...around, watched: ['agent 7'] });
  expect(watched.readings.map(({ group }) => group).slice(0, 2)).toEqual(['agent 7', 'agent 9999']);
});

test('asks of one statement have conditions, windows and metrics of their own', async () => {
  const project = await write([
    { ...run('a', [{ agent: 'x', ms: 10 }]), workflow: 'refund' },
    { ...run('b', [{ agent: 'x', ms: 20 }]), workflow: "re'port" },
  ]);
  const later = { fromUnixNano: oneRun.startUnixNano + second, toUnixNano: around.toUnixNano };
  const reads = await readWindows(opened.store, project, [
    { ...around, conditions: toRunConditions('workflow:refund') },
    { ...around, conditions: toRunConditions(`workflow:"re'port"`) },
    { ...around, ...later, source: metricSources.runs_finished, groupBy: 'none' },
    { ...around, conditions: toRunConditions('workflow:nowhere'), groupBy: 'none' },
  ]);
  expect(reads.map(({ readings }) => readings.map(({ value }) => value))).toEqual([
    [10],
    [20],
    [2],
    [null],
  ]);
});

test('what is read by one scan is what each reads alone', async () => {
  const filters = [
    '',
    'workflow:refund',
    '-status:failed',
    'duration>40m',
    'agent:planner',
    'cost>1',
  ];
  const asked = fc.record({
    filter: fc.constantFrom(...filters),
    window: anyWindow,
    watched: fc.option(fc.constantFrom(['refund'], ['report', 'planner'])),
    minSamples: fc.nat({ max: 3 }),
  });
  const property = fc.asyncProperty(
    anyHistory,
    fc.constantFrom(...metricName.options),
    anyAggregation,
    fc.constantFrom('none', 'workflow'),
    fc.array(asked, { minLength: 2, maxLength: 12 }),
    async ({ project }, name, aggregation, groupBy, drawn) => {
      const asks = drawn.map(({ filter, window, watched, minSamples }): WindowAsk => ({
        ...worst,
        source: metricSources[name],
        conditions: toRunConditions(filter),
        groupBy,
        aggregation,
        minSamples,
        limit: 2,
        ...(watched !== null && { watched }),
        fromUnixNano: window.from,
        toUnixNano: window.to,
        nowUnixNano: window.nowUnixNano,
      }));
      const shared = await readWindows(opened.store, project, asks);
      for (const [place, ask] of asks.entries()) {
        const alone = await readWindow(opened.store, project, ask);
        const together = shared[place];
        expect(together?.otherGroups).toBe(alone.otherGroups);
        expect(together?.readings.map(({ group }) => group)).toEqual(
          alone.readings.map(({ group }) => group),
        );
        expect(toRounded(together?.readings ?? [])).toEqual(toRounded(alone.readings));
      }
    },
  );
  await fc.assert(property, { numRuns: 8, endOnFailure: true });
});

test('where a price is not known for all calls, the share of those that have one is told', async () => {
  const call = {
    traceId: oneRun.rootTraceId,
    spanId: oneRun.rootSpanId,
    startUnixNano: oneRun.startUnixNano,
  };
  const [drawn] = fc.sample(
    anyRun(oneRun.startUnixNano).filter(({ modelCalls }) => modelCalls.length > 0),
    { numRuns: 1, seed: 7 },
  );
  const [model] = drawn?.modelCalls ?? [];
  if (model === undefined) throw new Error('no call was drawn');
  const priced = { ...model, ...call, costTrillionths: 1_000_000_000_000n };
  const free = { ...model, ...call, costTrillionths: null };
  const project = await write([
    { ...oneRun, runId: 'a', modelCalls: [priced, free], costTrillionths: 1_000_000_000_000n },
    { ...oneRun, runId: 'b', modelCalls: [free, free], costTrillionths: null },
  ]);
  const source = metricSources.token_cost_per_task;
  const { readings } = await readWindow(opened.store, project, {
    ...around,
    source,
    groupBy: 'none',
  });
  expect(readings).toEqual([{ group: '', value: 1, samples: 1, bad: 1, pricedShare: 0.25 }]);
});
