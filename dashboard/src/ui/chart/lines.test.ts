import { expect, test } from 'vitest';
import type { ChartSeries } from './chart-types.ts';
import { aloneAt, pensOf, splitOpen } from './lines.ts';

const line = (key: string, look: ChartSeries['look'] = 'plain'): ChartSeries => ({
  key,
  label: key,
  values: [],
  look,
});

test('what may still change is drawn by itself, and joins what is done', () => {
  expect(splitOpen([1, 2, 3], true)).toEqual({ done: [1, 2, null], open: [null, 2, 3] });
  expect(splitOpen([1, 2, 3], false)).toEqual({ done: [1, 2, 3], open: [null, null, null] });
  expect(splitOpen([], true)).toEqual({ done: [], open: [] });
});

test('a value that no line leads to is found', () => {
  expect(aloneAt([1, null, 2, null, 3, 4])).toEqual([0, 2]);
  expect(aloneAt([undefined, 0, null])).toEqual([1]);
  expect(aloneAt([])).toEqual([]);
});

test('one line has the accent; many differ, also beyond seven', () => {
  expect(pensOf([line('a'), line('b', 'muted')]).map(({ token }) => token)).toEqual([
    '--accent',
    '--text-3',
  ]);
  const many = pensOf(Array.from({ length: 10 }, (_, at) => line(String(at))));
  expect(new Set(many.map((pen) => JSON.stringify(pen))).size).toBe(10);
});
