import { expect, test } from 'vitest';
import { toBurnDown } from './burn-down.ts';

const plot = { width: 100, height: 100 };
const day = (spentUsd: string | null, expected: readonly [string, string, string] | null) => ({
  day: '2026-11-21',
  spentUsd,
  lowUsd: expected?.[0] ?? null,
  expectedUsd: expected?.[1] ?? null,
  highUsd: expected?.[2] ?? null,
});

test('what is spent goes to today, what is expected goes on from there, inside its band', () => {
  const days = [day('1', null), day('2', ['2', '3', '4']), day(null, ['3', '5', '8'])];
  expect(toBurnDown(days, '6', plot)).toEqual({
    ticks: [0, 2, 4, 6, 8],
    top: 8,
    spent: 'M0 87.5L50 75',
    expected: 'M50 62.5L100 37.5',
    band: 'M50 50L100 0L100 62.5L50 75z',
    amountY: 25,
  });
});

test('of nothing spent and a budget of zero there is a chart too', () => {
  expect(toBurnDown([day('0', null)], '0', plot)).toMatchObject({
    spent: 'M50 100',
    band: '',
    amountY: 100,
  });
});
