import { expect, test } from 'vitest';
import { createColouring } from './colouring.ts';
import { letterCommand, rowCommand } from './keys.ts';
import { layoutTrace } from './layout/layout-trace.ts';
import { sketchTrace } from './layout/sketch.testing.ts';
import { toRowModel } from './row-model.ts';
import { followSpans, nodeOfSpanId, spanIdOf } from './span-ids.ts';

const skeleton = sketchTrace([
  { name: 'triage', kind: 'workflow', at: 0, took: 60_000 },
  { name: 'chat', kind: 'llm', parent: 0, at: 0, took: 3200, costMicroUsd: 4200, model: 'gpt-x' },
  { name: 'lookup', kind: 'tool', parent: 0, at: 4000, took: 900, error: 'Timeout', attempt: 2 },
  { name: 'approval', kind: 'approval', parent: 0, at: 5000, wait: true },
  ...[0, 1, 2, 3].map((i) => ({
    name: 'fs.read',
    kind: 'tool' as const,
    parent: 0,
    at: 10_000 + i,
    took: 80,
  })),
  { name: 'lost', parent: 'lost' as const, at: 20_000, took: 1 },
]);
const trace = layoutTrace(
  {
    ...skeleton,
    omitted: { parent: [0], count: [1203], durationNs: [4.1e9], costMicroUsd: [20_000] },
  },
  1_000_000_060_000,
);

function said(entry: number): string {
  const { glyph, name, chips, duration } = toRowModel(trace, entry);
  return [glyph, name, ...chips.map(({ text }) => text), duration].join(' | ');
}

test.each([
  ['a workflow', 0, '· | triage | 1 m'],
  ['a model call with its cost', 1, 'L | chat | $0.0042 | 3.2 s'],
  ['a failed second attempt', 2, 'T | lookup | Timeout | try 2 | 900 ms'],
  ['a running wait', 3, 'G | approval | 55 s…'],
  ['four alike', -1, 'T | fs.read | ×4 | p50 80 ms | p95 80 ms'],
  ['what the server left out', 8, '… | 1,203 more spans, not drawn | $0.020 | 4.1 s'],
  ['spans without a parent', 9, '? | parent not received | 1 span | '],
])('%s', (_sentence, entry, expected) => {
  expect(said(entry)).toBe(expected);
});

test('the spoken sentence tells what the eye sees', () => {
  expect(toRowModel(trace, 2).sentence).toBe(
    'lookup, tool, 900 ms, failed: Timeout, critical path',
  );
  expect(toRowModel(trace, 3).sentence).toBe(
    'approval, approval, running for 55 s, waiting, critical path',
  );
});

test('span ids lead to nodes and back', () => {
  expect(nodeOfSpanId(trace, spanIdOf(trace, 2) ?? '')).toBe(2);
  expect(nodeOfSpanId(trace, '0'.repeat(16))).toBe(-1);
  expect(nodeOfSpanId(trace, '0000')).toBe(-1);
  expect(spanIdOf(trace, 8)).toBeNull();
});

test.each([[1], [1000]])(
  'spans are followed into a newer state of the trace, %d of them',
  (count) => {
    const names = ['a', 'b', 'c'];
    const spans = names.map((name, at) => ({ name, at, took: 1 }));
    const [older, newer] = [spans.slice(0, 2), spans].map((list) =>
      layoutTrace(sketchTrace(list), 1_000_000_000_100),
    );
    const follow = followSpans(newer ?? trace, older ?? trace, count);
    expect([follow(0), follow(1), follow(2)]).toEqual([0, 1, -1]);
  },
);

test('the legend counts spans and says what has no name', () => {
  const legend = createColouring(trace.layout, trace.facts.strings, 'model').legend;
  expect(legend.map(({ label, count }) => [label, count])).toEqual([
    ['gpt-x', 1],
    ['none', 8],
  ]);
});

test('more than seven agents share the last colour', () => {
  const many = layoutTrace(
    sketchTrace(
      Array.from({ length: 9 }, (_, i) => ({ name: 'x', at: i, took: 1, agent: `agent ${i}` })),
    ),
    1_000_000_000_100,
  );
  const { legend, colourOf } = createColouring(many.layout, many.facts.strings, 'agent');
  expect(legend.at(-1)).toMatchObject({ label: '2 others', count: 2, colour: 7 });
  expect([colourOf(0), colourOf(8)]).toEqual([0, 7]);
});

const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };

test.each([
  ['an arrow moves', rowCommand({ ...plain, key: 'ArrowDown' }), 'down'],
  [
    'Shift and an arrow go to the sibling',
    rowCommand({ ...plain, shiftKey: true, key: 'ArrowRight' }),
    'nextSibling',
  ],
  [
    'Ctrl and an arrow stay the browser’s',
    rowCommand({ ...plain, ctrlKey: true, key: 'ArrowDown' }),
    null,
  ],
  ['N is not n', letterCommand({ ...plain, shiftKey: true, key: 'N' }), 'previousMatch'],
  ['Ctrl+F stays the browser’s', letterCommand({ ...plain, ctrlKey: true, key: 'f' }), null],
  ['a letter that means nothing', letterCommand({ ...plain, key: 'q' }), null],
])('%s', (_sentence, command, expected) => {
  expect(command).toBe(expected);
});
