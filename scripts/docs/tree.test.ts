import { expect, test } from 'vitest';
import { readTree } from './tree.ts';

test('a tree is read by its indentation, folders and files side by side', () => {
  const markdown = [
    '# Title',
    '',
    '    src/index.ts cli/     door, and a folder beside it',
    '        run.ts ...        beside the file above',
    '        store/            a folder',
    '            sql/          inside it',
    '    testdata/',
    '        otlp/             one more level',
    '',
    'Prose.',
    '',
  ].join('\n');
  expect(readTree(markdown).map(({ path, isFolder }) => (isFolder ? `${path}/` : path))).toEqual([
    'src/index.ts',
    'src/cli/',
    'src/run.ts',
    'src/store/',
    'src/store/sql/',
    'testdata/',
    'testdata/otlp/',
  ]);
});
