import { expect, test } from 'vitest';
import { totalTokens } from './trace-columns.ts';

test('tokens nobody told are not zero tokens', () => {
  expect([totalTokens(null, null), totalTokens(5, null), totalTokens(5, 7)]).toEqual([null, 5, 12]);
});
