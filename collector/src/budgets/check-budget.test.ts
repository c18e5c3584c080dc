import { expect, test } from 'vitest';
import type { Budget } from '../contract.ts';
import { checkBudgets, fits } from './check-budget.ts';
import { toState } from './read-status.ts';

const budget = (changes: Partial<Budget> = {}): Budget => ({
  id: 'refunds',
  title: 'Refunds',
  filter: '',
  amountUsd: '10',
  period: 'month',
  timeZone: 'UTC',
  alertAt: [0.5, 0.8, 1],
  alertOnForecast: true,
  channels: [],
  owner: '',
  enabled: true,
  ...changes,
});
const asked = { workflow: 'Refund', agent: 'planner', user: 'ann' };

test.each<[filter: string, expected: boolean]>([
  ['', true],
  ['workflow:refund', true],
  ['workflow:ref*', true],
  ['workflow:*fun*', true],
  ['workflow:"ref*"', false],
  ['workflow:report', false],
  ['-workflow:report', true],
  ['workflow:refund agent:writer', false],
  ['user:Ann', false],
  // A caller cannot say what environment it is in, nor what it will cost.
  ['environment:production', false],
  ['cost>1', false],
])('a budget for %j fits: %s', (filter, expected) => {
  expect(fits(budget({ filter }), asked)).toBe(expected);
});

test('a budget that is off fits nothing', () => {
  expect(fits(budget({ enabled: false }), asked)).toBe(false);
});

test.each<[amount: string, spent: number, usd: number, allowed: boolean, remaining: string]>([
  ['10', 4, 0, true, '6.000000'],
  ['10', 4, 6, true, '6.000000'],
  ['10', 4, 6.01, false, '6.000000'],
  ['10', 10, 0, false, '0.000000'],
  ['10', 12, 1, false, '0.000000'],
  ['0', 0, 0, false, '0.000000'],
  ['0', 0, 0.1, false, '0.000000'],
])('of $%s with $%d spent, $%d more is allowed: %s', (amountUsd, spentUsd, usd, allowed, left) => {
  const answer = checkBudgets([{ budget: budget({ amountUsd }), spentUsd }], usd);
  expect(answer).toMatchObject({ allowed, remainingUsd: left, budget: 'refunds' });
});

test('the budget with the least left decides, and says why', () => {
  const answer = checkBudgets(
    [
      { budget: budget({ id: 'wide', amountUsd: '100' }), spentUsd: 4 },
      { budget: budget({ id: 'tight', title: 'Tight', amountUsd: '5' }), spentUsd: 4.5 },
    ],
    1,
  );
  expect(answer).toMatchObject({ allowed: false, budget: 'tight' });
  expect(answer.reason).toBe(
    'Tight: $4.50 of $5.00 are spent, and $1.00 is more than the $0.50 that are left.',
  );
});

test('where no budget is set everything is allowed', () => {
  expect(checkBudgets([], 5)).toMatchObject({ allowed: true, remainingUsd: null });
});

test.each<[amount: string, spent: number, state: string]>([
  ['10', 4, 'within'],
  ['10', 5, 'warned'],
  ['10', 10, 'exceeded'],
  ['0', 0, 'within'],
  ['0', 0.01, 'exceeded'],
])('of $%s with $%d spent it is %s', (amountUsd, spent, state) => {
  expect(toState(budget({ amountUsd }), spent)).toBe(state);
});
