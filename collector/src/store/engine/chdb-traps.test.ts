/** One test for each way the embedded engine is known to lose, leak or run what it should not. */
import type { ClickHouseClient } from '@clickhouse/client';
import * as fc from 'fast-check';
import { readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readDetachedParts } from './detached-parts.ts';
import { quoteLiteral } from './statements.ts';
import { readRows, startTestEngine, type TestEngine, until } from './testing-engine.ts';

let running: TestEngine;
let client: ClickHouseClient;

beforeAll(async () => {
  running = await startTestEngine();
  client = running.connect();
});
afterAll(() => running.close());

beforeEach(async () => {
  await client.command({ query: 'DROP TABLE IF EXISTS pairs SYNC' });
  await client.command({
    query: 'CREATE TABLE pairs (number UInt64, text String) ENGINE = MergeTree ORDER BY number',
  });
});

const insert = (query: string, rows: Uint8Array | string, settings: Record<string, string> = {}) =>
  client
    .exec({
      query,
      values: Readable.from([Buffer.from(rows)], { objectMode: false }),
      clickhouse_settings: settings,
    })
    .then(({ stream }) => stream.resume());

const allPairs = () => readRows(client, 'SELECT * FROM pairs ORDER BY number, text');

describe('rows of a failed query never reach the next answer', () => {
  const late = `FROM numbers(300000) WHERE NOT ignore(throwIf(number = 290000))`;
  const failures: [name: string, query: string, format: 'JSONEachRow' | 'JSON'][] = [
    [
      'that was being streamed',
      `SELECT 'secret' AS x ${late} SETTINGS max_threads = 1`,
      'JSONEachRow',
    ],
    ['that was answered at once', `SELECT 'secret' AS x ${late} SETTINGS max_threads = 1`, 'JSON'],
    [
      'that ran out of time',
      `SELECT 'secret' AS x, sleepEachRow(0.0001) FROM numbers(100000)
       SETTINGS max_execution_time = 0.2, max_block_size = 100, function_sleep_max_microseconds_per_block = 0`,
      'JSON',
    ],
  ];
  test.each(failures)('%s', async (_, query, format) => {
    const attempt = async (): Promise<unknown> => (await client.query({ query, format })).text();
    for (let round = 0; round < 3; round++) {
      await expect(attempt()).rejects.toThrow(/./);
      // More than there are places for readers, so that every one of them is asked.
      const next = Array.from({ length: 8 }, () => readRows(client, 'SELECT 1 AS one'));
      expect(await Promise.all(next)).toEqual(Array.from({ length: 8 }, () => [{ one: 1 }]));
    }
  });
});

describe('bytes after a blank line are rows, never SQL', () => {
  test('in the body of an insert', async () => {
    const attack = '{"number":1}\n\nINSERT INTO pairs VALUES (99, \'run\')';
    await expect(insert('INSERT INTO pairs FORMAT JSONEachRow', attack)).rejects.toThrow(
      /JSON|parse/i,
    );
    expect(await readRows(client, 'SELECT * FROM pairs WHERE number = 99')).toEqual([]);
  });
  test('between rows in the body', async () => {
    await insert('INSERT INTO pairs FORMAT JSONEachRow', '{"number":1}\n\n\n{"number":2}\n');
    expect(await allPairs()).toEqual([
      { number: '1', text: '' },
      { number: '2', text: '' },
    ]);
  });
  test('inside a value of an insert written into the statement', async () => {
    await client.command({
      query: "INSERT INTO pairs VALUES (1, 'a\n\n; DROP TABLE pairs'),\n\n(2, 'b');",
    });
    expect(await allPairs()).toEqual([
      { number: '1', text: 'a\n\n; DROP TABLE pairs' },
      { number: '2', text: 'b' },
    ]);
  });
  test('after inline rows in a text format', async () => {
    await client.command({
      query: 'INSERT INTO pairs FORMAT JSONEachRow {"number":1}\n\n{"number":2}',
    });
    expect(await allPairs()).toHaveLength(2);
  });
  test('as a second statement after a semicolon', async () => {
    const query = 'SELECT 1; DROP TABLE pairs';
    await expect(client.command({ query })).rejects.toMatchObject({ type: 'SYNTAX_ERROR' });
    expect(await allPairs()).toEqual([]);
  });
});

describe('any text written into a statement comes back whole', () => {
  // What the lexers of both sides could read differently.
  const unit = fc.constantFrom(
    ...`a;'"\`\\\n\t\r-#/*$(){}[]é\0 `,
    '--',
    '\n\n',
    "''",
    '/*',
    '*/',
    '$$',
    ' FORMAT ',
    ' VALUES ',
  );
  const someText = fc.string({ unit, maxLength: 30 });
  test('selected', async () => {
    const property = fc.asyncProperty(someText, async (text) => {
      expect(await readRows(client, `SELECT ${quoteLiteral(text)} AS text`)).toEqual([{ text }]);
    });
    await fc.assert(property, { numRuns: 200 });
  });
  test('inserted', async () => {
    const property = fc.asyncProperty(someText, someText, async (first, second) => {
      await client.command({ query: 'TRUNCATE TABLE pairs' });
      const rows = `(1, ${quoteLiteral(first)}),\n\n(2, ${quoteLiteral(second)});`;
      await client.command({ query: `INSERT INTO pairs (number, text) VALUES ${rows}` });
      expect(await allPairs()).toEqual([
        { number: '1', text: first },
        { number: '2', text: second },
      ]);
    });
    await fc.assert(property, { numRuns: 100 });
  });
});

