import { expect, test } from 'vitest';
import { percentile } from './percentile.ts';

const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);

test.each([
  { values: hundred, share: 0.5, is: 50 },
  { values: hundred, share: 0.99, is: 99 },
  { values: hundred, share: 1, is: 100 },
  { values: [7], share: 0.5, is: 7 },
  { values: [], share: 0.5, is: Number.NaN },
])('$share of $values.length values lie below $is', ({ values, share, is }) => {
  expect(percentile(values, share)).toBe(is);
});
