import { expect, test } from 'vitest';
import { find, nextMatch } from './find.ts';
import { layoutTrace } from './layout-trace.ts';
import { sketchTrace } from './sketch.testing.ts';
import { collapseFrom, foldOf, listVisible, reveal, withAncestors } from './visible.ts';
import type { Openness } from './visible.ts';

const skeleton = sketchTrace([
  { name: 'run', kind: 'workflow', at: 0, took: 100 },
  ...Array.from({ length: 5 }, (_, i) => ({
    name: 'fs.read',
    kind: 'tool' as const,
    parent: 0,
    at: 1 + i,
    took: 1,
    ...(i === 2 ? { error: 'Timeout' } : {}),
  })),
  { name: 'planner', kind: 'agent', parent: 0, at: 50, took: 40, agent: 'Ada' },
  { name: 'chat', kind: 'llm', parent: 6, at: 55, took: 30, model: 'gpt-x' },
]);
const { layout } = layoutTrace(skeleton, 1_000_000_000_000);

function closed(): Openness {
  return {
    collapsed: new Uint8Array(layout.count),
    openFolds: new Uint8Array(layout.folds.count),
    keep: null,
  };
}

function listed(openness: Openness): string[] {
  return [...listVisible(layout, openness)].map((entry) => {
    if (entry < 0) return `fold of ${layout.folds.members[foldOf(entry)]}`;
    return `${skeleton.strings[layout.name[entry] ?? -1]} ${entry}`;
  });
}

test('a fold hides its members, but never one that failed', () => {
  expect(listed(closed())).toEqual(['run 0', 'fold of 5', 'fs.read 3', 'planner 6', 'chat 7']);
});

test('a collapsed node hides what is below it', () => {
  const openness = closed();
  openness.collapsed[6] = 1;
  expect(listed(openness).at(-1)).toBe('planner 6');
  expect(listed({ ...closed(), collapsed: collapseFrom(layout, 0) })).toEqual(['run 0']);
});

test('revealing a span opens what hides it, and nothing else', () => {
  const openness = { ...closed(), collapsed: collapseFrom(layout, 0) };
  expect(reveal(layout, openness, 4)).toBe(true);
  expect(listed(openness)).toContain('fs.read 4');
  expect(openness.collapsed[6]).toBe(1);
  expect(reveal(layout, openness, 4)).toBe(false);
});

test('hiding others keeps matches and their ancestors', () => {
  const matches = find(layout, skeleton.strings, { text: 'GPT', chips: new Set() });
  expect([...(matches?.nodes ?? [])]).toEqual([7]);
  const keep = withAncestors(layout, matches?.flags ?? new Uint8Array());
  expect(listed({ ...closed(), keep })).toEqual(['run 0', 'planner 6', 'chat 7']);
});

test.each([
  ['a name', 'fs.re', [], [1, 2, 3, 4, 5]],
  ['a kind', 'agent', [], [6]],
  ['an agent', 'ada', [], [6]],
  ['an error type', 'timeout', [], [3]],
  ['a chip', '', ['errors' as const], [3]],
  ['text and a chip at once', 'fs', ['errors' as const], [3]],
  ['either of two kinds', '', ['llm' as const, 'tools' as const], [1, 2, 3, 4, 5, 7]],
  ['nothing there', 'nobody', [], []],
])('finds by %s', (_sentence, text, chips, expected) => {
  const matches = find(layout, skeleton.strings, { text, chips: new Set(chips) });
  expect([...(matches?.nodes ?? [])]).toEqual(expected);
});

test('an empty question is no question', () => {
  expect(find(layout, skeleton.strings, { text: ' ', chips: new Set() })).toBeNull();
});

test('matches go round in both directions', () => {
  const nodes = Int32Array.of(2, 5, 9);
  expect([0, 2, 6, 9].map((node) => nextMatch(nodes, node, 1))).toEqual([2, 5, 9, 2]);
  expect([0, 2, 6, 9].map((node) => nextMatch(nodes, node, -1))).toEqual([9, 9, 5, 5]);
  expect(nextMatch(Int32Array.of(), 3, 1)).toBe(-1);
});
