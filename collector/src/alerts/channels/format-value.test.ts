import { expect, test } from 'vitest';
import { formatTime, formatValue } from './format-value.ts';

test.each([
  [0, 'ms', '0 ms'],
  [812.34, 'ms', '812 ms'],
  [18_234, 'ms', '18.2 s'],
  [192_000, 'ms', '3 min 12 s'],
  [7_500_000, 'ms', '2 h 5 min'],
  [90, 's', '1 min 30 s'],
  [0.1234, 'share', '12.3 %'],
  [0, 'share', '0 %'],
  [12.4, 'usd', '$12.40'],
  [0.00042, 'usd', '$0.00042'],
  [-3, 'usd', '-$3.00'],
  [1_234_567, 'count', '1,234,567'],
  [3, 'count', '3'],
  [12_345, 'tokens', '12,345 tokens'],
  [41.26, 'tokens/s', '41.3 tokens/s'],
  [null, 'ms', 'no value'],
  [Number.NaN, 'ms', 'no value'],
  [Infinity, 'share', 'beyond measure'],
])('%s of %s is %s', (value, unit, text) => {
  expect(formatValue(value, unit)).toBe(text);
});

test('a time says its zone', () => {
  expect(formatTime(Date.UTC(2026, 10, 21, 10, 3))).toBe('2026-11-21 10:03:00 UTC');
  expect(formatTime(Number.NaN)).toBe('1970-01-01 00:00:00 UTC');
});
