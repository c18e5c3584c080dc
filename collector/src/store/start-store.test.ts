/** One suite over both kinds of store: nothing above this file may notice which one it has. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRows, startTestEngine, type TestEngine } from './engine/testing-engine.ts';
import { startStore, type Store } from './start-store.ts';
import { startTestStore } from './testing.ts';

type Opened = { readonly store: Store; readonly close: () => Promise<void> };

/**
 * There is no ClickHouse server here, so the engine's own HTTP interface plays one: on a TCP port, by URL, with a
 * password. It shows that the transport, the URL and the start go through the same code, not how a real server behaves.
 */
async function startStoreOnServer(): Promise<Opened> {
  const server = await startTestEngine();
  const store = await startStore(
    { engine: 'server', url: server.url, database: 'traces' },
    () => undefined,
  );
  return {
    store,
    close: async () => {
      await store.close();
      await server.close();
    },
  };
}

describe.each([
  ['embedded', startTestStore, 'orchescope'],
  ['server', startStoreOnServer, 'traces'],
] as const)('%s', (engine, open, database) => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  test('the tables are there and the store answers', async () => {
    const { store } = opened;
    await store.check();
    expect([store.engine, store.database]).toEqual([engine, database]);
    expect(
      await readRows(store.client, 'SELECT currentDatabase() AS name, count() AS spans FROM spans'),
    ).toEqual([{ name: database, spans: '0' }]);
  });
  test('64-bit numbers keep every digit', async () => {
    const rows = await readRows(
      opened.store.client,
      'SELECT toUInt64(18446744073709551615) AS big',
    );
    expect(rows).toEqual([{ big: '18446744073709551615' }]);
  });
  test('an insert is visible as soon as it is answered', async () => {
    const { client } = opened.store;
    await client.command({ query: 'CREATE TABLE seen (a UInt64) ENGINE = MergeTree ORDER BY a' });
    for (let a = 1; a <= 20; a++) {
      await client.insert({ table: 'seen', values: [{ a }], format: 'JSONEachRow' });
      expect(await readRows(client, 'SELECT count() AS n FROM seen')).toEqual([{ n: String(a) }]);
    }
  });
  test('many at once are all answered', async () => {
    const rows = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        readRows(opened.store.client, 'SELECT {n:UInt8} AS n', { n }),
      ),
    );
    expect(rows.flat()).toEqual(Array.from({ length: 60 }, (_, n) => ({ n })));
  });
  test('a check fails when the tables are gone', async () => {
    const { store } = opened;
    await store.client.command({ query: 'RENAME TABLE spans TO spans_away' });
    await expect(store.check()).rejects.toMatchObject({ type: 'UNKNOWN_TABLE' });
    await store.client.command({ query: 'RENAME TABLE spans_away TO spans' });
    await store.check();
  });
});

test('an embedded store opened again has what was written', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'orchescope-again-'));
  const first = await startStore({ engine: 'embedded', dataDir }, () => undefined);
  expect(first.enginePid()).toBeGreaterThan(0);
  await first.client.command({
    query: 'CREATE TABLE kept (a UInt8) ENGINE = MergeTree ORDER BY a',
  });
  await first.client.insert({ table: 'kept', values: [{ a: 1 }], format: 'JSONEachRow' });
  await first.close();
  expect(first.enginePid()).toBeNull();
  const second = await startStore({ engine: 'embedded', dataDir }, () => undefined);
  expect(await readRows(second.client, 'SELECT * FROM kept')).toEqual([{ a: 1 }]);
  await second.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe('a server that cannot be used is one sentence, without the password', () => {
  let server: TestEngine;
  beforeAll(async () => {
    server = await startTestEngine();
  });
  afterAll(() => server.close());

  test('a wrong password', async () => {
    const url = new URL(server.url);
    url.password = 'hunter2';
    const refused = startStore(
      { engine: 'server', url: url.toString(), database: 'traces' },
      () => undefined,
    );
    await expect(refused).rejects.toThrow(
      `Cannot use the ClickHouse server at http://${url.host}/: Authentication failed: wrong user or password. Check ORCHESCOPE_CLICKHOUSE_URL.`,
    );
  });
  test('something that is no ClickHouse', async () => {
    const other = createServer((_, response) =>
      response.writeHead(404).end('<html>not here</html>'),
    );
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const url = `http://user:hunter2@127.0.0.1:${port}`;
    const refused = startStore({ engine: 'server', url, database: 'traces' }, () => undefined, 100);
    const error = await refused.catch((caught: unknown) => caught);
    other.close();
    expect((error as Error).message).toMatch(
      /^Cannot use the ClickHouse server at http:\/\/127\.0\.0\.1:\d+\/: .*not here/,
    );
    expect((error as Error).message).not.toContain('hunter2');
  });
  test('nobody there, after a while', async () => {
    const lines: string[] = [];
    const url = 'http://127.0.0.1:1';
    const refused = startStore(
      { engine: 'server', url, database: 'traces' },
      (line) => lines.push(line),
      100,
    );
    await expect(refused).rejects.toThrow(
      /Cannot use the ClickHouse server at http:\/\/127\.0\.0\.1:1\/: .*ECONNREFUSED/,
    );
    expect(lines).toContain('waiting for the ClickHouse server');
  });
});
