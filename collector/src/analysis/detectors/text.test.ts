import { expect, test } from 'vitest';
import {
  plural,
  toCount,
  toDuration,
  toFactor,
  toList,
  toName,
  toPercent,
  toTimes,
  toUsd,
} from './text.ts';

test.each([
  [0, '0 ms'],
  [0.2, 'under 1 ms'],
  [820.4, '820 ms'],
  [999.6, '1 s'],
  [12_440, '12.4 s'],
  [59_990, '1 min'],
  [185_000, '3 min 5 s'],
  [3_600_000, '1 h'],
  [7_800_000, '2 h 10 min'],
  [86_400_000 * 3 + 3_600_000 * 4, '3 d 4 h'],
])('%d ms is said as %s', (ms, expected) => {
  expect(toDuration(ms)).toBe(expected);
});

test.each([
  [0n, '$0'],
  [1n, 'under $0.000001'],
  [31_000_000_000n, '$0.031'],
  [1_234_567_890n, '$0.0012'],
  [99_999_000_000n, '$0.10'],
  [1_200_000_000_000n, '$1.20'],
  [1_204_500_000_000_000n, '$1,204.50'],
])('%d trillionths are said as %s', (cost, expected) => {
  expect(toUsd(cost)).toBe(expected);
});

test('counts, shares and ratios are said shortly', () => {
  expect([8120, 1_234_567, 12].map(toCount)).toEqual(['8,120', '1,234,567', '12']);
  expect([plural(1, 'call'), plural(7, 'try', 'tries')]).toEqual(['1 call', '7 tries']);
  expect([1, 2, 7].map(toTimes)).toEqual(['once', 'twice', '7 times']);
  expect([0.425, 0.05, 1].map(toPercent)).toEqual(['43 %', '5 %', '100 %']);
  expect([1.94, 12.3, 3].map(toFactor)).toEqual(['1.9', '12', '3']);
});

test('a list names five and counts the rest', () => {
  expect(toList([])).toBe('');
  expect(toList(['a'])).toBe('a');
  expect(toList(['a', 'b', 'c'])).toBe('a, b and c');
  expect(toList([...'abcdefg'])).toBe('a, b, c, d, e and 2 more');
});

test.each([
  ['line\nbreaks\u0000 and\ttabs', 'line breaks and tabs'],
  ['text that \u202Eturns round', 'text that turns round'],
  ['zero\u200Bwidth', 'zero width'],
  ['half a letter \uD800', 'half a letter'],
  [' ', ''],
])('a hostile name is made harmless: %j', (name, expected) => {
  expect(toName(name)).toBe(expected);
});

test('a long name is cut between letters', () => {
  const name = toName('😀'.repeat(1_000_000));
  expect([...name]).toHaveLength(80);
  expect(name.endsWith('😀…')).toBe(true);
});
