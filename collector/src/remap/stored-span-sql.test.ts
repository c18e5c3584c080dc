import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SqlFragment } from '../store/store.ts';
import { startTestStore, type TestStore } from '../store/testing.ts';
import { toContentsSql, toDaysSql, toKeysSql, toRowsSql, type SpanKey } from './stored-span-sql.ts';

let opened: TestStore;

beforeAll(async () => {
  opened = await startTestStore();
});

afterAll(() => opened.close());

const range = {
  fromUnixNano: 1_795_000_000_000_000_000n,
  toUnixNano: 1_795_086_400_000_000_000n,
};
const first: SpanKey = { minute: 1_795_000_020, traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
const keys = { first, last: { ...first, minute: 1_795_000_080 } };

const queries: [string, SqlFragment][] = [
  ['remap-days', toDaysSql(range, 2)],
  ['remap-keys', toKeysSql(range, first, 5_000)],
  ['remap-rows', toRowsSql(range, keys, 2, 4_194_304)],
  ['remap-contents', toContentsSql(range, keys, 2, 4_194_304)],
];

test.each(queries)('%s is the query a reviewer has seen', async (name, { sql, params }) => {
  const file = join(import.meta.dirname, `../../testdata/sql/${name}.sql`);
  const text = `-- ${JSON.stringify(params)}\n${sql}\n`;
  await expect(text).toMatchFileSnapshot(file);
});

test.each(queries)('%s asks every table by project', (_, { sql }) => {
  const tables = sql.match(/\bFROM (spans|content)\b/g) ?? [];
  const guarded =
    sql.match(/\bFROM (spans|content) WHERE project_id = \{projectId:String\}/g) ?? [];
  expect(tables.length).toBeGreaterThan(0);
  expect(guarded).toHaveLength(tables.length);
});

async function explain({ sql, params }: SqlFragment): Promise<string> {
  const answer = await opened.store.client.query({
    query: `EXPLAIN actions = 1, indexes = 1 ${sql}`,
    query_params: { ...params, projectId: 'default' },
    format: 'TabSeparatedRaw',
  });
  return answer.text();
}

test('the walk follows the sorting key, so that a page costs a page', async () => {
  await opened.store.client.command({
    query: `INSERT INTO spans (project_id, trace_id, span_id, start_time)
      SELECT 'default', hex(number), hex(number), toDateTime64('2026-11-18 12:00:00', 9, 'UTC') + number FROM numbers(20000)`,
  });
  const plan = await explain(toKeysSql(range, first, 100));
  expect(plan).toMatch(/Read type: InOrder/);
  expect(plan).toMatch(/PrimaryKey\s+Keys:\s+project_id\s+toStartOfMinute/);
});
