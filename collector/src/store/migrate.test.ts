import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readRows, startTestEngine, type TestEngine } from './engine/testing-engine.ts';
import { findSqlFolder, migrate, readMigrations } from './migrate.ts';

let running: TestEngine;
let client: ClickHouseClient;
let folder: string;
let count = 0;

beforeAll(async () => {
  running = await startTestEngine();
});
afterAll(() => running.close());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orchescope-sql-'));
  const database = `migrated_${count++}`;
  await running.connect().command({ query: `CREATE DATABASE ${database} ENGINE = Atomic` });
  client = running.connect({ database });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, sql: string): Promise<void> => writeFile(join(folder, name), sql);

async function run(from = folder): Promise<string[]> {
  const applied: string[] = [];
  await migrate(client, from, (_, fields) => applied.push(String(fields?.['name'])));
  return applied;
}

const tables = async (): Promise<unknown[]> => {
  const rows = await readRows(client, 'SHOW TABLES');
  return rows.map((row) => (row as { name: string }).name);
};

const createTable = (name: string): string =>
  `CREATE TABLE IF NOT EXISTS ${name} (a UInt8) ENGINE = MergeTree ORDER BY a;\n`;

test('the files of this program are in order and apply to a new database, once', async () => {
  const known = (await readMigrations(findSqlFolder())).map(({ name }) => name);
  expect(known[0]).toBe('001-spans.sql');
  expect(await run(findSqlFolder())).toEqual(known);
  expect(await run(findSqlFolder())).toEqual([]);
  expect(await tables()).toContain('spans');
});

test('a new file is applied to a database that has the older ones', async () => {
  await write('001-one.sql', createTable('one'));
  expect(await run()).toEqual(['001-one.sql']);
  await write('002-two.sql', `-- Why; and how.\n${createTable('two')}${createTable('three')}`);
  expect(await run()).toEqual(['002-two.sql']);
  expect(await tables()).toEqual(['one', 'schema_migrations', 'three', 'two']);
});

test('spans from before costs had a source keep what they had', async () => {
  for (const name of ['001-spans.sql', '002-costs.sql']) {
    await copyFile(join(findSqlFolder(), name), join(folder, name));
    await run();
    const span = (id: string) => `'default', '${name}', '${id}', now64(9)`;
    await client.command({
      query: `INSERT INTO spans (project_id, trace_id, span_id, start_time, cost_usd) VALUES (${span('1')}, 0.25), (${span('2')}, NULL)`,
    });
  }
  const columns = 'cost_usd, cost_source, computed_cost_usd, price_version, price_match';
  const rows = await readRows(
    client,
    `SELECT DISTINCT ${columns} FROM spans WHERE trace_id = '001-spans.sql' ORDER BY cost_usd`,
  );
  const unpriced = { computed_cost_usd: null, price_version: '', price_match: 'none' };
  expect(rows).toEqual([
    { cost_usd: 0.25, cost_source: 'reported', ...unpriced },
    { cost_usd: null, cost_source: 'none', ...unpriced },
  ]);
});

test('a file that stopped half-way is finished by the next start', async () => {
  await write(
    '001-half.sql',
    `${createTable('first')}CREATE TABLE IF NOT EXISTS second (a Nonsense) ENGINE = Memory;`,
  );
  const failed = run();
  await expect(failed).rejects.toThrow('001-half.sql: statement 2 failed.');
  await expect(failed).rejects.toMatchObject({ cause: { code: '50' } });
  expect(await tables()).toEqual(['first', 'schema_migrations']);
  await write('001-half.sql', `${createTable('first')}${createTable('second')}`);
  expect(await run()).toEqual(['001-half.sql']);
  expect(await tables()).toEqual(['first', 'schema_migrations', 'second']);
});

test('two starts at the same time end in the same state', async () => {
  await write('001-one.sql', createTable('one'));
  await write('002-two.sql', createTable('two'));
  await Promise.all([run(), run()]);
  expect(await run()).toEqual([]);
  expect(
    await readRows(client, 'SELECT version, name FROM schema_migrations FINAL ORDER BY version'),
  ).toEqual([
    { version: 1, name: '001-one.sql' },
    { version: 2, name: '002-two.sql' },
  ]);
});

describe('refused with a sentence', () => {
  beforeEach(async () => {
    await write('001-one.sql', createTable('one'));
    await write('002-two.sql', createTable('two'));
    await run();
  });

  test('a database that a newer program has used', async () => {
    await rm(join(folder, '002-two.sql'));
    await expect(run()).rejects.toThrow(
      'The database has been used by a newer version of Orchescope (it has 002-two.sql, this one knows up to 001-one.sql). ' +
        'Install that version, or use another data directory or database.',
    );
  });
  test('an applied file with other statements', async () => {
    await write('001-one.sql', createTable('another'));
    await expect(run()).rejects.toThrow(
      '001-one.sql is not what was applied to this database as 001-one.sql. An applied file never changes: put it back and add a new one.',
    );
    expect(await tables()).not.toContain('another');
  });
  test('but not one with better comments', async () => {
    await write('001-one.sql', `-- Says more now; as it should.\n\n${createTable('one')}`);
    expect(await run()).toEqual([]);
  });
});

test.each<[name: string, files: string[], message: RegExp]>([
  [
    'a gap',
    ['001-one.sql', '003-three.sql'],
    /003-three\.sql has number 3, but number 2 comes next/,
  ],
  [
    'a number twice',
    ['001-one.sql', '001-two.sql'],
    /001-two\.sql has number 1, but number 2 comes next/,
  ],
  ['a name without a number', ['one.sql'], /one\.sql in .* is not named like 001-spans\.sql/],
])('%s in the folder', async (_, files, message) => {
  for (const file of files) await write(file, createTable('one'));
  await expect(run()).rejects.toThrow(message);
  expect(await tables()).toEqual([]);
});
