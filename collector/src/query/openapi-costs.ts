/** What the document says of costs, budgets and prices. */
import type { z } from 'zod';
import * as contract from '../contract.ts';

export const costShapes = {
  Budget: contract.budget,
  BudgetChange: contract.budgetChange,
  BudgetCheck: contract.budgetCheck,
  BudgetForecast: contract.budgetForecast,
  BudgetList: contract.budgetList,
  BudgetStatus: contract.budgetStatus,
  CostDimension: contract.costDimension,
  CostFigures: contract.costFigures,
  CostFlag: contract.costFlag,
  CostReport: contract.costReport,
  CostRow: contract.costRow,
  CostTokens: contract.costTokens,
  WasteClass: contract.wasteClass,
  WasteReport: contract.wasteReport,
  WasteRow: contract.wasteRow,
};
type Shape = keyof typeof costShapes;

type Described = { readonly path: string; readonly summary: string };
type Read = Described & { readonly query: z.ZodObject; readonly answer: Shape };
type Sent = Described & { readonly body: Shape; readonly answer: Shape };
type Removal = Described & { readonly query: z.ZodObject };

export const costReads: readonly Read[] = [
  {
    path: '/cost',
    summary: 'What was spent, by one or two dimensions, against the range before',
    query: contract.costQuery,
    answer: 'CostReport',
  },
  {
    path: '/cost/waste',
    summary: 'What was spent for nothing, in classes that add up to no more than was spent',
    query: contract.wasteQuery,
    answer: 'WasteReport',
  },
];

/** Of a room of their own, see `budgets/routes.ts`. */
export const budgetReads: readonly Read[] = [
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

export const budgetChanges: readonly Sent[] = [
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
