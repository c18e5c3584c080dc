/** Every number of the first page that leads to runs leads to as many: over the API, of spans as senders send them. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { z } from 'zod';
import { storeAndAnalyze } from '../../analyze-stored.testing.ts';
import * as contract from '../../contract.ts';
import type { Span } from '../../span.ts';
import { oneSpan } from '../../store/span-arbitrary.ts';
import { startTestStore, type TestStore } from '../../store/testing.ts';
import { createLiveFeed } from '../live-feed.ts';
import { createQueryRoutes } from '../routes.ts';

vi.setConfig({ testTimeout: 60_000 });

const second = 1_000_000_000n;
/** 2026-08-01T01:00:00Z */
const from = 1_785_542_400_000_000_000n + 3_600n * second;
const range = 'from=2026-08-01T01:00:00Z&to=2026-08-01T02:00:00Z';
let opened: TestStore;
let app: Hono;

type Step = { readonly kind: Span['kind']; readonly of: string; readonly failed?: boolean };

let spanCount = 0;

/** A workflow whose agents, tools and models are called one after the other. */
function toSpans(
  at: number,
  steps: readonly Step[],
  {
    workflow = 'refund',
    version = '',
    service = 'shop',
    serviceVersion = 'v1',
    isLeft = false,
  } = {},
): Span[] {
  const traceId = (at + 1e9).toString(16).padStart(32, 'a');
  const start = from + BigInt(at) * second;
  const made = (seconds: number, changes: Partial<Span>): Span => {
    spanCount += 1;
    return {
      ...oneSpan,
      traceId,
      spanId: spanCount.toString(16).padStart(16, 'b'),
      projectId: 'shop',
      serviceName: service,
      startTimeUnixNano: start + BigInt(seconds) * second,
      endTimeUnixNano: start + BigInt(seconds + 1) * second,
      resourceAttributes: new Map([['service.version', serviceVersion]]),
      ...changes,
    };
  };
  const root = made(0, {
    workflowName: workflow,
    endTimeUnixNano: isLeft ? 0n : start + 60n * second,
    attributes: new Map(version === '' ? [] : [['orchescope.workflow.version', version]]),
  });
  const named = { agent: 'agentName', tool: 'toolName', mcp: 'toolName', llm: 'modelAnswered' };
  return [
    root,
    ...steps.map(({ kind, of, failed = false }, n) =>
      made(n + 1, {
        kind,
        parentSpanId: root.spanId,
        name: `${kind} ${of}`,
        [named[kind as keyof typeof named]]: of,
        status: failed ? 'error' : 'ok',
        errorType: failed ? 'timeout' : '',
        ...(kind === 'llm' && { costUsd: '0.5', costSource: 'reported' as const }),
      }),
    ),
  ];
}

const ok = (kind: Span['kind'], of: string): Step => ({ kind, of });
const bad = (kind: Span['kind'], of: string): Step => ({ kind, of, failed: true });

beforeAll(async () => {
  opened = await startTestStore();
  app = createQueryRoutes({
    store: opened.store,
    live: createLiveFeed(),
    info: { version: '1', engine: 'embedded', authentication: false },
    readIngestHealth: () => Promise.reject(new Error('not asked here')),
  });
  const next = { serviceVersion: 'v2', version: '7' };
  await storeAndAnalyze(opened, [
    // Before the range: what is new in it is told by that.
    ...toSpans(-600, [bad('agent', 'writer'), bad('tool', 'search'), ok('llm', 'dear')]),
    // It lives on into the range, where it did not begin.
    ...toSpans(-2, [ok('agent', 'writer'), ok('llm', 'dear')]),
    ...toSpans(10, [bad('agent', 'writer'), bad('agent', 'writer'), ok('llm', 'dear')]),
    // Errors, but none of the writer and none of the search.
    ...toSpans(100, [ok('agent', 'writer'), bad('agent', 'planner'), ok('tool', 'search')]),
    ...toSpans(200, [ok('agent', 'planner'), bad('tool', 'search'), bad('mcp', 'search')], next),
    ...toSpans(300, [bad('agent', 'Writer'), bad('tool', 'a "b" c'), ok('llm', 'small')], next),
    // Another service with the version of the first, and the first with a version that no workflow tells.
    ...toSpans(400, [ok('llm', 'small'), ok('llm', 'dear')], {
      service: 'back',
      serviceVersion: 'v2',
    }),
    ...toSpans(500, [ok('llm', 'small')], { serviceVersion: 'v3' }),
    ...toSpans(600, [bad('tool', 'fetch')], { workflow: 'report' }),
    ...toSpans(700, [ok('agent', 'planner'), ok('llm', 'dear')], { isLeft: true }),
  ]);
});
afterAll(() => opened.close());

