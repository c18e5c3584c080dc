/** Brings a database to the shape this program knows: numbered SQL files, each applied once and remembered. */
import type { ClickHouseClient } from '@clickhouse/client';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { splitStatements } from './engine/sql-text.ts';
import { StoreStartError } from './store-start-error.ts';

export type Migration = {
  readonly version: number;
  readonly name: string;
  /** Of the statements alone: comments and blank lines may still be improved. */
  readonly checksum: string;
  readonly statements: readonly string[];
};

export class MigrationError extends StoreStartError {
  override readonly name = 'MigrationError';
}

/** Beside this file in source, and beside the bundle in dist. */
export function findSqlFolder(): string {
  const folder = fileURLToPath(new URL('./sql', import.meta.url));
  if (!existsSync(folder))
    throw new MigrationError(`The folder of SQL files is missing: ${folder}`);
  return folder;
}

/** In order of their numbers. @throws MigrationError for a name or a number that does not fit */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const migrations = await Promise.all(files.map((file) => readMigration(folder, file)));
  for (const [index, { version, name }] of migrations.entries()) {
    if (version !== index + 1) {
      throw new MigrationError(
        `${name} has number ${version}, but number ${index + 1} comes next.`,
      );
    }
  }
  return migrations;
}

async function readMigration(folder: string, file: string): Promise<Migration> {
  const version = /^(\d{3})-[a-z0-9-]+\.sql$/.exec(file)?.[1];
  if (version === undefined) {
    throw new MigrationError(`${file} in ${folder} is not named like 001-spans.sql.`);
  }
  const statements = splitStatements(await readFile(join(folder, file), 'utf8'));
  return { version: Number(version), name: file, checksum: toChecksum(statements), statements };
}

function toChecksum(statements: readonly string[]): string {
  const plain = statements.map(removeComments).join(';\n');
  return createHash('sha256').update(plain).digest('hex').slice(0, 32);
}

function removeComments(statement: string): string {
  return statement
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && (!line.startsWith('--') || line === toCondition(line)))
    .join('\n');
}

/** In front of a statement. A table that was made anew has a column that the one before it had not. */
const conditionPattern = /^-- Skipped where (\w+) has (\w+)\.$/m;

function toCondition(statement: string): string | undefined {
  return conditionPattern.exec(statement)?.[0];
}

/**
 * Runs what is missing. A file is recorded after its last statement, so each statement must be one that can be run
 * again (IF NOT EXISTS and the like, or a condition in front): a program killed half-way simply starts the file over.
 * @throws MigrationError when the database is newer than the program or an applied file was changed
 */
export async function migrate(
  client: ClickHouseClient,
  folder: string,
  log: (message: string, fields?: Record<string, unknown>) => void,
): Promise<void> {
  const migrations = await readMigrations(folder);
  await client.command({ query: createRecord });
  const applied = await readApplied(client);
  for (const [version, record] of applied) assertKnown(version, record, migrations);
  for (const migration of migrations) {
    if (applied.has(migration.version)) continue;
    await apply(client, migration);
    log('applied migration', { name: migration.name });
  }
}

/** Two programs may record the same file at the same time; the rows are equal, and merges keep one. */
const createRecord = `
  CREATE TABLE IF NOT EXISTS schema_migrations
  (
    version UInt32,
    name String,
    checksum String,
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
  )
  ENGINE = ReplacingMergeTree
  ORDER BY version
  SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

type Applied = { readonly version: number; readonly name: string; readonly checksum: string };

async function readApplied(client: ClickHouseClient): Promise<Map<number, Applied>> {
  const answer = await client.query({
    query: 'SELECT version, name, checksum FROM schema_migrations FINAL ORDER BY version',
    format: 'JSONEachRow',
  });
  const rows = await answer.json<Applied>();
  return new Map(rows.map((row) => [row.version, row]));
}

function assertKnown(version: number, applied: Applied, migrations: readonly Migration[]): void {
  const known = migrations[version - 1];
  if (known === undefined) {
    throw new MigrationError(
      `The database has been used by a newer version of Orchescope (it has ${applied.name}, this one knows up to ${migrations.at(-1)?.name ?? 'none'}). ` +
        'Install that version, or use another data directory or database.',
    );
  }
  if (known.checksum !== applied.checksum) {
    throw new MigrationError(
      `${known.name} is not what was applied to this database as ${applied.name}. ` +
        'An applied file never changes: put it back and add a new one.',
    );
  }
}

async function isDone(client: ClickHouseClient, statement: string): Promise<boolean> {
  const [, table, column] = conditionPattern.exec(statement) ?? [];
  if (table === undefined) return false;
  const answer = await client.query({
    query: `SELECT count() > 0 AS found FROM system.columns
      WHERE database = currentDatabase() AND table = {table:String} AND name = {column:String}`,
    query_params: { table, column },
    format: 'JSONEachRow',
  });
  const [row] = await answer.json<{ found: number }>();
  return Number(row?.found) > 0;
}

async function apply(client: ClickHouseClient, migration: Migration): Promise<void> {
  for (const [index, query] of migration.statements.entries()) {
    try {
      if (await isDone(client, query)) continue;
      await client.command({ query });
    } catch (cause) {
      throw new MigrationError(`${migration.name}: statement ${index + 1} failed.`, { cause });
    }
  }
  const { version, name, checksum } = migration;
  await client.insert({
    table: 'schema_migrations',
    values: [{ version, name, checksum }],
    columns: ['version', 'name', 'checksum'],
    format: 'JSONEachRow',
  });
}
