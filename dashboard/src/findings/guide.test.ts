import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { toGuide } from './guide.ts';

test('a page becomes headings, paragraphs, lists and tables', () => {
  const page = [
    '# Loop',
    'Made from [its text](loop.md) by a command.',
    'Does the same\nagain, see [rounds](rounds.md).',
    '## The rule',
    '- `exact_repeat`: one tool,\n  again and again\n- ever other answers',
    '| Name | Default |\n| --- | --- |\n| `repeats` | 3 |',
    '## How good it is',
    'Precision 100 %.',
  ].join('\n\n');
  expect(toGuide(page)).toEqual([
    { type: 'paragraph', text: ['Does the same again, see rounds.'] },
    { type: 'heading', text: 'The rule' },
    {
      type: 'list',
      items: [['', 'exact_repeat', ': one tool, again and again'], ['ever other answers']],
    },
    { type: 'table', head: [['Name'], ['Default']], rows: [[['', 'repeats', ''], ['3']]] },
  ]);
});

test('every page there is can be read', async () => {
  const folder = new URL('../../../docs/detectors/', import.meta.url);
  const files = await readdir(folder);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const guide = toGuide(await readFile(new URL(file, folder), 'utf8'));
    const headings = guide.flatMap((block) => (block.type === 'heading' ? [block.text] : []));
    expect([file, ...headings]).toEqual([file, 'The rule', 'How to fix the cause', 'Thresholds']);
  }
});
