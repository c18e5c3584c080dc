/** Critical path, handoffs, breakers and queues over many runs. */
import * as fc from 'fast-check';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { z } from 'zod';
import * as contract from '../contract.ts';
import type { Run } from '../run.ts';
import { anyRun, oneRun } from '../runs.testing.ts';
import { onePoint } from '../store/log-arbitrary.ts';
import { createBatch } from '../store/native/batch.ts';
import { insertBlocks, startTestStore, type TestStore } from '../store/testing.ts';
import { writeRuns } from '../store/write-runs.ts';
import { createLiveFeed } from './live-feed.ts';
import { createQueryRoutes } from './routes.ts';

vi.setConfig({ testTimeout: 60_000 });

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
const minute = 60_000_000_000n;
/** The first hour of it: of a part of the runs the rest lies outside. */
const [from, to] = [origin, origin + 60n * minute];
const range = 'from=2026-08-01T00:00:00Z&to=2026-08-01T01:00:00Z';
const isInRange = (at: bigint): boolean => at >= from && at < to;
const arbitraryRuns = fc.array(anyRun(origin), { minLength: 1, maxLength: 25 });

/** Nearest rank; null of nothing. */
function rank(values: readonly number[], percent: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((percent * values.length) / 100) - 1] ?? null;
}
const known = (values: readonly (number | null)[]): number[] =>
  values.filter((value) => value !== null);
const toMs = (ns: number | null): number | null => (ns === null ? null : ns / 1e6);

test('the handoff matrix counts every handoff of the range once', async () => {
  const property = fc.asyncProperty(arbitraryRuns, async (runs) => {
    const project = await write(runs);
    const { edges } = await read(`/handoffs?project=${project}&${range}`, contract.handoffMatrix);
    const all = runs.flatMap((run) => run.handoffs.map((handoff) => ({ ...handoff, run })));
    const byEdge = Map.groupBy(
      all.filter(({ timeUnixNano }) => isInRange(timeUnixNano)),
      (handoff) => `${handoff.from} -> ${handoff.to}`,
    );
    expect(edges.map((edge) => `${edge.from} -> ${edge.to}`).sort()).toEqual(
      [...byEdge.keys()].sort(),
    );
    for (const edge of edges) {
      const own = byEdge.get(`${edge.from} -> ${edge.to}`) ?? [];
      const counted = (outcome: string) => own.filter((one) => one.outcome === outcome).length;
      const decided = own.length - counted('pending');
      const latencies = known(own.map(({ latencyNs }) => latencyNs));
      const contexts = known(own.map(({ contextTokens }) => contextTokens));
      const bad = own.filter(({ outcome }) => outcome === 'refused' || outcome === 'failed');
      const [example] = (bad.length > 0 ? bad : own).sort((a, b) =>
        a.timeUnixNano === b.timeUnixNano
          ? Number(a.run.runId < b.run.runId) - 0.5
          : Number(b.timeUnixNano - a.timeUnixNano),
      );
      expect(edge).toEqual({
        from: edge.from,
        to: edge.to,
        count: own.length,
        accepted: counted('accepted'),
        refused: counted('refused'),
        failed: counted('failed'),
        pending: counted('pending'),
        success: decided === 0 ? null : counted('accepted') / decided,
        latencyP50Ms: toMs(rank(latencies, 50)),
        latencyP95Ms: toMs(rank(latencies, 95)),
        contextTokensP50: rank(contexts, 50),
        contextTokensP95: rank(contexts, 95),
        exampleRunId: example?.run.runId,
      });
    }
  });
  await fc.assert(property, { numRuns: 6, endOnFailure: true });
});

test('the timeline of a breaker has its transitions in order', async () => {
  const property = fc.asyncProperty(arbitraryRuns, async (runs) => {
    const project = await write(runs);
    const path = `/timelines/breakers?project=${project}&${range}`;
    const { breakers } = await read(path, contract.breakerTimelines);
    const all = runs
      .flatMap((run) => run.breakerTransitions.map((one) => ({ ...one, runId: run.runId })))
      .filter(({ timeUnixNano }) => isInRange(timeUnixNano));
    expect(breakers.flatMap(({ transitions }) => transitions)).toHaveLength(all.length);
    for (const { breaker, opens, state, transitions } of breakers) {
      const own = all.filter((one) => one.breaker === breaker);
      const times = transitions.map(({ timeUnixNano }) => BigInt(timeUnixNano));
      expect(times).toEqual(
        own.map(({ timeUnixNano }) => timeUnixNano).sort((a, b) => (a < b ? -1 : Number(a > b))),
      );
      expect(opens).toBe(own.filter((one) => one.state === 'open').length);
      expect(state).toBe(transitions.at(-1)?.state);
    }
  });
  await fc.assert(property, { numRuns: 5, endOnFailure: true });
});

