/** What the document says of budgets. */
import * as contract from '../../contract.ts';
import type { Read, Removal, Sent } from './endpoint.ts';

export const budgetShapes = {
  Budget: contract.budget,
  BudgetChange: contract.budgetChange,
  BudgetCheck: contract.budgetCheck,
  BudgetForecast: contract.budgetForecast,
  BudgetList: contract.budgetList,
  BudgetStatus: contract.budgetStatus,
};
type Shape = keyof typeof budgetShapes;

export const budgetReads: readonly Read<Shape>[] = [
  {
    path: '/budgets',
    summary: 'Budgets, how they stand and what is to be expected',
    query: contract.alertProjectQuery,
    answer: 'BudgetList',
  },
  {
    path: '/budgets/check',
    summary: 'Whether a run may spend, asked before it does',
    query: contract.budgetCheckQuery,
    answer: 'BudgetCheck',
  },
];

export const budgetChanges: readonly Sent<Shape>[] = [
  {
    path: '/budgets',
    summary: 'Takes the place of the budget of that id, or makes it',
    body: 'BudgetChange',
    answer: 'BudgetList',
  },
];

export const budgetRemovals: readonly Removal[] = [
  {
    path: '/budgets/{id}',
    summary: 'Deletes a budget, and the rules that were made of it',
    query: contract.alertProjectQuery,
  },
];
