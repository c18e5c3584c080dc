/** What an earlier version wrote is readable by this one, whenever its first start was killed. */
import type { ClickHouseClient } from '@clickhouse/client';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRows, startTestEngine, until, type TestEngine } from './engine/testing-engine.ts';
import { findSqlFolder, migrate, readMigrations, type Migration } from './migrate.ts';
import { readSpan } from './read-span.ts';
import { readTracePage, readTraceSummaries } from './read-traces.ts';
import { readTraceColumns } from './read-skeleton.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const startUnixNano = 1_795_000_000_000_000_000n;
let running: TestEngine;
let earlier: string;
/** Up to the file that is killed in: those after it see what it leaves, which the other test goes on from. */
let upToLayout: string;
let layout: Migration;

beforeAll(async () => {
  running = await startTestEngine();
  earlier = await mkdtemp(join(tmpdir(), 'orchescope-earlier-'));
  upToLayout = await mkdtemp(join(tmpdir(), 'orchescope-layout-'));
  for (const name of ['001-spans.sql', '002-costs.sql', '003-layout.sql']) {
    if (name !== '003-layout.sql') await copyFile(join(findSqlFolder(), name), join(earlier, name));
    await copyFile(join(findSqlFolder(), name), join(upToLayout, name));
  }
  const [, , third] = await readMigrations(findSqlFolder());
  if (third?.name !== '003-layout.sql') throw new Error('003-layout.sql is not there');
  layout = third;
});
afterAll(async () => {
  await running.close();
  await rm(earlier, { recursive: true, force: true });
  await rm(upToLayout, { recursive: true, force: true });
});

const silent = (): undefined => undefined;

/** A database as the version before left it: a span that ran, then ended, one that never ended, and their content. */
async function createEarlier(database: string): Promise<ClickHouseClient> {
  await running.connect().command({ query: `CREATE DATABASE ${database} ENGINE = Atomic` });
  const client = running.connect({ database });
  await migrate(client, earlier, silent);
  // A part each, so that no insert may merge the copies.
  for (const [span, version, name] of [
    ['1111111111111111', 0n, 'still running'],
    ['1111111111111111', startUnixNano + 5_000_000_000n, 'chat'],
    ['2222222222222222', 0n, 'never ended'],
  ] as const) {
    await client.command({
      query: `INSERT INTO spans (project_id, trace_id, span_id, name, kind, start_time, end_time, version, flags, cost_usd, cost_source, attributes, resource_attributes)
        VALUES ('default', '${traceId}', '${span}', '${name}', 'llm', fromUnixTimestamp64Nano(${startUnixNano}, 'UTC'),
          fromUnixTimestamp64Nano(${version}, 'UTC'), ${version}, ${version === 0n ? 1 : 0}, 0.5, 'reported', {'key':'value'}, {'host.name':'here'})`,
    });
    await client.command({
      query: `INSERT INTO content (project_id, trace_id, span_id, start_time, version, position, slot, key, format, body)
        VALUES ('default', '${traceId}', '${span}', fromUnixTimestamp64Nano(${startUnixNano}, 'UTC'), ${version}, 0, 'input', 'input', 'text', 'of ${name}')`,
    });
  }
  return client;
}

const readAll = (client: ClickHouseClient): Promise<unknown[][]> =>
  Promise.all(
    [
      'SELECT project_id, trace_id, span_id, name, kind, start_time, end_time, version, flags, cost_usd, cost_source, attributes FROM spans ORDER BY span_id, version',
      'SELECT project_id, trace_id, span_id, start_time, version, position, slot, key, format, body FROM content ORDER BY span_id, version',
      'SELECT trace_id, min(first_start) AS first, max(last_start) AS last FROM trace_time GROUP BY trace_id ORDER BY trace_id',
    ].map((sql) => readRows(client, sql)),
  );

