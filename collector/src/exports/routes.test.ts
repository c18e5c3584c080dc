/** Files over a real connection: whoever leaves gives the place back, and half a file never looks like a whole one. */
import { Hono } from 'hono';
import { request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { listen } from '../listen.ts';
import { noInputPrices } from '../query/costs/list-rates.ts';
import { toOpenApi } from '../query/openapi.ts';
import { startTestStore, type TestStore } from '../store/testing.ts';
import { attach } from './attachment.ts';
import { createExportRoutes } from './routes.ts';

vi.setConfig({ testTimeout: 60_000 });

let opened: TestStore;
let app: Hono;
let server: Server;
const sessions = 60_000;
let isOver = false;

beforeAll(async () => {
  opened = await startTestStore();
  await opened.store.client.command({
    query: `INSERT INTO runs (project_id, run_id, version, start_time, last_activity, conversation_id,
  model_call_models, model_call_providers, model_call_agents, model_call_starts, model_call_failed,
  model_call_input_tokens, model_call_cache_read_tokens, model_call_cache_write_tokens,
  model_call_output_tokens, model_call_reasoning_tokens, model_call_costs)
SELECT 'default', toString(number), 1, toDateTime64('2026-08-01 00:00:01', 9, 'UTC') AS began, began,
  concat('session ', toString(number)), ['m'], ['p'], [''], [began], [0], [1], [NULL], [NULL], [1], [NULL],
  [toDecimal64(0.000001, 12)]
FROM numbers(${sessions})`,
  });
  app = createExportRoutes({
    store: opened.store,
    inputPrices: noInputPrices,
    findListPrices: () => null,
    log: () => undefined,
  });
  app.get('/broken', (c) =>
    attach(c, {
      name: 'x',
      type: 'text/csv',
      whenOver: () => undefined,
      pieces: (async function* () {
        yield 'a'.repeat(100_000);
        yield 'b'.repeat(100_000);
        throw new Error('the engine is gone');
      })(),
    }),
  );
  app.get('/slow', (c) => {
    const pieces = (async function* () {
      for (;;) yield 'a'.repeat(100_000);
    })();
    const whenOver = (): void => {
      isOver = true;
    };
    return attach(c, { name: 'x', type: 'text/csv', whenOver, pieces }, 200);
  });
  server = await listen(app.fetch, { host: '127.0.0.1', port: 0, requestTimeoutMs: 60_000 });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await opened.close();
});

const range = 'from=2026-08-01T00:00:00Z&to=2026-08-02T00:00:00Z';
const all = `/cost/export?by=session&${range}`;

function open(path: string): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, agent: false }, resolve);
    asked.on('error', reject);
    asked.end();
  });
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

test('every row arrives, however many there are', async () => {
  const text = await readAll(await open(all));
  const lines = text.split('\r\n');
  expect(lines).toHaveLength(sessions + 2);
  expect(new Set(lines).size).toBe(sessions + 2);
  expect(lines[1]).toMatch(/^session 0,0\.000001,,/);
});

test('two files at once are sent, a third has to wait, and who leaves gives the place back', async () => {
  // Nobody reads: the answers wait.
  const [first, second] = [await open(all), await open(all)];
  expect([first.statusCode, second.statusCode]).toEqual([200, 200]);
  const refused = await open(all);
  expect(refused.statusCode).toBe(503);
  expect(await readAll(refused)).toContain('2 files are being exported already');
  first.destroy();
  const third = await vi.waitFor(async () => {
    const again = await open(`${all}&limit=1`);
    expect(again.statusCode).toBe(200);
    return again;
  }, 20_000);
  expect((await readAll(third)).split('\r\n')).toHaveLength(3);
  expect(await readAll(second)).toContain('session 59999');
});

test('who asks for the headers alone takes no place', async () => {
  for (let asked = 0; asked < 3; asked++) {
    expect((await app.request(all, { method: 'HEAD' })).status).toBe(200);
  }
  expect((await app.request(`${all}&limit=1`)).status).toBe(200);
});

test('who takes nothing for long gives the place back, and is cut off', async () => {
  const answer = await open('/slow');
  await vi.waitFor(() => expect(isOver).toBe(true), 10_000);
  await expect(readAll(answer)).rejects.toThrow(/aborted|reset|hang up/);
});

test('a file that cannot be finished breaks off', async () => {
  const answer = await open('/broken');
  expect(answer.statusCode).toBe(200);
  await expect(readAll(answer)).rejects.toThrow(/aborted|reset|hang up/);
});

test('what is wrong with a query is a sentence, and no file', async () => {
  for (const query of ['by=colour', 'q=cost>', 'format=xls', 'limit=0', 'from=2026-02-30T00:00Z']) {
    const answer = await app.request(`/cost/export?${query}`);
    expect([query, answer.status]).toEqual([query, 400]);
    expect(answer.headers.get('content-disposition')).toBeNull();
  }
  // None of them holds a place.
  expect((await app.request(`${all}&limit=1`)).status).toBe(200);
});

test('the document names these routes, and what they answer', () => {
  const document = toOpenApi('1') as { paths: Record<string, Record<string, unknown>> };
  const told = Object.entries(document.paths)
    .filter(([path]) => /^\/cost\/(export|reconcil)/.test(path))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
  const routes = app.routes
    .filter(({ path, method }) => path.startsWith('/cost') && method !== 'ALL')
    .map(({ method, path }) => `${method.toLowerCase()} ${path}`);
  expect(told.sort()).toEqual([...new Set(routes)].sort());
});
