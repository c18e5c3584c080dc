import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContract } from './contract-source.ts';
import { readDocComments } from './doc-comments.ts';
import { createPages, root } from './pages.ts';

const pages = createPages();

test.each([...pages])('%s says what its source says', (path, text) => {
  const written = readFileSync(join(root, path), 'utf8');
  expect(written === text, `${path} is out of date; run: npx node scripts/docs/generate.ts`).toBe(
    true,
  );
});

test.each(['docs/generated', 'docs/detectors'])(
  'no page in %s is left behind by a generator that is gone',
  (folder) => {
    const written = readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
    const made = [...pages.keys()].filter((path) => path.startsWith(`${folder}/`));
    expect(written.toSorted()).toEqual(made.toSorted());
  },
);

test('the API page holds every comment that the contract has on an answer', () => {
  const comments = readDocComments(readContract((path) => readFileSync(join(root, path), 'utf8')));
  const page = pages.get('docs/generated/api.md') ?? '';
  // The comment on a query is for those who edit the file.
  const onAnswers = [...comments].filter(([path]) => path !== 'tracesQuery');
  expect(onAnswers.length).toBeGreaterThan(20);
  for (const [path, comment] of onAnswers) expect(page, path).toContain(comment);
});

test('comments are found on what they stand on, whatever the depth', () => {
  const source = [
    '/** About the file. */',
    '',
    '/** About the group. */',
    'export const group = {',
    '  plain: 1,',
    '  /**',
    '   * Two',
    '   * lines.',
    '   */',
    '  inner: {',
    '    /** Deep. */',
    '    deep: 2,',
    '  },',
    '  /** After. */',
    '  after: 3,',
    '};',
  ].join('\n');
  expect(Object.fromEntries(readDocComments(source))).toEqual({
    group: 'About the group.',
    'group.inner': 'Two lines.',
    'group.inner.deep': 'Deep.',
    'group.after': 'After.',
  });
});
