import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startAnalysis, type Analysis } from '../analysis/worker/start-analysis.ts';
import { analyzeCommand } from '../cli/analyze.ts';
import { analyzeLine, type AnalyzeLine } from '../contract.ts';
import type { Span } from '../span.ts';
import { writeSetting } from '../store/settings-log.ts';
import { oneSpan } from '../store/span-arbitrary.ts';
import { startTestStore, storeSpans, type TestStore } from '../store/testing.ts';
import { createAnalyzeRoute } from './route.ts';

vi.setConfig({ testTimeout: 60_000 });

let opened: TestStore;
let analysis: Analysis;
let server: Server;
let url: string;
let stopping: AbortController;

beforeAll(async () => {
  opened = await startTestStore();
  analysis = startAnalysis({ store: opened.store.address, warn: () => undefined });
  stopping = new AbortController();
  const app = new Hono().route(
    '/api',
    createAnalyzeRoute({
      store: opened.store,
      wake: analysis.wake,
      status: analysis.status,
      stopping: stopping.signal,
      log: () => {},
      tracesPerChunk: 2,
    }),
  );
  server = createServer(getRequestListener(app.fetch)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await analysis.close();
  await opened.close();
});

const newTraceId = (): string => crypto.randomUUID().replaceAll('-', '');
const dayMs = 86_400_000;

const prepared: { readonly projectId: string; readonly spans: readonly Span[] }[] = [];

/** A project of so many runs that were abandoned, each so many days ago; judged before the first test, with all others. */
function prepareProject(daysAgo: readonly number[]): string {
  const projectId = `project-${prepared.length}`;
  const spans = daysAgo.map((days): Span => ({
    ...oneSpan,
    projectId,
    traceId: newTraceId(),
    parentSpanId: '',
    startTimeUnixNano: BigInt(Date.now() - days * dayMs) * 1_000_000n,
    endTimeUnixNano: 0n,
    kind: 'workflow',
    workflowName: 'refund',
  }));
  prepared.push({ projectId, spans });
  return projectId;
}

beforeAll(async () => {
  await storeSpans(
    opened,
    prepared.flatMap(({ spans }) => spans),
  );
  analysis.wake();
  for (const { projectId, spans } of prepared) {
    await vi.waitFor(
      async () => {
        if ((await readFindings(projectId)).length !== spans.length) throw new Error('not yet');
      },
      { timeout: 60_000, interval: 250 },
    );
  }
});

/** Of each run, the kinds of its findings. */
async function readFindings(projectId: string): Promise<string[][]> {
  const answer = await opened.store.client.query({
    query:
      'SELECT finding_kinds FROM runs FINAL WHERE project_id = {projectId:String} ORDER BY start_time DESC',
    query_params: { projectId },
    format: 'JSONCompactEachRow',
  });
  return (await answer.json<[string[]]>()).map(([kinds]) => kinds);
}

async function mute(projectId: string): Promise<void> {
  const value = { abandoned_run: { muted: true } };
  const change = { projectId, area: 'detectors', key: '', value, changedBy: 'test' };
  await writeSetting(opened.store.client, change, Date.now());
}

type Ask = { readonly method?: string; readonly type?: string; readonly body?: string };

async function ask({ method = 'POST', type = 'application/json', body = '{}' }: Ask = {}) {
  const sent = method === 'POST' ? { body } : {};
  const headers = { 'content-type': type };
  const response = await fetch(`${url}/api/analyze`, { method, headers, ...sent });
  return { status: response.status, text: await response.text() };
}

async function analyze(request: object): Promise<AnalyzeLine[]> {
  const { text } = await ask({ body: JSON.stringify(request) });
  return text
    .trim()
    .split('\n')
    .map((line) => analyzeLine.parse(JSON.parse(line)));
}

const found = ['abandoned_run'];

const judged = prepareProject([1, 2, 3, 4, 5]);
test('history is judged by what was set since, a few traces at a time', async () => {
  expect(await readFindings(judged)).toEqual([found, found, found, found, found]);
  await mute(judged);
  const lines = await analyze({ project: judged });
  expect(lines.at(-1)).toMatchObject({ type: 'summary', traces: 5, failed: 0 });
  const progress = lines.slice(0, -1).map((line) => (line.type === 'progress' ? line : null));
  expect(progress.at(-1)).toEqual({ type: 'progress', traces: 5, done: 5 });
  const done = progress.map((line) => line?.done ?? -1);
  expect(done).toEqual([...new Set(done)].sort((a, b) => a - b));
  expect(await readFindings(judged)).toEqual([[], [], [], [], []]);
});

const [ranged, other] = [prepareProject([1, 9]), prepareProject([1])];
test('only the range is judged again, and only the project', async () => {
  await mute(ranged);
  await mute(other);
  const lines = await analyze({ project: ranged, from: 'now-3d', to: 'now' });
  expect(lines.at(-1)).toMatchObject({ type: 'summary', traces: 1 });
  expect(await readFindings(ranged)).toEqual([[], found]);
  expect(await readFindings(other)).toEqual([found]);
});

const old = prepareProject([9]);
test('a project without traces in the range says so', async () => {
  const lines = await analyze({ project: old, from: 'now-1d' });
  expect(lines).toMatchObject([{ type: 'summary', traces: 0, failed: 0 }]);
});

const odd = prepareProject([1]);
test('a trace whose spans are gone, and one that is no run, are waited for no longer than others', async () => {
  const plain = { ...oneSpan, projectId: odd, kind: 'other', dialect: 'otel' } as const;
  await storeSpans(opened, [{ ...plain, traceId: newTraceId(), workflowName: '', agentName: '' }]);
  await opened.store.client.command({
    query: `INSERT INTO trace_time (project_id, trace_id, first_start, last_start)
      SELECT {project:String}, {traceId:String}, now64(9), now64(9)`,
    query_params: { project: odd, traceId: newTraceId() },
  });
  const lines = await analyze({ project: odd });
  expect(lines.at(-1)).toMatchObject({ type: 'summary', traces: 3, failed: 0 });
});

describe('is refused', () => {
  test.each<[string, Ask, number, RegExp]>([
    ['a GET', { method: 'GET' }, 405, /Use POST/],
    ['a form', { type: 'application/x-www-form-urlencoded' }, 400, /content-type/],
    ['text that a foreign page may send', { type: 'text/plain' }, 400, /content-type/],
    ['no JSON', { body: '{' }, 400, /not JSON/],
    ['another field', { body: '{"all":true}' }, 400, /all/],
    ['a day there is not', { body: '{"to":"2026-02-30T00:00:00Z"}' }, 400, /no such day/],
    ['a range backwards', { body: '{"from":"now","to":"now-1d"}' }, 400, /before/],
  ])('%s', async (_, sent, status, sentence) => {
    const answer = await ask(sent);
    expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(sentence)]);
  });

  const left = prepareProject([1, 2, 3]);
  test('a second one while the first goes on, until whoever asked for it leaves', async () => {
    const leave = new AbortController();
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ project: left });
    const first = await fetch(`${url}/api/analyze`, {
      method: 'POST',
      headers,
      body,
      signal: leave.signal,
    });
    expect((await ask({ body })).status).toBe(409);
    leave.abort();
    await expect(first.text()).rejects.toThrow('aborted');
    await expect.poll(async () => (await ask({ body })).status, { timeout: 60_000 }).toBe(200);
  });
});

