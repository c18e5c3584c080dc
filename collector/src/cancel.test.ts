import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { serve } from '@hono/node-server';
import { afterEach, expect, test } from 'vitest';
import { createLiveFeed } from './query/live-feed.ts';
import { createQueryRoutes } from './query/routes.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A store that takes every question and never answers. */
async function startSilentStore() {
  const asked = Promise.withResolvers<Socket>();
  const server = createServer((socket) => {
    socket.once('data', () => asked.resolve(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = createClient({
    url: `http://127.0.0.1:${port}`,
    log: { level: ClickHouseLogLevel.OFF },
  });
  cleanups.push(
    () => client.close(),
    () => server.close(),
  );
  return { client, asked: asked.promise };
}

test.each([
  '/projects',
  '/traces',
  `/traces/${'a'.repeat(32)}`,
  `/traces/${'a'.repeat(32)}/skeleton`,
  `/traces/${'a'.repeat(32)}/spans/${'b'.repeat(16)}`,
])('a reader of %s who leaves takes the query along, and that is no failure', async (path) => {
  const { client, asked } = await startSilentStore();
  const failures: string[] = [];
  const api = createQueryRoutes({
    store: { client },
    live: createLiveFeed(),
    info: { version: '1', engine: 'server', authentication: false },
    readIngestHealth: () => Promise.reject(new Error('not asked for here')),
    log: (message) => failures.push(message),
  });
  const server = serve({ fetch: api.fetch, port: 0, hostname: '127.0.0.1' });
  cleanups.push(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const leaving = new AbortController();
  const answer = fetch(`http://127.0.0.1:${port}${path}`, { signal: leaving.signal });
  const query = await asked;
  const cancelled = once(query, 'close');
  leaving.abort();
  await expect(answer).rejects.toThrow('aborted');
  await cancelled;
  expect(failures).toEqual([]);
});
