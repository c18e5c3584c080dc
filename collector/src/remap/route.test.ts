import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { remapCommand } from '../cli/remap.ts';
import { remapLine, type RemapLine } from '../contract.ts';
import { createBatchWriter } from '../store/batch-writer.ts';
import { oneSpan } from '../store/span-arbitrary.ts';
import { StoreUnavailableError } from '../store/store.ts';
import { startTestStore, type TestStore } from '../store/testing.ts';
import { createHistoryLock, type HistoryLock } from './history-lock.ts';
import { insertBlocks, price, writeOld } from './remap.testing.ts';
import { createRemapRoute } from './route.ts';

vi.setConfig({ testTimeout: 30_000 });

let opened: TestStore;
let server: Server;
let url: string;
/** Stands in the way of every commit. */
let beforeCommit: () => Promise<void> = async () => {};
let stopping: AbortController;
let history: HistoryLock;

beforeAll(async () => {
  opened = await startTestStore();
  stopping = new AbortController();
  const warn = (message: string): void => expect.unreachable(message);
  history = createHistoryLock({ store: opened.store, warn });
  const app = new Hono().route(
    '/api',
    createRemapRoute({
      store: opened.store,
      history,
      writer: createBatchWriter({
        commit: async (blocks, whenStored) => {
          await beforeCommit();
          await insertBlocks(opened.store, blocks);
          whenStored?.();
        },
      }),
      priceFor: () => price,
      retentionOf: () => ({ contentDays: 0 }),
      stopping: stopping.signal,
      log: () => {},
    }),
  );
  server = createServer(getRequestListener(app.fetch)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await opened.close();
});

afterEach(() => {
  beforeCommit = async () => {};
});

let projects = 0;

/** A project of so many spans whose agents an older mapping did not know. */
async function newProject(count = 3): Promise<string> {
  projects += 1;
  const projectId = `project-${projects}`;
  const spans = Array.from({ length: count }, (_, at) => ({
    ...oneSpan,
    projectId,
    traceId: projects.toString(16).padStart(32, '0'),
    spanId: (at + 1).toString(16).padStart(16, '0'),
    kind: 'other' as const,
    dialect: 'otel',
    stepIndex: -1,
    resourceAttributes: new Map([['service.name', oneSpan.serviceName]]),
    attributes: new Map([
      ['gen_ai.operation.name', 'invoke_agent'],
      ['gen_ai.agent.name', 'planner'],
    ]),
  }));
  await writeOld(opened.store, spans);
  return projectId;
}

type Ask = { readonly method?: string; readonly type?: string; readonly body?: string };

async function ask({ method = 'POST', type = 'application/json', body = '{}' }: Ask = {}) {
  const sent = method === 'POST' ? { body } : {};
  const headers = { 'content-type': type };
  const response = await fetch(`${url}/api/remap`, { method, headers, ...sent });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function remap(request: object): Promise<RemapLine[]> {
  const { text } = await ask({ body: JSON.stringify(request) });
  return text
    .trim()
    .split('\n')
    .map((line) => remapLine.parse(JSON.parse(line)));
}

test('tells how it goes, a line a time, and what became of it', async () => {
  const project = await newProject();
  const day = new Date(Number(oneSpan.startTimeUnixNano / 1_000_000n)).toISOString().slice(0, 10);
  const dialects = [{ before: 'otel', after: 'gen_ai', count: 3 }];
  const lines = await remap({ project });
  expect(lines).toEqual([
    { type: 'progress', project, day, rows: 3, read: 0, changed: 0, done: false },
    { type: 'progress', project, day, rows: 3, read: 3, changed: 3, done: true },
    expect.objectContaining({ type: 'summary', read: 3, changed: 3, kept: [], dialects }),
  ]);
  expect(lines.at(-1)).toMatchObject({
    columns: ['kind', 'raw_kind', 'dialect', 'agent_name'].map((column) => ({ column, count: 3 })),
  });
  expect((await remap({ project })).at(-1)).toMatchObject({ type: 'summary', read: 0, changed: 0 });
});

test('a dry run writes nothing', async () => {
  const project = await newProject();
  const dry = await remap({ project, dryRun: true });
  expect(dry.at(-1)).toMatchObject({ type: 'summary', dryRun: true, changed: 3 });
  expect((await remap({ project })).at(-1)).toMatchObject({ dryRun: false, changed: 3 });
});

test('only what started in the range is looked at, and only of the project', async () => {
  const [project, other] = [await newProject(), await newProject()];
  const start = new Date(Number(oneSpan.startTimeUnixNano / 1_000_000n)).toISOString();
  expect((await remap({ project, to: '2026-01-01T00:00:00Z' })).at(-1)).toMatchObject({ read: 0 });
  const lines = await remap({ project, from: start, to: start });
  expect(lines.at(-1)).toMatchObject({ read: 3, changed: 3 });
  expect((await remap({ project: other })).at(-1)).toMatchObject({ changed: 3 });
});

describe('is refused', () => {
  test.each<[string, Ask, number, RegExp]>([
    ['a GET', { method: 'GET' }, 405, /Use POST/],
    ['a form', { type: 'application/x-www-form-urlencoded' }, 400, /content-type/],
    ['text that a foreign page may send', { type: 'text/plain' }, 400, /content-type/],
    ['no JSON', { body: '{' }, 400, /not JSON/],
    ['another field', { body: '{"all":true}' }, 400, /all/],
    ['a time of another form', { body: '{"from":"yesterday"}' }, 400, /from: Write an ISO time/],
    ['a day there is not', { body: '{"to":"2026-02-30T00:00:00Z"}' }, 400, /no such day/],
    ['a range backwards', { body: '{"from":"now","to":"now-1d"}' }, 400, /before/],
    ['a book', { body: `{"project":"${'x'.repeat(5_000)}"}` }, 400, /at most 4096 bytes/],
  ])('%s', async (_, sent, status, sentence) => {
    const answer = await ask(sent);
    expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(sentence)]);
  });

  test('a second one while the first goes on, and not after it', async () => {
    const project = await newProject();
    const entered = Promise.withResolvers<void>();
    const open = Promise.withResolvers<void>();
    beforeCommit = () => {
      entered.resolve();
      return open.promise;
    };
    const first = remap({ project });
    await entered.promise;
    const second = await ask();
    expect([second.status, JSON.parse(second.text)]).toMatchObject([
      409,
      { error: { code: 'conflict' } },
    ]);
    await expect(history.take('reprice')).rejects.toThrow('History is being mapped again.');
    open.resolve();
    expect((await first).at(-1)).toMatchObject({ type: 'summary', changed: 3 });
    expect((await remap({ project })).at(-1)).toMatchObject({ type: 'summary' });
  });
});