async function read<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  const answer = await app.request(path);
  expect(`${answer.status} ${answer.status === 200 ? '' : await answer.text()}`).toBe('200 ');
  return schema.parse(await answer.json());
}

/** What the list shows whoever follows a link. */
async function follow(q: string, begins = 'from=2026-08-01T01:00:00Z'): Promise<number> {
  const asked = new URLSearchParams({ project: 'shop', q, limit: '200' }).toString();
  const path = `/runs?${asked}&${begins}&to=2026-08-01T02:00:00Z`;
  return (await read(path, contract.runList)).runs.length;
}

test.each(['', 'workflow:refund'])('with the filter "%s" all of them do', async (q) => {
  const asked = `project=shop&${range}&q=${encodeURIComponent(q)}`;
  const within = (filter: string): string => [q, filter].filter(Boolean).join(' ');
  const stats = await read(`/overview/stats?${asked}`, contract.overviewStats);
  const { runs, completedRuns, failedRuns } = stats.runs.now;
  expect(await follow(q)).toBe(runs);
  expect(await follow(within('status:completed'))).toBe(completedRuns);
  expect(await follow(within('status:failed'))).toBe(failedRuns);
  const { models } = await read(`/overview/spend?${asked}`, contract.overviewSpend);
  const failing = await read(`/overview/failing?${asked}`, contract.overviewFailing);
  const links = [...models, ...failing.agents, ...failing.tools];
  expect(links.length).toBeGreaterThan(6);
  for (const link of links) expect(await follow(link.runsFilter)).toBe(link.runs);
  const { deploys } = await read(`/overview/deploys?${asked}`, contract.overviewDeploys);
  expect(deploys.length).toBeGreaterThan(2);
  for (const { runsFilter, runs: since, at } of deploys) {
    expect(await follow(runsFilter, `from=${at}`)).toBe(since);
  }
  const heatmap = await read(`/overview/heatmap?${asked}`, contract.overviewHeatmap);
  for (const [at, row] of heatmap.rows.entries()) {
    const own = heatmap.cells.filter((cell) => cell.row === at);
    const sum = own.reduce((all, cell) => all + cell.runs, 0);
    expect(await follow(row.runsFilter)).toBe(sum);
  }
});

test('they are the runs in which that agent, tool or version itself was', async () => {
  const asked = `project=shop&${range}`;
  const { agents, tools } = await read(`/overview/failing?${asked}`, contract.overviewFailing);
  expect(agents.map(({ name, failedCalls, runs }) => [name, failedCalls, runs])).toEqual([
    ['writer', 2, 2],
    ['Writer', 1, 2],
    ['planner', 1, 1],
  ]);
  expect(tools.map(({ name, failedCalls, runs }) => [name, failedCalls, runs])).toEqual([
    ['a "b" c', 1, 1],
    ['fetch', 1, 1],
    ['search', 1, 1],
  ]);
  const { models } = await read(`/overview/spend?${asked}`, contract.overviewSpend);
  expect(models.map(({ model, calls, runs }) => [model, calls, runs])).toEqual([
    // One of them is of the run that began before.
    ['dear', 4, 3],
    ['small', 3, 3],
  ]);
  const { deploys } = await read(`/overview/deploys?${asked}`, contract.overviewDeploys);
  expect(deploys.map(({ kind, name, version, runs }) => [kind, name, version, runs])).toEqual([
    ['workflow', 'refund', '7', 2],
    ['service', 'shop', 'v2', 2],
    ['service', 'back', 'v2', 1],
    ['service', 'shop', 'v3', 1],
  ]);
});

test('each finding leads to a run that has it', async () => {
  const path = `/findings/list?project=shop&${range}&sort=waste_usd`;
  const { findings } = await read(path, contract.findingList);
  expect(findings.length).toBeGreaterThan(0);
  for (const { runId, kind, rootTraceId } of findings) {
    const run = await read(`/runs/${runId}?project=shop`, contract.runDetail);
    expect(run.findings.map((one) => one.kind)).toContain(kind);
    expect(run.rootTraceId).toBe(rootTraceId);
  }
});

test.each([
  ['failed_agent:writer', 2],
  ['failed_agent:*r', 3],
  ['-failed_agent:*r', 5],
  ['failed_tool:search', 1],
  ['failed_tool:*', 3],
  ['-failed_tool:*', 5],
  ['service_version:v2', 3],
])('%s finds %d runs', async (q, runs) => {
  expect(await follow(q)).toBe(runs);
});