/** Everything that was there is, once, and what comes next is found by its trace. */
async function expectWhole(client: ClickHouseClient, before: unknown[][]): Promise<void> {
  expect(await readAll(client)).toEqual(before);
  const names = await readRows(client, 'SHOW TABLES');
  expect(names).not.toContainEqual({ name: 'spans_003' });
  expect(names).not.toContainEqual({ name: 'content_003' });
  const added = 'a'.repeat(32);
  await client.command({
    query: `INSERT INTO spans (project_id, trace_id, start_time) VALUES ('default', '${added}', '2026-11-20 10:00:00')`,
  });
  const found = await readRows(
    client,
    `SELECT last_start FROM trace_time WHERE trace_id = '${added}'`,
  );
  expect(found).toEqual([{ last_start: '2026-11-20 10:00:00.000000000' }]);
}

test('spans, content and traces of the version before are read by this one', async () => {
  const client = await createEarlier('from_before');
  const before = await readAll(client);
  await migrate(client, findSqlFolder(), silent);
  const ended = await readSpan({ client }, 'default', traceId, '1111111111111111');
  expect(ended).toMatchObject({
    name: 'chat',
    endTimeUnixNano: startUnixNano + 5_000_000_000n,
    costUsd: '0.5',
    attributes: new Map([['key', 'value']]),
    resourceAttributes: new Map([['host.name', 'here']]),
    content: [{ slot: 'input', key: 'input', format: 'text', body: 'of chat' }],
  });
  expect(await readSpan({ client }, 'default', traceId, '2222222222222222')).toMatchObject({
    name: 'never ended',
    endTimeUnixNano: 0n,
    content: [{ body: 'of never ended' }],
  });
  const page = await readTracePage({ client }, 'default', {
    fromUnixNano: startUnixNano,
    toUnixNano: startUnixNano + 1n,
    conditions: [],
    sort: 'start_time',
    order: 'desc',
    after: null,
    limit: 10,
  });
  expect(page.map((place) => place.traceId)).toEqual([traceId]);
  const [summary] = await readTraceSummaries({ client }, 'default', [traceId]);
  expect(summary).toMatchObject({ spanCount: 2, running: true, costUsd: '1' });
  const columns = await readTraceColumns({ client }, 'default', traceId, startUnixNano);
  expect([...columns.duration]).toEqual([-1, 5e9, -1]);
  await expectWhole(client, before);
});

/** As they were made, whichever database they are of. */
async function readTables(client: ClickHouseClient): Promise<unknown[]> {
  return readRows(
    client,
    `SELECT name, replaceAll(create_table_query, concat(currentDatabase(), '.'), '') AS made
      FROM system.tables WHERE database = currentDatabase() ORDER BY name`,
  );
}

test('an upgrade killed after any statement, or within a copy, is finished by the next start', async () => {
  const stages: { readonly client: ClickHouseClient; readonly before: unknown[][] }[] = [];
  const create = async (name: string): Promise<ClickHouseClient> => {
    const client = await createEarlier(`killed_${name}`);
    stages.push({ client, before: await readAll(client) });
    return client;
  };
  for (let done = 1; done <= layout.statements.length; done++) {
    const client = await create(String(done));
    for (const query of layout.statements.slice(0, done)) await client.command({ query });
  }
  for (const [at, statement] of layout.statements.entries()) {
    if (!/^INSERT/m.test(statement)) continue;
    const client = await create(`within_${at}`);
    for (const query of layout.statements.slice(0, at)) await client.command({ query });
    await client.command({ query: statement.replace(/(FROM \w+)$/m, '$1 LIMIT 1') });
  }
  process.kill(running.engine.pid() ?? 0, 'SIGKILL');
  await until(() => running.engine.pid() === null);
  await running.engine.whenUp(30_000);
  expect(stages).toHaveLength(layout.statements.length + 2);
  const unkilled = await createEarlier('unkilled');
  await migrate(unkilled, upToLayout, silent);
  const tables = await readTables(unkilled);
  for (const { client, before } of stages) {
    await migrate(client, upToLayout, silent);
    expect(await readTables(client)).toEqual(tables);
    await expectWhole(client, before);
  }
}, 300_000);