describe('orchescope analyze', () => {
  async function run(...args: string[]) {
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const code = await analyzeCommand(args, {});
      const text = (spy: typeof out) => spy.mock.calls.map(([chunk]) => String(chunk)).join('');
      return { code, out: text(out), err: text(err) };
    } finally {
      out.mockRestore();
      err.mockRestore();
    }
  }

  const printed = prepareProject([1, 2]);
  test('prints how far it is and what became of it', async () => {
    await mute(printed);
    const { code, out, err } = await run('--url', url, '--project', printed);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('  2 of 2 traces\n');
    expect(out).toMatch(/The runs of 2 traces were judged again, by edition \d+ of the rules\.\n$/);
    const empty = await run('--url', url, '--project', printed, '--to', 'now-30d');
    expect(empty).toEqual({ code: 0, out: 'There are no traces in this range.\n', err: '' });
  });

  test.each<[string, string[], number, RegExp]>([
    ['no server', ['--url', 'http://127.0.0.1:1'], 1, /No server answers .* `orchescope serve`/],
    ['a wrong option', ['--fast'], 2, /--fast[^]*orchescope analyze \[--url/],
    ['no address', ['--url', 'here'], 2, /--url must look like/],
    ['a wrong time', ['--from', 'yesterday'], 1, /from: Write an ISO time/],
  ])('tells %s in plain words', async (_, args, code, sentence) => {
    const ran = await run('--url', url, ...args);
    expect([ran.code, ran.out]).toEqual([code, '']);
    expect(ran.err).toMatch(sentence);
    expect(ran.err).not.toContain('    at ');
  });
});

const stopped = prepareProject([1]);
test('a server that is stopping stops it', async () => {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ project: stopped });
  const answer = await fetch(`${url}/api/analyze`, { method: 'POST', headers, body });
  stopping.abort();
  const line = analyzeLine.parse(JSON.parse((await answer.text()).trim().split('\n').at(-1) ?? ''));
  expect(line).toEqual({ type: 'error', message: expect.stringMatching(/is stopping/) });
});
