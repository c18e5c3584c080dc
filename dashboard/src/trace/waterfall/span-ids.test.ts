import { expect, test } from 'vitest';
import { layoutTrace } from './layout/layout-trace.ts';
import { sketchTrace } from './layout/sketch.testing.ts';
import { nodeOfSpanId, nodesOfSpanIds } from './span-ids.ts';

const idOf = (number: number): string => number.toString(16).padStart(16, '0');
const trace = layoutTrace(
  sketchTrace([
    { name: 'root', at: 0, took: 10 },
    { name: 'late', parent: 0, at: 5, took: 1 },
    { name: 'early', parent: 0, at: 1, took: 1 },
  ]),
  1_000_000_000_100,
);

test('spans are found by id, in the order of the rows on screen', () => {
  const nodes = [...nodesOfSpanIds(trace, [idOf(2), idOf(3)])];
  expect(nodes).toEqual([nodeOfSpanId(trace, idOf(3)), nodeOfSpanId(trace, idOf(2))]);
});

test('what the trace does not have is left out, and so is what only looks like an id', () => {
  const across = `${'0'.repeat(8)}${idOf(2).slice(0, 8)}`;
  expect([...nodesOfSpanIds(trace, ['ffffffffffffffff', across.slice(1), ''])]).toEqual([]);
});
