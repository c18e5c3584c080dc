import { expect, test } from 'vitest';
import { toSparkPaths } from './sparkline.ts';

test('values begin at 0, the highest is at the top', () => {
  expect(toSparkPaths([0, 5, 10])).toEqual(['M0 27L60 14L120 1']);
});

test('a gap parts the line, and a value alone is a dot', () => {
  expect(toSparkPaths([1, 1, null, 1])).toEqual(['M0 1L40 1', 'M120 1h1']);
});

test('nothing is no line, and only zeros lie on the ground', () => {
  expect(toSparkPaths([])).toEqual([]);
  expect(toSparkPaths([null, null])).toEqual([]);
  expect(toSparkPaths([0, 0])).toEqual(['M0 27L120 27']);
});
