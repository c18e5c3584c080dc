import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStore, type TestStore } from './testing.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await startTestStore();
});
afterAll(() => opened.close());

test('a new store has the tables and answers', async () => {
  await opened.store.check();
  const answer = await opened.store.client.query({
    query: 'SELECT currentDatabase() AS database, count() AS spans FROM spans',
    format: 'JSONEachRow',
  });
  expect(await answer.json()).toEqual([{ database: 'orchescope', spans: '0' }]);
});
