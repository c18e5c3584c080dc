import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { askBudget } from './budgets.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const answering = async (answer: RequestListener): Promise<string> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  server = createServer(answer).listen(0, '127.0.0.1', resolve);
  await promise;
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const saying = (told: unknown, status = 200): Promise<string> =>
  answering((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof told === 'string' ? told : JSON.stringify(told));
  });

test('what is left of a budget is one that `within` takes', async () => {
  const endpoint = await saying({
    allowed: true,
    remainingUsd: '1.250000',
    budget: 'refunds',
    reason: 'Refunds: $8.75 of $10.00 are spent, $1.25 are left.',
    validForSeconds: 10,
  });
  expect(await askBudget({ workflow: 'refund' }, { endpoint })).toEqual({
    allowed: true,
    reason: 'Refunds: $8.75 of $10.00 are spent, $1.25 are left.',
    budget: { unit: 'usd', limit: 1.25 },
  });
});

test('what is asked goes to the collector, with the key', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const endpoint = await answering((request, response) => {
    resolve(`${request.url} ${request.headers.authorization}`);
    response.end('{}');
  });
  await askBudget(
    { workflow: 'a&b', agent: 'planner', user: 'ann', usd: 1e-7 },
    { endpoint: `${endpoint}/`, project: 'shop', accessKey: 'k'.repeat(16) },
  );
  expect(await promise).toBe(
    `/api/budgets/check?project=shop&workflow=a%26b&agent=planner&user=ann&usd=0.000000100000 Bearer ${'k'.repeat(16)}`,
  );
});

test('a collector that says no is heard', async () => {
  const endpoint = await saying({
    allowed: false,
    remainingUsd: '0.000000',
    reason: 'Nothing left.',
  });
  expect(await askBudget({}, { endpoint })).toMatchObject({
    allowed: false,
    reason: 'Nothing left.',
  });
});

test.each<[what: string, told: unknown, status: number]>([
  ['an error', { error: { code: 'internal' } }, 500],
  ['a login page', '<html>', 200],
  ['null', 'null', 200],
  ['a list', [], 200],
])('a collector that answers with %s stops nobody', async (_, told, status) => {
  const endpoint = await saying(told, status);
  expect(await askBudget({}, { endpoint })).toMatchObject({ allowed: true, budget: undefined });
});

test('a collector that hangs, or is not there, stops nobody', async () => {
  const hanging = await answering(() => undefined);
  expect(await askBudget({}, { endpoint: hanging, timeoutMs: 50 })).toMatchObject({
    allowed: true,
  });
  expect(await askBudget({}, { endpoint: 'http://127.0.0.1:1' })).toMatchObject({ allowed: true });
  expect(await askBudget({}, { endpoint: 'no url' })).toMatchObject({ allowed: true });
});
