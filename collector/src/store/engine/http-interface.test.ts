/** What @clickhouse/client and its users expect of a server, asked of the engine over its real transport. */
import { ClickHouseError, type ClickHouseClient } from '@clickhouse/client';
import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRows, startTestEngine, type TestEngine, until } from './testing-engine.ts';

let running: TestEngine;
let client: ClickHouseClient;

beforeAll(async () => {
  running = await startTestEngine();
  client = running.connect();
});
afterAll(() => running.close());

const httpUrl = (query: string): string => {
  const url = new URL(running.url);
  url.username = '';
  url.password = '';
  url.search = new URLSearchParams({ query }).toString();
  return url.toString();
};
const authorization = (): string =>
  `Basic ${Buffer.from(`${running.engine.username}:${running.engine.password}`).toString('base64')}`;

// When an answer breaks off, the client's decompressor complains before the message behind it is seen.
describe.each([
  ['plainly', {}, /throwIf/],
  [
    'with gzip both ways',
    { compression: { request: true, response: true } },
    /end of file|throwIf/,
  ],
  [
    'with zstd both ways',
    { compression: { request: { codec: 'zstd' }, response: { codec: 'zstd' } } },
    /end of file|throwIf/,
  ],
] as const)('%s', (name, options, breakOff) => {
  const table = `rows_${name.replaceAll(' ', '_')}`;
  let client: ClickHouseClient;
  beforeAll(async () => {
    client = running.connect(options);
    await client.command({
      query: `CREATE TABLE ${table} (number UInt64, text String) ENGINE = MergeTree ORDER BY number`,
    });
  });

  test('rows go in and come out, and the summary counts them', async () => {
    const values = [
      { number: '1', text: 'a\n\nb' },
      { number: '2', text: "quote ' \\ \0 ü" },
    ];
    const { summary } = await client.insert({ table, values, format: 'JSONEachRow' });
    expect(summary?.written_rows).toBe('2');
    expect(await readRows(client, `SELECT * FROM ${table} ORDER BY number`)).toEqual(values);
  });
  test('a stream of rows in, a stream of rows out', async () => {
    const values = Readable.from(
      Array.from({ length: 50_000 }, (_, number) => ({
        number: 100 + number,
        text: 'x'.repeat(50),
      })),
    );
    await client.insert({ table, values, format: 'JSONEachRow' });
    const answer = await client.query({
      query: `SELECT number FROM ${table} WHERE number >= 100`,
      format: 'JSONEachRow',
    });
    let count = 0;
    for await (const rows of answer.stream()) count += rows.length;
    expect(count).toBe(50_000);
  });
  test('a failure before the first row has its code and type', async () => {
    const asked = client.query({ query: 'SELECT * FROM nowhere', format: 'JSONEachRow' });
    await expect(asked).rejects.toBeInstanceOf(ClickHouseError);
    await expect(asked).rejects.toMatchObject({ code: '60', type: 'UNKNOWN_TABLE' });
  });
  test('a failure after the first rows is never taken for the end', async () => {
    const query =
      'SELECT number, throwIf(number = 290000) FROM numbers(300000) SETTINGS max_threads = 1';
    const answer = await client.query({ query, format: 'JSONEachRow' });
    const readAll = async (): Promise<void> => {
      for await (const rows of answer.stream()) expect(rows.length).toBeGreaterThan(0);
    };
    await expect(readAll()).rejects.toThrow(breakOff);
    const whole = await client.query({ query, format: 'JSONEachRow' });
    await expect(whole.text()).rejects.toThrow(/./);
    expect(await readRows(client, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

test.each<[type: string, value: unknown, expected: unknown]>([
  ['UInt64', 18446744073709551615n, '18446744073709551615'],
  ['String', "tab\t quote ' back \\ line\n ü", "tab\t quote ' back \\ line\n ü"],
  ['Array(String)', ['a', "b'"], ['a', "b'"]],
  ['Map(String, UInt8)', { a: 1 }, { a: 1 }],
  ['Nullable(String)', null, null],
  ['Bool', true, true],
  ['Date', '2026-01-02', '2026-01-02'],
  ["DateTime64(3, 'UTC')", new Date('2026-01-02T03:04:05.678Z'), '2026-01-02 03:04:05.678'],
])('a parameter of type %s', async (type, value, expected) => {
  expect(await readRows(client, `SELECT {value:${type}} AS value`, { value })).toEqual([
    { value: expected },
  ]);
});

test('parameters too long for a URL travel as a form', async () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `value-${index}`);
  const answer = await client.query({
    query: 'SELECT length({many:Array(String)}) AS length, {many:Array(String)}[20000] AS last',
    query_params: { many },
    use_multipart_params: true,
    format: 'JSONEachRow',
  });
  expect(await answer.json()).toEqual([{ length: '20000', last: 'value-19999' }]);
});

const jsonRows = (text: string): unknown => JSON.parse(text).rows;
const lines = (text: string): unknown => text.split('\n').length - 1;
test.each([
  ['JSON', jsonRows, 200_000],
  ['JSONCompact', jsonRows, 200_000],
  ['CSVWithNames', lines, 200_001],
  ['TabSeparated', lines, 200_000],
] as const)('a result in several pieces comes as one %s', async (format, count, expected) => {
  const answer = await client.query({ query: 'SELECT number AS n FROM numbers(200000)', format });
  expect(count(await answer.text())).toBe(expected);
});

test('the query id comes back', async () => {
  const { query_id, response_headers } = await client.query({
    query: 'SELECT 1',
    query_id: 'mine-1',
  });
  expect([query_id, response_headers['x-clickhouse-query-id']]).toEqual(['mine-1', 'mine-1']);
});

test('ping answers', async () => {
  expect(await client.ping()).toEqual({ success: true });
  expect(await client.ping({ select: true })).toEqual({ success: true });
});

test.each([
  ['a wrong password', 'Basic ' + Buffer.from('orchescope:wrong').toString('base64')],
  ['no password', undefined],
])('%s opens nothing', async (_, header) => {
  const headers = header === undefined ? {} : { authorization: header };
  const answer = await fetch(httpUrl('SELECT 1'), { method: 'POST', headers });
  expect(answer.status).toBe(403);
  expect(answer.headers.get('x-clickhouse-exception-code')).toBe('516');
  expect(await answer.text()).toMatch(/Authentication failed/);
});

describe('a bad request is an answer, and the next one is served', () => {
  const post = (query: string, init: RequestInit = {}): Promise<Response> =>
    fetch(httpUrl(query), {
      method: 'POST',
      ...init,
      headers: { authorization: authorization(), ...init.headers },
    });
  test.each<[name: string, query: string, init: RequestInit, status: number]>([
    ['nothing asked', '', {}, 400],
    [
      'not gzip',
      'INSERT INTO nowhere FORMAT CSV',
      { body: 'plain', headers: { 'content-encoding': 'gzip' } },
      500,
    ],
    [
      'an unknown encoding',
      'SELECT 1',
      { body: 'x', headers: { 'content-encoding': 'lzma' } },
      500,
    ],
    ['a syntax error', 'SELEC 1', {}, 400],
    ['an unknown setting', 'SELECT 1 SETTINGS nonsense = 1', {}, 404],
    ['an unknown format', 'SELECT 1 FORMAT Nonsense', {}, 500],
  ])('%s', async (_, query, init, status) => {
    const answer = await post(query, init);
    expect(await answer.text()).toMatch(/^Code: \d+\. DB::Exception: .+ \(version [\d.]+\)\n$/s);
    expect(answer.status).toBe(status);
    expect(await (await post('SELECT 1')).text()).toBe('1\n');
  });
  test('broken rows that nobody came to read', async () => {
    const url = new URL(httpUrl('INSERT INTO nowhere FORMAT CSV'));
    url.searchParams.set('no setting', '1');
    const headers = { authorization: authorization(), 'content-encoding': 'gzip' };
    const pid = running.engine.pid();
    const answer = await fetch(url, { method: 'POST', headers, body: 'plain'.repeat(100_000) });
    expect(await answer.text()).toMatch(/not a plain word/);
    expect(await (await post('SELECT 1')).text()).toBe('1\n');
    expect(running.engine.pid()).toBe(pid);
  });
  test('rows that do not parse leave none behind', async () => {
    await client.command({ query: 'CREATE TABLE strict (a UInt8) ENGINE = MergeTree ORDER BY a' });
    const answer = await post('INSERT INTO orchescope.strict FORMAT JSONEachRow', {
      body: '{"a":1}\n{"a":',
    });
    expect(answer.status).toBe(500);
    expect(await answer.text()).toMatch(/^Code: \d+\./);
    expect(await readRows(client, 'SELECT * FROM strict')).toEqual([]);
  });
});

test('an insert cut off on its way leaves no row and no file', async () => {
  await client.command({ query: 'CREATE TABLE cut (a UInt64) ENGINE = MergeTree ORDER BY a' });
  const spooled = (): Promise<string[]> => readdir(join(running.dataDir, 'spool'));
  const headers = { authorization: authorization() };
  const upload = httpRequest(httpUrl('INSERT INTO orchescope.cut FORMAT JSONEachRow'), {
    method: 'POST',
    headers,
  });
  upload.on('error', () => undefined);
  upload.write('{"a":1}\n'.repeat(100_000));
  await until(async () => (await spooled()).length === 1);
  upload.destroy();
  await until(async () => (await spooled()).length === 0);
  expect(await readRows(client, 'SELECT * FROM cut')).toEqual([]);
});

test('a reader that stops reading stops its query', async () => {
  const { stream } = await client.exec({
    query: 'SELECT number AS forever FROM system.numbers FORMAT RowBinary',
  });
  await new Promise((resolve) => stream.once('data', resolve));
  stream.destroy();
  const query = "SELECT count() AS n FROM system.processes WHERE query LIKE '%AS forever%'";
  const onlyThisOne = [{ n: '1' }];
  await until(async () => isDeepStrictEqual(await readRows(client, query), onlyThisOne));
  expect(await readRows(client, query)).toEqual(onlyThisOne);
});

test('a compressed statement is read too', async () => {
  const answer = await fetch(httpUrl(''), {
    method: 'POST',
    headers: { authorization: authorization(), 'content-encoding': 'gzip' },
    body: zlib.gzipSync('SELECT 42'),
  });
  expect(await answer.text()).toBe('42\n');
});

test("the limits given at start are the engine's", async () => {
  const names = ['max_server_memory_usage', 'mark_cache_size', 'background_pool_size'];
  const rows = await readRows(
    client,
    'SELECT name, value FROM system.server_settings WHERE name IN {names:Array(String)} ORDER BY name',
    { names },
  );
  expect(rows).toEqual([
    { name: 'background_pool_size', value: '2' },
    { name: 'mark_cache_size', value: String(256 * 1024 ** 2) },
    { name: 'max_server_memory_usage', value: String(1024 ** 3) },
  ]);
  const greedy = 'SELECT groupArray(randomString(1000000)) FROM numbers(5000)';
  await expect(readRows(client, greedy)).rejects.toMatchObject({ type: 'MEMORY_LIMIT_EXCEEDED' });
});
