import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { findCycles, findStreaks, toSignature } from './rounds.ts';

const cycles = (keys: string, least = 3) =>
  findCycles([...keys], least).map(({ from, to, period, repeats }) => [from, to, period, repeats]);

test.each([
  ['ababab', [[0, 6, 2, 3]]],
  ['xabcabcabcy', [[1, 10, 3, 3]]],
  ['abcabcab', []],
  ['aaaaaa', []],
  // Twelve steps are three rounds of four, and no six of two.
  ['abacabacabac', [[0, 12, 4, 3]]],
  // The seventh step begins a round that does not end.
  ['abababa', [[0, 6, 2, 3]]],
  [
    'abababcdcdcd',
    [
      [0, 6, 2, 3],
      [6, 12, 2, 3],
    ],
  ],
  ['abcdefgh'.repeat(3), [[0, 24, 8, 3]]],
  ['abcdefghi'.repeat(3), []],
])('rounds of %s', (keys, expected) => {
  expect(cycles(keys)).toEqual(expected);
});

test('streaks cover everything, each with one key', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b')), (keys) => {
      const streaks = findStreaks(keys);
      expect(streaks.reduce((sum, { repeats }) => sum + repeats, 0)).toBe(keys.length);
      for (const { from, to } of streaks) expect(new Set(keys.slice(from, to)).size).toBe(1);
    }),
  );
});

test('what is called a cycle repeats, and no two of them overlap', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 60 }), (keys) => {
      let end = 0;
      for (const { from, to, period, repeats } of findCycles(keys, 2)) {
        expect(from).toBeGreaterThanOrEqual(end);
        expect(to - from).toBe(period * repeats);
        const round = keys.slice(from, from + period).join('');
        expect(keys.slice(from, to).join('')).toBe(round.repeat(repeats));
        end = to;
      }
    }),
  );
});

test('a round is called the same wherever it begins', () => {
  expect(toSignature(['read', 'edit', 'test'])).toBe('edit > test > read');
  expect(toSignature(['test', 'read', 'edit'])).toBe('edit > test > read');
});
