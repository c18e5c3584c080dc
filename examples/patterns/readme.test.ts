import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

const lines = readdirSync(new URL('.', import.meta.url))
  .filter((file) => /^[\w-]+\.ts$/.test(file) && /^(const \w+ = )?init\(/m.test(read(file)))
  .map((file) => {
    const opening = /^\/\*\*\n \* (.+)\n/.exec(read(file))?.[1];
    return `- [${file.replace(/\.ts$/, '')}](${file}): ${opening}`;
  });

test('the README names every pattern with the line it opens with', () => {
  const named = read('README.md').match(/^- \[.+$/gm);
  expect(named?.toSorted()).toEqual(lines.toSorted());
});