describe('bytes come in as they were sent', () => {
  const text = 'a\0b\n\nc\xff'.repeat(20);
  test('RowBinary', async () => {
    const bytes = Buffer.from(text, 'latin1');
    const row = Buffer.concat([
      Buffer.from([10, 10, 10, 10, 0, 0, 0, 0, (bytes.length & 0x7f) | 0x80, bytes.length >> 7]),
      bytes,
    ]);
    await insert('INSERT INTO pairs FORMAT RowBinary', Buffer.concat([row, row]));
    const rows = await readRows(client, 'SELECT number, hex(text) AS hex FROM pairs');
    const expected = { number: String(0x0a0a0a0a), hex: bytes.toString('hex').toUpperCase() };
    expect(rows).toEqual([expected, expected]);
  });
  test('Native, as the engine itself wrote it', async () => {
    const { stream } = await client.exec({
      query:
        "SELECT number, unhex('000A0A0AFF00') || toString(number) AS text FROM numbers(20000) FORMAT Native",
    });
    await insert('INSERT INTO pairs FORMAT Native', Buffer.concat(await stream.toArray()));
    const [row] = await readRows(
      client,
      "SELECT count() AS rows, countIf(startsWith(text, unhex('000A0A0AFF00'))) AS whole FROM pairs",
    );
    expect(row).toEqual({ rows: '20000', whole: '20000' });
  });
});

describe('settings', () => {
  test('a value cannot end its quotes', async () => {
    const log_comment = "\\'; CREATE TABLE planted (a Int8) ENGINE = Memory; SELECT '1";
    await client.query({ query: 'SELECT 1', clickhouse_settings: { log_comment } });
    const query = "SELECT getSetting('log_comment') AS comment";
    const answer = await client.query({
      query,
      clickhouse_settings: { log_comment },
      format: 'JSONEachRow',
    });
    expect(await answer.json()).toEqual([{ comment: log_comment }]);
    expect(await readRows(client, "SELECT name FROM system.tables WHERE name = 'planted'")).toEqual(
      [],
    );
  });
  test('a name that is not a word is refused', async () => {
    const clickhouse_settings = { 'a = 1; DROP TABLE pairs; SET b': '1' };
    await expect(client.command({ query: 'SELECT 1', clickhouse_settings })).rejects.toThrow(
      /not a plain word/,
    );
    expect(await allPairs()).toEqual([]);
  });
  test('of one request are gone in the next', async () => {
    const read = "SELECT getSetting('max_block_size') AS size";
    const [before] = await readRows(client, read);
    const answer = await client.query({
      query: read,
      clickhouse_settings: { max_block_size: '77' },
      format: 'JSONEachRow',
    });
    expect(await answer.json()).toEqual([{ size: 77 }]);
    for (let i = 0; i < 8; i++) expect(await readRows(client, read)).toEqual([before]);
  });
  test('neither does a database stay', async () => {
    const plain = running.connect({ database: 'default' });
    expect(await readRows(client, 'SELECT currentDatabase() AS name')).toEqual([
      { name: 'orchescope' },
    ]);
    for (let i = 0; i < 8; i++) {
      expect(await readRows(plain, 'SELECT currentDatabase() AS name')).toEqual([
        { name: 'default' },
      ]);
    }
  });
  test('nor a parameter', async () => {
    const query = 'SELECT {word:String} AS word';
    expect(await readRows(client, query, { word: 'mine' })).toEqual([{ word: 'mine' }]);
    for (let i = 0; i < 8; i++) {
      await expect(readRows(client, query)).rejects.toMatchObject({
        type: 'UNKNOWN_QUERY_PARAMETER',
      });
    }
  });
  test('parallel parameters stay apart', async () => {
    const words = Array.from({ length: 40 }, (_, index) => `word ${index}`);
    const rows = await Promise.all(
      words.map((word) => readRows(client, 'SELECT {word:String} AS word', { word })),
    );
    expect(rows.flat()).toEqual(words.map((word) => ({ word })));
  });
});

test('the engine refuses a worker thread, where it would hang', async () => {
  const worker = new Worker(new URL('./engine-process.ts', import.meta.url));
  const failed = await new Promise<Error>((resolve) => worker.once('error', resolve));
  expect(failed.message).toMatch(/main thread/);
});

