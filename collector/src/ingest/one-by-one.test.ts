import { expect, test } from 'vitest';
import { createQueue } from './one-by-one.ts';

test('a task begins when the one before has ended, also when that one failed', async () => {
  const queue = createQueue();
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const failing = queue(async () => {
    seen.push('first begins');
    await gate.promise;
    seen.push('first ends');
    throw new Error('no');
  });
  const second = queue(async () => seen.push('second begins'));
  await new Promise(setImmediate);
  expect(seen).toEqual(['first begins']);
  gate.resolve();
  await expect(failing).rejects.toThrow('no');
  await second;
  expect(seen).toEqual(['first begins', 'first ends', 'second begins']);
});
