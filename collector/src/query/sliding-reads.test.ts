import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Reading } from '../alerts/reading.ts';
import { alertAggregation, metricName } from '../contract.ts';
import type { Run } from '../run.ts';
import { anyRun, oneRun } from '../runs.testing.ts';
import { metricSources, type MetricSource } from '../store/metric-sources.ts';
import { readSliding, type SlidingSeries } from '../store/read-sliding.ts';
import { readWindows } from '../store/read-window.ts';
import type { SlidingAsk } from '../store/sliding-sql.ts';
import { startTestStore, type TestStore } from '../store/testing.ts';
import { writeRuns } from '../store/write-runs.ts';
import { toRunConditions } from './run-filter.ts';

vi.setConfig({ testTimeout: 120_000 });

let opened: TestStore;
beforeAll(async () => {
  opened = await startTestStore();
});
afterAll(() => opened.close());

let projects = 0;

/** In a project of their own. */
async function write(runs: readonly Run[]): Promise<string> {
  projects += 1;
  const projectId = `project-${projects}`;
  const kept = runs.map((run) => ({ run: { ...run, projectId }, retentionDays: 0 }));
  await writeRuns(opened.store.client, kept, 1);
  return projectId;
}

const origin = 1_785_542_400_000_000_000n;
const minute = 60_000_000_000n;
const worst = { direction: 'above', minSamples: 0, limit: 100 } as const;

/** Windows that overlap, that touch, and that leave gaps; whole numbers of steps, and not. */
const anySlide = fc
  .record({
    start: fc.integer({ min: -30, max: 200 }),
    past: fc.constantFrom(0n, 12_345_678_901n),
    step: fc.constantFrom(minute, 7n * minute, 90_000_000_000n),
    window: fc.constantFrom(minute, 5n * minute, 30n * minute, 100_000_000_001n),
    groupBy: fc.nat(),
    aggregation: fc.constantFrom(...alertAggregation.options),
    nowAfter: fc.constantFrom(-3n, 60n),
  })
  .map(({ start, past, step, window, nowAfter, ...drawn }) => {
    const firstEndUnixNano = origin + BigInt(start) * minute + past;
    const count = 9;
    const nowUnixNano = firstEndUnixNano + BigInt(count) * step + nowAfter * minute;
    return Object.assign(drawn, {
      firstEndUnixNano,
      stepNs: step,
      windowNs: window,
      count,
      nowUnixNano,
    });
  });

const rounded = (value: number | null): number | null =>
  value === null ? null : Number(value.toPrecision(12));

/** As a window tells it: groups that had nothing to tell are not there. */
function toReadings(series: SlidingSeries, place: number, ask: SlidingAsk): Reading[] {
  return series.groups
    .map(({ group, value, samples, bad, pricedShare }) => ({
      group,
      value: rounded(value[place] ?? null),
      samples: samples[place] ?? -1,
      bad: bad[place] ?? -1,
      pricedShare: pricedShare?.[place] ?? null,
    }))
    .filter(
      ({ samples, pricedShare }) => ask.groupBy === 'none' || samples > 0 || pricedShare !== null,
    );
}

/** What the sliding read tells, and what each window does. */
async function readBoth(
  project: string,
  ask: SlidingAsk,
): Promise<{ readonly slid: Reading[][]; readonly read: Reading[][] }> {
  const series = await readSliding(opened.store, project, ask);
  const windows = Array.from({ length: ask.count }, (_, place) => {
    const toUnixNano = ask.firstEndUnixNano + BigInt(place) * ask.stepNs;
    return Object.assign({}, ask, { fromUnixNano: toUnixNano - ask.windowNs, toUnixNano });
  });
  const reads = await readWindows(opened.store, project, windows);
  return {
    slid: windows.map((_, place) => toReadings(series, place, ask)),
    read: reads.map(({ readings }) =>
      readings
        .map((reading) => Object.assign({}, reading, { value: rounded(reading.value) }))
        .toSorted((a, b) => (a.group < b.group ? -1 : 1)),
    ),
  };
}

describe('a sliding read tells at every step what the window there tells', () => {
  test.each(metricName.options)('%s', async (name) => {
    const source: MetricSource = metricSources[name];
    const groups = ['none', ...Object.keys(source.groups)];
    const runs = fc.array(anyRun(origin), { minLength: 1, maxLength: 40 });
    const property = fc.asyncProperty(runs, anySlide, async (runs, { groupBy, ...slide }) => {
      const project = await write(runs);
      const by = groups[groupBy % groups.length] ?? 'none';
      const { slid, read } = await readBoth(project, {
        ...worst,
        ...slide,
        source,
        conditions: [],
        groupBy: by,
      });
      expect(slid).toEqual(read);
    });
    await fc.assert(property, { numRuns: 2, endOnFailure: true });
  });
});

const quiet = {
  ...worst,
  source: metricSources.runs_finished,
  conditions: [],
  nowUnixNano: oneRun.startUnixNano + 60n * minute,
  groupBy: 'none',
  aggregation: 'value',
  firstEndUnixNano: oneRun.startUnixNano,
  stepNs: minute,
  count: 10,
  windowNs: 2n * minute,
} as const satisfies SlidingAsk;

test('where nothing happened, counts are zero and the rest is unknown', async () => {
  const counts = await readSliding(opened.store, 'nobody', quiet);
  expect(counts.groups[0]?.value).toEqual(Array(10).fill(0));
  expect(counts.timesMs[1]).toBe(Number(oneRun.startUnixNano / 1_000_000n) + 60_000);
  const source = metricSources.agent_latency;
  const latency = await readSliding(opened.store, 'nobody', { ...quiet, source });
  expect(latency.groups[0]?.value).toEqual(Array(10).fill(null));
  const grouped = await readSliding(opened.store, 'nobody', { ...quiet, groupBy: 'workflow' });
  expect(grouped.groups).toEqual([]);
});

test('a run counts in the windows after its end, and in no other', async () => {
  const project = await write([{ ...oneRun, workflow: 'refund' }]);
  const { groups } = await readSliding(opened.store, project, {
    ...quiet,
    conditions: toRunConditions('workflow:refund'),
  });
  expect(groups[0]?.value).toEqual([0, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
});

test('of many groups those that are worst over the whole time are kept', async () => {
  const runs = ['a', 'b', 'b', 'c', 'c', 'c'].map((workflow, at) =>
    Object.assign({}, oneRun, { runId: `${at}`, workflow }),
  );
  const project = await write(runs);
  const { groups, otherGroups } = await readSliding(opened.store, project, {
    ...quiet,
    groupBy: 'workflow',
    limit: 2,
  });
  expect([groups.map(({ group }) => group), otherGroups]).toEqual([['b', 'c'], 1]);
});
