/** The server is killed in the middle of pricing history again, and asked once more. */
import { rm } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { TestServer } from '../app.testing.ts';
import { repriceLine, repricingList, type RepriceLine } from '../contract.ts';
import { putPrices, readPricesOf, sendCalls, tokenPrice } from '../prices/calls.testing.ts';
import { createTestDataDir } from '../store/new-data-dir.testing.ts';
import { startServerProcess, type ServerProcess } from '../torture/server-process.testing.ts';

const days = 12;
const callsPerDay = 20;
const calls = days * callsPerDay;

async function startServer(dataDir: string): Promise<ServerProcess> {
  const server = await startServerProcess({ dataDir, env: { ORCHESCOPE_ALERTS: 'off' } });
  onTestFinished(async () => {
    await server.kill('SIGKILL');
  });
  return server;
}

const askOf = ({ url }: ServerProcess): Pick<TestServer, 'ask'> => ({
  ask: async (path, { method = 'GET', headers = {}, body = null } = {}) => {
    const sent = body instanceof Uint8Array ? Buffer.from(body) : body;
    const init: RequestInit = { method, headers, body: sent };
    const response = await fetch(`${url}${path}`, init);
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: {}, bytes, text: bytes.toString() };
  },
});

/** Lines as they come. */
async function* reprice({ url }: ServerProcess, request: object): AsyncGenerator<RepriceLine> {
  const response = await fetch(`${url}/api/reprice`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield repriceLine.parse(JSON.parse(line));
  }
}

async function finish(server: ServerProcess, request: object) {
  let last: RepriceLine | undefined;
  for await (const line of reprice(server, request)) last = line;
  if (last?.type !== 'summary') throw new Error(`ended with ${JSON.stringify(last)}`);
  return last;
}

/** Resolves when it is gone, some days of history being done. */
async function killInTheMiddle(server: ServerProcess): Promise<void> {
  const read = async (): Promise<void> => {
    let done = 0;
    for await (const line of reprice(server, { project: 'shop' })) {
      if (line.type !== 'progress') throw new Error('it was done before it was killed');
      if (line.done && (done += 1) === 3) await server.kill('SIGKILL');
    }
  };
  await expect(read()).rejects.toThrow('terminated');
}

test(
  'killed in the middle and begun again, it ends where it would have',
  { timeout: 180_000 },
  async () => {
    const dataDir = await createTestDataDir('orchescope-reprice-');
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    const first = await startServer(dataDir);
    const all = Array.from({ length: calls }, (_, at) => ({ model: 'gpt-5', daysAgo: at % days }));
    await sendCalls(askOf(first), 'shop', all);
    await readPricesOf(askOf(first), 'shop', calls);
    await putPrices(askOf(first), 'shop', [tokenPrice('gpt-5', 1)]);
    await killInTheMiddle(first);

    const second = await startServer(dataDir);
    const left = await finish(second, { project: 'shop', dryRun: true });
    // What is done is done, whole, and the rest is as it was.
    expect(left.total.calls).toBe(calls);
    expect(left.rows).toBeGreaterThan(0);
    expect(left.rows).toBeLessThanOrEqual(calls - 3 * callsPerDay);
    expect(Number(left.total.beforeUsd)).toBe(calls + left.rows * 0.25);
    expect(await finish(second, { project: 'shop' })).toMatchObject({ rows: left.rows });
    expect(await finish(second, { project: 'shop' })).toMatchObject({ rows: 0 });
    const { models } = await readPricesOf(askOf(second), 'shop', calls);
    expect(models).toMatchObject([{ calls, costUsd: String(calls) }]);
    const log = repricingList.parse(
      JSON.parse((await askOf(second).ask('/api/reprice?project=shop')).text),
    );
    expect(log.repricings.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'running']);
  },
);
