/** One at a time works on history, in one server and over several that share a store. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createEvaluatorLease } from '../store/evaluator-lease.ts';
import { startTestStore, type TestStore } from '../store/testing.ts';
import { createHistoryLock, type HistoryLock } from './history-lock.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Long enough for a machine that is busy with other tests. */
const times = { ttlMs: 6_000, renewMs: 250 };
let opened: TestStore;
beforeAll(async () => {
  opened = await startTestStore();
});
afterAll(() => opened.close());

const lockOf = (engine: 'embedded' | 'server'): HistoryLock =>
  createHistoryLock({
    store: { client: opened.store.client, engine },
    warn: (message, error) => {
      throw new Error(message, { cause: error });
    },
    times,
  });

test('in one server the second is told what the first does, and may begin when that is over', async () => {
  const lock = lockOf('embedded');
  const held = await lock.take('remap');
  const sentence = 'History is being mapped again. Wait until that is done.';
  await expect(lock.take('reprice')).rejects.toThrow(sentence);
  await expect(lock.take('remap')).rejects.toThrow(sentence);
  held.release();
  (await lock.take('reprice')).release();
});

test('of servers over one store one has it, for as long as it works', async () => {
  const locks = Array.from({ length: 4 }, () => lockOf('server'));
  const taken = await Promise.allSettled(locks.map((lock) => lock.take('reprice')));
  const held = taken.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  expect(held.length).toBeLessThan(2);
  for (const one of held) one.release();
  const [first, second] = [lockOf('server'), lockOf('server')];
  const mine = await takeAtLast(first);
  await expect(first.take('remap')).rejects.toThrow('History is being priced again.');
  const untilMs = performance.now() + 1.2 * times.ttlMs;
  while (performance.now() < untilMs) {
    await expect(second.take('remap')).rejects.toThrow(
      'Another server over the same store works on history. Wait until that is done.',
    );
    await sleep(200);
  }
  expect(mine.lost.aborted).toBe(false);
  mine.release();
  (await takeAtLast(second)).release();
});

test('it dies with its holder', async () => {
  const { client } = opened.store;
  const dead = createEvaluatorLease({
    client,
    about: 'history',
    holder: 'dead',
    exclusive: false,
    ...times,
  });
  await expect.poll(() => dead.hold(), { timeout: 60_000 }).not.toBeNull();
  const lock = lockOf('server');
  await expect(lock.take('remap')).rejects.toThrow('Another server');
  (await takeAtLast(lock)).release();
});

test('who has lost it is told', async () => {
  const held = await takeAtLast(lockOf('server'));
  const sql = `INSERT INTO history_terms (term, holder) SELECT max(term) + 1, 'another' FROM history_terms`;
  await opened.store.client.command({ query: sql });
  await expect.poll(() => held.lost.aborted, { timeout: 60_000 }).toBe(true);
  held.release();
  await expect(lockOf('server').take('remap')).rejects.toThrow('Another server');
});

/** Somebody else may just be giving it back. */
async function takeAtLast(lock: HistoryLock): ReturnType<HistoryLock['take']> {
  for (;;) {
    try {
      return await lock.take('reprice');
    } catch (error) {
      if (!String(error).includes('Another server')) throw error;
    }
  }
}