test('a store that takes nothing for a while is waited for', async () => {
  const project = await newProject();
  let refusals = 0;
  beforeCommit = async () => {
    refusals += 1;
    if (refusals === 1) throw new StoreUnavailableError('full');
  };
  expect((await remap({ project })).at(-1)).toMatchObject({ type: 'summary', changed: 3 });
  expect(refusals).toBe(2);
});

test('a failure in the middle is the last line, and the next run finishes', async () => {
  const project = await newProject();
  beforeCommit = () => Promise.reject(new Error('secret'));
  const lines = await remap({ project });
  expect(lines.at(-1)).toEqual({ type: 'error', message: expect.stringMatching(/log says what/) });
  beforeCommit = async () => {};
  expect((await remap({ project })).at(-1)).toMatchObject({ type: 'summary', changed: 3 });
});

test('whoever leaves stops it, so that the next may begin', async () => {
  const project = await newProject();
  const entered = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  beforeCommit = () => {
    entered.resolve();
    return open.promise;
  };
  const leave = new AbortController();
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ project });
  const sent = { method: 'POST', headers, body, signal: leave.signal };
  const left = fetch(`${url}/api/remap`, sent).then((response) => response.text());
  await entered.promise;
  leave.abort();
  await expect(left).rejects.toThrow('aborted');
  open.resolve();
  await expect.poll(async () => (await ask({ body })).status, { timeout: 20_000 }).toBe(200);
});

describe('orchescope remap', () => {
  async function run(...args: string[]) {
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const code = await remapCommand(args, {});
      const text = (spy: typeof out) => spy.mock.calls.map(([chunk]) => String(chunk)).join('');
      return { code, out: text(out), err: text(err) };
    } finally {
      out.mockRestore();
      err.mockRestore();
    }
  }

  test('prints what became of every span', async () => {
    const project = await newProject();
    const dry = await run('--url', url, '--project', project, '--dry-run');
    expect(dry).toMatchObject({ code: 0, err: '' });
    expect(dry.out).toContain('3 spans read, 3 would change, and nothing was written.');
    const { code, out } = await run('--url', url, '--project', project);
    expect(code).toBe(0);
    expect(out).toContain(`${project}  3 spans read, 3 changed\n`);
    expect(out).toMatch(/ 3 {2}agent_name\n/);
    expect(out).toMatch(/ 3 {2}otel -> gen_ai\n/);
    expect(out).toContain('3 spans read, 3 changed.');
    const again = await run('--url', url, '--project', project);
    expect(again.out).toMatch(/\nEvery span there is of mapping \d+ already\.\n$/);
  });

  test.each<[string, string[], number, RegExp]>([
    ['no server', ['--url', 'http://127.0.0.1:1'], 1, /No server answers .* `orchescope serve`/],
    ['a wrong option', ['--fast'], 2, /--fast[^]*orchescope remap \[--url/],
    ['no address', ['--url', 'here'], 2, /--url must look like/],
    ['a wrong time', ['--from', 'yesterday'], 1, /from: Write an ISO time/],
  ])('tells %s in plain words', async (_, args, code, sentence) => {
    const ran = await run('--url', url, ...args);
    expect([ran.code, ran.out]).toEqual([code, '']);
    expect(ran.err).toMatch(sentence);
    expect(ran.err).not.toContain('    at ');
  });

  test('a failure in the middle ends with 1', async () => {
    const project = await newProject();
    beforeCommit = () => Promise.reject(new Error('secret'));
    const { code, err } = await run('--url', url, '--project', project);
    expect([code, err]).toEqual([1, expect.stringMatching(/^orchescope remap: .*log says what/)]);
  });
});

test('a server that is stopping stops it', async () => {
  const project = await newProject();
  beforeCommit = async () => stopping.abort();
  const lines = await remap({ project });
  expect(lines.at(-1)).toEqual({ type: 'error', message: expect.stringMatching(/is stopping/) });
});
