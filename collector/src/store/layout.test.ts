/** What the tables promise beside their columns: repeats, mapping again, keeping and forgetting. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRows, until } from './engine/testing-engine.ts';
import { readSpan } from './read-span.ts';
import { readTraceSummaries } from './read-traces.ts';
import { oneSpan } from './span-arbitrary.ts';
import { startTestStore, type TestStore } from './testing.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await startTestStore();
});
afterAll(() => opened.close());

const rows = (sql: string): Promise<unknown[]> => readRows(opened.store.client, sql);
const run = async (query: string, settings = {}): Promise<void> => {
  await opened.store.client.command({ query, clickhouse_settings: settings });
};
const start = `fromUnixTimestamp64Nano(${oneSpan.startTimeUnixNano}, 'UTC')`;

test('rows that are sent again under their token add nothing, also to the times of traces', async () => {
  const traceId = '1'.repeat(32);
  const count = (table: string) =>
    rows(`SELECT toInt32(count()) AS n FROM ${table} WHERE trace_id = '${traceId}'`);
  for (let time = 0; time < 3; time++) {
    await opened.store.client.insert({
      table: 'spans',
      values: [{ project_id: 'default', trace_id: traceId, span_id: '1'.repeat(16) }],
      format: 'JSONEachRow',
      clickhouse_settings: {
        insert_deduplication_token: 'a segment',
        deduplicate_blocks_in_dependent_materialized_views: 1,
        optimize_on_insert: 0,
      },
    });
    expect(await count('spans')).toEqual([{ n: 1 }]);
    expect(await count('trace_time')).toEqual([{ n: 1 }]);
  }
});

test('of equal versions the newest mapping is shown, whenever it came, with its own content', async () => {
  const { traceId, spanId, projectId, endTimeUnixNano } = oneSpan;
  const insert = async (mapper: number): Promise<void> => {
    const keys = `'${projectId}', '${traceId}', '${spanId}', ${start}, ${endTimeUnixNano}, ${mapper}`;
    await run(
      `INSERT INTO spans (project_id, trace_id, span_id, start_time, version, mapper_version, name) VALUES (${keys}, 'by ${mapper}')`,
    );
    await run(
      `INSERT INTO content (project_id, trace_id, span_id, start_time, version, mapper_version, position, slot, body)
        VALUES (${keys}, ${mapper}, 'input', 'read by ${mapper}')`,
    );
  };
  const read = async (): Promise<unknown[]> => {
    const span = await readSpan(opened.store, projectId, traceId, spanId);
    const [summary] = await readTraceSummaries(opened.store, projectId, [traceId]);
    return [span?.name, span?.content.map(({ body }) => body), summary?.name, summary?.spanCount];
  };
  await run('SYSTEM STOP MERGES spans');
  for (const [mapper, shown] of [
    [1, 1],
    [3, 3],
    [2, 3],
  ] as const) {
    await insert(mapper);
    expect(await read()).toEqual([`by ${shown}`, [`read by ${shown}`], `by ${shown}`, 1]);
  }
  await run('SYSTEM START MERGES spans');
});

test('what has expired is dropped in whole parts, and nothing else is touched', async () => {
  const parts = () =>
    rows(
      `SELECT name FROM system.parts WHERE active AND database = currentDatabase() AND table IN ('spans', 'content') AND rows > 0
        AND partition IN ('(\\'2026-10-01\\',0)', '(\\'2026-10-01\\',7)') ORDER BY table, name`,
    );
  // Kept for a day from when it came, three seconds less than a day ago; its own times say nothing.
  const kept: [project: string, days: number, received: string][] = [
    ['short', 1, 'now() - 86397'],
    ['week', 7, 'now() - 86397'],
    ['ever', 0, 'toDateTime(0)'],
  ];
  await run('SYSTEM STOP MERGES');
  for (const [project, days, received] of kept) {
    const keys = `'${project}', '${'2'.repeat(32)}', '2026-10-01 00:00:00', ${days}, ${received}`;
    for (const table of ['spans', 'content']) {
      await run(
        `INSERT INTO ${table} (project_id, trace_id, start_time, retention_days, received_at) VALUES (${keys})`,
      );
    }
  }
  const before = await parts();
  expect(before).toHaveLength(4);
  for (const table of ['spans', 'content', 'trace_time']) {
    await run(`ALTER TABLE ${table} MODIFY SETTING merge_with_ttl_timeout = 1`);
  }
  await run('SYSTEM START MERGES');
  const left = (table: string) =>
    rows(
      `SELECT DISTINCT project_id FROM ${table} WHERE trace_id = '${'2'.repeat(32)}' ORDER BY project_id`,
    );
  const stayed = [{ project_id: 'ever' }, { project_id: 'week' }];
  for (const table of ['spans', 'content', 'trace_time']) {
    await until(async () => (await left(table)).length < kept.length);
    expect(await left(table)).toEqual(stayed);
  }
  expect(await parts()).toEqual(before);
  expect(await rows('SELECT * FROM system.mutations WHERE database = currentDatabase()')).toEqual(
    [],
  );
}, 60_000);

test('the engine keeps no logs of its own in tables', async () => {
  await run('SYSTEM FLUSH LOGS');
  expect(
    await rows("SELECT name FROM system.tables WHERE database = 'system' AND name LIKE '%\\_log'"),
  ).toEqual([]);
});
