import { expect, test } from 'vitest';
import { createBodyBudget } from './body-budget.ts';
import { Refusal } from './refusal.ts';

test('bodies together may hold the limit, and what is given back can be taken again', () => {
  const budget = createBodyBudget(100);
  const [first, second] = [budget.open(), budget.open()];
  first.take(60);
  second.take(40);
  expect(() => second.take(1)).toThrow(Refusal);
  first.giveBack();
  first.giveBack();
  second.take(60);
  expect(() => first.take(1)).toThrow('try again');
});

test('a body that is alone is not held to the limit of all', () => {
  const only = createBodyBudget(100).open();
  only.take(60);
  expect(() => only.take(600)).not.toThrow();
  only.giveBack();
});
