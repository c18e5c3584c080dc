import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

/** Tasks on a clock of their own, and when each of them ran. */
function createBench() {
  let nowMs = 0;
  const ran: string[] = [];
  const turns = createTurns(() => nowMs);
  const run = (name: string, tookMs: number) =>
    turns.run(() => {
      ran.push(name);
      nowMs += tookMs;
      return name;
    });
  const nextTurn = () =>
    new Promise<void>((resolve) =>
      setImmediate(() => {
        ran.push('others');
        resolve();
      }),
    );
  return { ran, run, nextTurn, turns };
}

test('what is short shares a turn, and runs before the call returns', async () => {
  const { ran, run } = createBench();
  const all = ['a', 'b', 'c'].map((name) => run(name, 1));
  expect(ran).toEqual(['a', 'b', 'c']);
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c']);
});

test('what is long lets everybody else go first, and keeps its order', async () => {
  const { ran, run, nextTurn } = createBench();
  const all = ['a', 'b', 'c'].map((name) => run(name, 100));
  for (let turn = 0; turn < 3; turn += 1) await nextTurn();
  await Promise.all(all);
  expect(ran).toEqual(['a', 'b', 'others', 'c', 'others', 'others']);
});

test('a late task does not overtake one that waits', async () => {
  const { ran, run, nextTurn } = createBench();
  const all = [run('a', 100), run('b', 1), run('c', 1)];
  await nextTurn();
  expect(ran).toEqual(['a', 'b', 'c', 'others']);
  await Promise.all([...all, run('d', 1)]);
  expect(ran.at(-1)).toBe('d');
});

test('a task that throws fails alone, at once or later', async () => {
  const { run, turns } = createBench();
  const fail = () =>
    turns.run(() => {
      throw new Error('no rows');
    });
  const all = await Promise.allSettled([fail(), run('a', 100), fail(), run('b', 1)]);
  expect(all.map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
});
