import { expect, test } from 'vitest';
import { shareInWords, thresholdInWords, wasteInWords } from './waste-words.ts';

test.each([
  [{ ms: 4200, tokens: 1200, usd: '0.03' }, '4.2 s, 1.2k tokens, $0.030'],
  [{ ms: null, tokens: 12, usd: null }, '12 tokens'],
  [{ ms: 0, tokens: 0, usd: '0' }, ''],
  [{ ms: null, tokens: null, usd: null }, ''],
])('waste %j is told as "%s"', (waste, words) => {
  expect(wasteInWords(waste)).toBe(words);
});

test('a threshold says what was measured, and what it was measured against', () => {
  expect(thresholdInWords({ name: 'share', value: 0.8, measured: 0.912345 })).toBe(
    'share: 0.9123 measured, 0.8 is the limit',
  );
  expect(thresholdInWords({ name: 'firstTokenMs', value: 8000, measured: 12_345.6 })).toBe(
    'firstTokenMs: 12,350 measured, 8,000 is the limit',
  );
});

test.each([
  [0, 10, '0 %'],
  [1, 100_000, '< 0.1 %'],
  [31, 1510, '2.1 %'],
  [3, 4, '75 %'],
  [1, 0, ''],
])('%d of %d is "%s"', (part, whole, words) => {
  expect(shareInWords(part, whole)).toBe(words);
});
