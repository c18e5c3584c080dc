import { expect, test } from 'vitest';
import { formatInUnit, fromTyped, toTyped } from './unit-text.ts';

test.each([
  [4210, 'ms', '4.21 s'],
  [125, 's', '2 m 5 s'],
  [0.12345, 'share', '12.3 %'],
  [1, 'share', '100 %'],
  [0.184, 'usd', '$0.18'],
  [61_234, 'tokens', '61.2k'],
  [3, 'count', '3'],
  [0.1 + 0.2, 'count', '0.3'],
  [41.27, 'tokens/s', '41.3/s'],
  [1.6, 'ratio', '1.6x'],
  [null, 'ms', '–'],
  [Number.NaN, 'share', '–'],
])('%s %s is read as %s', (value, unit, text) => {
  expect(formatInUnit(value, unit)).toBe(text);
});

test('what is typed is what is meant, without the noise of binary fractions', () => {
  expect(toTyped(0.07, 'share')).toBe(7);
  expect(fromTyped(7, 'share')).toBe(0.07);
  expect(fromTyped(12.5, 'ms')).toBe(12_500);
  expect(toTyped(0.29, 'share')).toBe(29);
  expect(fromTyped(toTyped(0.0031, 'usd'), 'usd')).toBe(0.0031);
});