test('queues tell by window what was taken, what failed, and how long it had waited', async () => {
  const property = fc.asyncProperty(arbitraryRuns, async (runs) => {
    const project = await write(runs);
    const path = `/timelines/queues?project=${project}&${range}`;
    const { queues, times, stepSeconds } = await read(path, contract.queueTimelines);
    expect([stepSeconds, times.length]).toEqual([30, 120]);
    const all = runs
      .flatMap(({ queueTakes }) => queueTakes)
      .filter(({ timeUnixNano }) => isInRange(timeUnixNano));
    expect(new Set(queues.map(({ queue }) => queue))).toEqual(
      new Set(all.map(({ queue }) => queue)),
    );
    for (const one of queues) {
      for (const [at, start] of times.entries()) {
        const begin = BigInt(Date.parse(start)) * 1_000_000n;
        const own = all.filter(
          ({ queue, timeUnixNano }) =>
            queue === one.queue && timeUnixNano >= begin && timeUnixNano < begin + 30_000_000_000n,
        );
        const waits = known(own.map(({ waitNs }) => waitNs));
        expect([
          one.taken[at],
          one.failed[at],
          one.waitP50Ms[at],
          one.waitP95Ms[at],
          one.depth[at],
        ]).toEqual([
          own.length,
          own.filter(({ failed }) => failed).length,
          toMs(rank(waits, 50)),
          toMs(rank(waits, 95)),
          null,
        ]);
      }
    }
  });
  await fc.assert(property, { numRuns: 4, endOnFailure: true });
});

test('the depth of a queue is the last that its sender told in the window', async () => {
  const batch = createBatch();
  const stamp = { receivedUnixSeconds: 1_785_542_400, retentionDays: 0, contentRetentionDays: 0 };
  const told = [
    { at: 5n, depth: 3, queue: 'jobs' },
    { at: 25n, depth: 7, queue: 'jobs' },
    { at: 65n, depth: 2, queue: 'jobs' },
    { at: 65n, depth: 9, queue: 'mails' },
  ];
  for (const { at, depth, queue } of told) {
    const point = {
      ...onePoint,
      projectId: 'deep',
      name: 'orchescope.queue.depth',
      type: 'gauge',
      temporality: 'unspecified',
      isMonotonic: false,
      timeUnixNano: origin + at * 1_000_000_000n,
      attributes: new Map([['orchescope.queue.name', queue]]),
      value: depth,
    } as const;
    batch.addPoint(point, stamp);
  }
  await insertBlocks(opened.store, batch.toBlocks());
  const { queues } = await read(`/timelines/queues?project=deep&${range}`, contract.queueTimelines);
  expect(queues.map(({ queue, depth, taken }) => [queue, depth.slice(0, 4), taken[0]])).toEqual([
    ['jobs', [7, null, 2, null], 0],
    ['mails', [null, null, 9, null], 0],
  ]);
});

describe('the critical path of many runs', () => {
  const second = 1_000_000_000;
  const dollar = 1_000_000_000_000n;
  const share = (kind: string, agent: string, seconds: number, dollars = 0n) => ({
    kind,
    agent,
    ns: seconds * second,
    costTrillionths: dollars * dollar,
  });
  /** Nineteen that plan for a second, and one that waits for a minute after it. */
  const quick = (place: number): Run => ({
    ...oneRun,
    runId: `quick-${place}`,
    startUnixNano: origin,
    durationNs: second,
    costTrillionths: 3n * dollar,
    criticalPath: {
      shares: [share('llm', 'planner', 1, 1n)],
      costOnPathTrillionths: dollar,
      slack: [],
    },
  });
  const slow: Run = {
    ...quick(20),
    runId: 'slow',
    durationNs: 61 * second,
    costTrillionths: null,
    criticalPath: {
      shares: [share('llm', 'planner', 1, 1n), share('waiting', '', 60)],
      costOnPathTrillionths: dollar,
      slack: [],
    },
  };
  const running: Run = { ...slow, runId: 'running', status: 'running', endUnixNano: 0n };

  test('says where the time of all goes, and that of the slowest', async () => {
    const runs = Array.from({ length: 19 }, (_, place) => quick(place));
    const project = await write([...runs, slow, { ...slow, runId: 'slower' }, running]);
    const path = `/critical-path?project=${project}&${range}`;
    const answer = await read(path, contract.criticalPathAnswer);
    expect(answer).toMatchObject({
      runCount: 21,
      p50Ms: 1_000,
      p95Ms: 61_000,
      slowRunCount: 2,
      costOnPathUsd: '21',
      costOffPathUsd: '38',
    });
    const [waiting, thinking] = answer.shares;
    expect(waiting).toMatchObject({ kind: 'waiting', agent: '', slowMeanMs: 60_000, costUsd: '0' });
    expect(thinking).toMatchObject({ kind: 'llm', agent: 'planner', meanMs: 1_000, costUsd: '21' });
    expect(waiting?.meanMs).toBeCloseTo(120_000 / 21);
    expect(waiting?.share).toBeCloseTo(120 / 141);
    expect(thinking?.slowShare).toBeCloseTo(1 / 61);
  });

  test('of no runs is empty', async () => {
    const answer = await read(
      `/critical-path?project=nobody&${range}`,
      contract.criticalPathAnswer,
    );
    expect(answer).toMatchObject({
      runCount: 0,
      p50Ms: null,
      p95Ms: null,
      slowRunCount: 0,
      shares: [],
      costOnPathUsd: '0',
    });
  });

  test('is that of the runs a filter leaves', async () => {
    const project = await write([quick(1), { ...slow, workflow: 'refund' }]);
    const path = `/critical-path?project=${project}&${range}&q=workflow:refund`;
    expect(await read(path, contract.criticalPathAnswer)).toMatchObject({
      runCount: 1,
      p95Ms: 61_000,
    });
  });
});