describe('an aborted request stops its query', () => {
  const endless = 'SELECT sum(sipHash64(number)) AS endless FROM numbers(100000000000)';
  const isRunning = async (): Promise<boolean> => {
    const rows = await readRows(
      client,
      "SELECT 1 FROM system.processes WHERE query LIKE '%AS endless%' AND query NOT LIKE '%processes%'",
    );
    return rows.length > 0;
  };
  test.each(['JSONEachRow', 'JSON'] as const)('as %s', async (format) => {
    const abort = new AbortController();
    const asked = client.query({ query: endless, format, abort_signal: abort.signal });
    const refused = asked.then(
      () => 'answered',
      (error: Error) => error.message,
    );
    await until(isRunning);
    abort.abort();
    expect(await refused).toMatch(/abort/);
    await until(async () => !(await isRunning()));
  });
  test('and those that were still waiting never start', async () => {
    const aborts = Array.from({ length: 12 }, () => new AbortController());
    const asked = aborts.map(({ signal }) =>
      client.query({ query: endless, format: 'JSON', abort_signal: signal }),
    );
    const settled = Promise.allSettled(asked);
    for (const abort of aborts) abort.abort();
    expect((await settled).map(({ status }) => status)).toEqual(aborts.map(() => 'rejected'));
    await until(async () => !(await isRunning()));
  });
});

test('running queries leave threads for files, names and compression', async () => {
  const abort = new AbortController();
  const query = 'SELECT sum(sipHash64(number)) AS slow FROM numbers(100000000000)';
  // More than the four threads a process has by default.
  const slow = Promise.allSettled(
    Array.from({ length: 5 }, () => client.query({ query, abort_signal: abort.signal })),
  );
  await until(async () => {
    const rows = await readRows(
      client,
      "SELECT 1 FROM system.processes WHERE query LIKE '%AS slow%'",
    );
    return rows.length === 6;
  });
  await insert('INSERT INTO pairs FORMAT JSONEachRow', '{"number":1}');
  expect(await allPairs()).toHaveLength(1);
  abort.abort();
  expect((await slow).map(({ status }) => status)).toEqual(
    Array.from({ length: 5 }, () => 'rejected'),
  );
});

const runningPid = (): number => running.engine.pid() ?? 0;

test('async_insert does not put off a row that was answered for', async () => {
  const settings = { async_insert: '1', wait_for_async_insert: '0' };
  await insert('INSERT INTO pairs FORMAT JSONEachRow', '{"number":1}', settings);
  expect(await allPairs()).toHaveLength(1);
});

describe('on a table with a deduplication window', () => {
  beforeEach(() =>
    client.command({
      query: 'ALTER TABLE pairs MODIFY SETTING non_replicated_deduplication_window = 100',
    }),
  );
  const query = 'INSERT INTO pairs FORMAT JSONEachRow';
  const batch = '{"number":1}\n{"number":2}';
  test('equal batches without a token are both kept', async () => {
    await insert(query, batch);
    await insert(query, batch);
    expect(await allPairs()).toHaveLength(4);
  });
  test('a batch sent again with its token is taken once', async () => {
    await insert(query, batch, { insert_deduplication_token: 'one' });
    await insert(query, batch, { insert_deduplication_token: 'one' });
    expect(await allPairs()).toHaveLength(2);
  });
  test('equal batches with tokens of their own are both kept', async () => {
    await insert(query, batch, { insert_deduplication_token: 'one' });
    await insert(query, batch, { insert_deduplication_token: 'two' });
    expect(await allPairs()).toHaveLength(4);
  });
});

test('a damaged part is reported after it was set aside', async () => {
  await insert('INSERT INTO pairs FORMAT JSONEachRow', '{"number":1}');
  expect(await readDetachedParts(client)).toEqual([]);
  const [part] = (await readRows(
    client,
    "SELECT path FROM system.parts WHERE table = 'pairs' AND active",
  )) as { path: string }[];
  const folder = join(
    running.dataDir,
    'clickhouse',
    part?.path.split('/clickhouse/').at(-1) ?? '',
    '',
  );
  const damaged = (await readdir(folder)).includes('data.bin') ? 'data.bin' : 'number.bin';
  await truncate(join(folder, damaged), 1);
  process.kill(runningPid(), 'SIGKILL');
  await until(() => running.engine.pid() === null);
  await running.engine.whenUp(10_000);
  expect(await allPairs()).toEqual([]);
  const [found] = await readDetachedParts(client);
  expect(found).toMatchObject({ table: 'pairs', reason: 'broken-on-start' });
});

test('a directory with pattern characters in its name is no pattern', async () => {
  const odd = await startTestEngine({ dataDirName: 'a{b,c}*[d]?' });
  const oddClient = odd.connect();
  await oddClient.command({ query: 'CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a' });
  await oddClient.insert({ table: 't', values: [{ a: 1 }], format: 'JSONEachRow' });
  const rows = await readRows(oddClient, 'SELECT * FROM t');
  await odd.close();
  expect(rows).toEqual([{ a: 1 }]);
});
