import { createContextKey, type Context } from '@opentelemetry/api';
import type { Usage } from './facts.ts';

/**
 * How much the model calls inside one `within` may use. Reported, never enforced.
 *
 * @example within({ budget: { unit: 'tokens', limit: 50_000 } }, () => answer(question));
 */
export type Budget = { readonly unit: 'tokens' | 'usd'; readonly limit: number };

/** A mark that has just been passed. */
export type BudgetMark = Budget & { readonly used: number };

type Ledger = { readonly budget: Budget; used: number; marks: number[]; readonly outer?: Ledger };

const budgetKey = createContextKey('orchescope.budget');

export const withBudget = (ctx: Context, budget: Budget): Context => {
  const outer = ctx.getValue(budgetKey) as Ledger | undefined;
  const ledger: Ledger = { budget, used: 0, marks: [0.5, 0.8, 1], ...(outer && { outer }) };
  return ctx.setValue(budgetKey, ledger);
};

/** Books one model call on every budget around it, and tells which marks that passed. */
export const spend = (ctx: Context, usage: Usage | undefined, costUsd: unknown): BudgetMark[] => {
  const passed: BudgetMark[] = [];
  const tokens = (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
  const usd = typeof costUsd === 'number' ? costUsd : 0;
  let ledger = ctx.getValue(budgetKey) as Ledger | undefined;
  for (; ledger; ledger = ledger.outer) {
    const { budget } = ledger;
    ledger.used += budget.unit === 'tokens' ? tokens : usd;
    const { used } = ledger;
    const ahead = ledger.marks.filter((mark) => used < mark * budget.limit);
    if (ahead.length < ledger.marks.length) passed.push({ ...budget, used });
    ledger.marks = ahead;
  }
  return passed;
};
