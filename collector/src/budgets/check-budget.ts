/** Whether an orchestrator may spend, before it does. Pure. */
import type { Budget, BudgetCheck, BudgetCheckQuery } from '../contract.ts';
import { parseTerms } from '../query/filter.ts';
import { runNumberFields, runTextFields } from '../query/run-filter.ts';

export type Standing = { readonly budget: Budget; readonly spentUsd: number };

/** For so long a caller may keep an answer: spending shows some seconds after it happened anyway. */
const validForSeconds = 10;

/** What the caller can say of itself; a filter on anything else is not known to fit. */
const askedFields: ReadonlySet<string> = new Set(['workflow', 'agent', 'user']);
type Asked = Pick<BudgetCheckQuery, 'workflow' | 'agent' | 'user'>;

/** Budgets that a run of that workflow, agent and user would be counted in, for sure. */
export function fits({ filter, enabled }: Budget, asked: Asked): boolean {
  if (!enabled) return false;
  const fields = { text: runTextFields, number: runNumberFields, attributes: false } as const;
  return parseTerms(filter, fields).every((term) => {
    if (term.type !== 'text' || !askedFields.has(term.field)) return false;
    const value = asked[term.field as keyof Asked];
    const matches = isLike(value, term.value, !term.quoted, term.field !== 'user');
    return term.negated ? !matches : matches;
  });
}

function isLike(value: string, pattern: string, hasStars: boolean, fold: boolean): boolean {
  const [text, wanted] = fold ? [value.toLowerCase(), pattern.toLowerCase()] : [value, pattern];
  if (!hasStars || !wanted.includes('*')) return text === wanted;
  const parts = wanted.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  if (text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > text.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/** The budget with the least left decides. */
export function checkBudgets(standings: readonly Standing[], usd: number): BudgetCheck {
  const [tightest] = standings.toSorted((a, b) => leftOf(a) - leftOf(b));
  if (tightest === undefined) {
    const reason = 'No budget is set for this.';
    return { allowed: true, remainingUsd: null, budget: '', reason, validForSeconds };
  }
  const left = leftOf(tightest);
  // Who does not say how much asks whether anything is left.
  const allowed = usd > 0 ? usd <= left : left > 0;
  return {
    allowed,
    remainingUsd: Math.max(0, left).toFixed(6),
    budget: tightest.budget.id,
    reason: toReason(tightest, left, usd, allowed),
    validForSeconds,
  };
}

const leftOf = ({ budget, spentUsd }: Standing): number => Number(budget.amountUsd) - spentUsd;

function toReason(
  { budget, spentUsd }: Standing,
  left: number,
  usd: number,
  allowed: boolean,
): string {
  const spent = `${toMoney(spentUsd)} of ${toMoney(Number(budget.amountUsd))} are spent`;
  if (allowed) return `${budget.title}: ${spent}, ${toMoney(left)} are left.`;
  if (left <= 0) return `${budget.title}: ${spent}, nothing is left.`;
  return `${budget.title}: ${spent}, and ${toMoney(usd)} is more than the ${toMoney(left)} that are left.`;
}

function toMoney(usd: number): string {
  return `$${usd !== 0 && Math.abs(usd) < 0.01 ? usd.toPrecision(2) : usd.toFixed(2)}`;
}
