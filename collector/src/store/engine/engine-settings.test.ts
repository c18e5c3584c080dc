import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRows, startTestEngine, type TestEngine } from './testing-engine.ts';

let testing: TestEngine;
beforeAll(async () => {
  testing = await startTestEngine();
});
afterAll(() => testing.close());

test('the engine works by the settings of its file, and by no others of ours', async () => {
  const client = testing.connect();
  expect(
    await readRows(
      client,
      `SELECT * FROM (
          SELECT name, value FROM system.server_settings
          WHERE changed AND name NOT IN ('path', 'logger.level', 'config-file')
          UNION ALL SELECT name, value FROM system.merge_tree_settings WHERE changed
        ) ORDER BY name`,
    ),
  ).toEqual([
    { name: 'background_merges_mutations_concurrency_ratio', value: '1' },
    { name: 'background_pool_size', value: '2' },
    { name: 'mark_cache_size', value: '268435456' },
    { name: 'max_parts_to_merge_at_once', value: '8' },
    { name: 'max_server_memory_usage', value: '1073741824' },
    { name: 'vertical_merge_algorithm_min_rows_to_activate', value: '1' },
  ]);
});
