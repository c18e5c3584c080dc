import type { Budget } from 'orchescope/contract';
import { expect, test } from 'vitest';
import { isProblem, toBudget, toDraft, toId, toProblem, type BudgetDraft } from './budget-draft.ts';

const draft = (options: Partial<BudgetDraft> = {}): BudgetDraft => ({
  ...toDraft(null, 'UTC'),
  title: 'Refunds',
  amountUsd: '250',
  ...options,
});

function made(options: Partial<BudgetDraft>, id: string | null = null): Budget {
  const budget = toBudget(draft(options), id, ['refunds']);
  if (isProblem(budget)) throw new Error(budget.message);
  return budget;
}

test('what is written is what the server is sent, and it reads back the same', () => {
  const budget = made({ alertAt: '100 ,50%, 50, 7', amountUsd: ' $1,250.50 ', filter: ' user:a ' });
  expect(budget).toMatchObject({ id: 'refunds-2', alertAt: [0.07, 0.5, 1], filter: 'user:a' });
  expect(budget.amountUsd).toBe('1250.50');
  expect(made(toDraft(budget, 'Mars'), budget.id)).toEqual(budget);
});

test('a budget of zero may be set, and nobody need be told', () => {
  expect(made({ amountUsd: '0', alertAt: ' ' })).toMatchObject({ amountUsd: '0', alertAt: [] });
});

test.each<[what: string, options: Partial<BudgetDraft>, field: string]>([
  ['no title', { title: ' ' }, 'title'],
  ['words for shares', { alertAt: 'half' }, 'alertAt'],
  ['a share of nothing', { alertAt: '0' }, 'alertAt'],
])('%s is told at its field', (_, options, field) => {
  expect(toBudget(draft(options), null, [])).toMatchObject({ field });
});

test.each<[title: string, id: string]>([
  ['Équipe Zürich: Q4!', 'e-quipe-zu-rich-q4'],
  ['<script>', 'script'],
  ['預算', 'budget'],
  ['x'.repeat(200), 'x'.repeat(56)],
])('%s has the id %s', (title, id) => {
  expect(toId(title, [])).toBe(id);
});

test.each<[code: string, message: string, field: string | null, text: string]>([
  ['invalid_request', 'budget.amountUsd: Write an amount.', 'amountUsd', 'Write an amount.'],
  ['invalid_request', 'budget.channels.0: Use letters.', 'channels', 'Use letters.'],
  ['invalid_filter', 'There is no field colour.', 'filter', 'There is no field colour.'],
  ['invalid_request', 'A project has at most 500.', null, 'A project has at most 500.'],
  ['invalid_request', 'budget.id: Use letters.', null, 'budget.id: Use letters.'],
])('%s, %s is told at %s', (code, message, field, text) => {
  expect(toProblem(code, message)).toEqual({ field, message: text });
});
