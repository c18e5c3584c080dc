import { expect, test } from 'vitest';
import { createBodyBudget } from './body-budget.ts';
import { Refusal } from './refusal.ts';

test('bodies together may hold the limit, and what is given back can be taken again', () => {
  const budget = createBodyBudget({ heldBytes: 100, requests: 2 });
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
  const only = createBodyBudget({ heldBytes: 100, requests: 2 }).open();
  only.take(60);
  expect(() => only.take(600)).not.toThrow();
  only.giveBack();
});

test('no more requests are let in than may be under way, and each counts once', () => {
  const budget = createBodyBudget({ heldBytes: 100, requests: 2 });
  const [first, second, third] = [budget.open(), budget.open(), budget.open()];
  first.enter();
  second.enter();
  expect(() => third.enter()).toThrow('More than 2 requests are under way');
  third.giveBack();
  first.giveBack();
  first.giveBack();
  expect(budget.requests()).toBe(1);
  expect(() => budget.open().enter()).not.toThrow();
});

test('what was reserved and not needed can be taken by others', () => {
  const budget = createBodyBudget({ heldBytes: 100, requests: 2 });
  const [first, second] = [budget.open(), budget.open()];
  first.take(90);
  expect(() => second.take(20)).toThrow('Too many large bodies');
  first.giveUp(80);
  second.take(20);
  expect(budget.heldBytes()).toBe(30);
});
