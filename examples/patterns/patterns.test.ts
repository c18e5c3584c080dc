import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runPattern } from './run-pattern.testing.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

const files = readdirSync(new URL('.', import.meta.url));
/** A pattern is a file that starts the SDK; others are parts of patterns. */
const patterns = files
  .filter((file) => /^[\w-]+\.ts$/.test(file) && /^init\(/m.test(read(file)))
  .map((file) => file.replace(/\.ts$/, ''));

test('the patterns are found', () => {
  expect(patterns.length).toBeGreaterThan(0);
});

test.each(patterns)('%s prints and sends what its golden file says', async (pattern) => {
  await expect(await runPattern(pattern)).toMatchFileSnapshot(`./${pattern}.golden.txt`);
});

test.each(patterns)('%s is short and opens with what one will see', (pattern) => {
  const text = read(`${pattern}.ts`);
  expect(text).toMatch(/^\/\*\*\n \* .+\n[^/]*You will see/);
  expect(text.split('\n').length).toBeLessThan(150);
});

test('the README names every pattern', () => {
  const named = Array.from(
    read('../README.md').matchAll(/\(patterns\/(.+)\.ts\)/g),
    ([, name]) => name,
  );
  const golden = files.flatMap((file) => /^(.+)\.golden\.txt$/.exec(file)?.[1] ?? []);
  expect(named.toSorted()).toEqual(golden.toSorted());
});
