import type { Finding, Waste } from '../../run.ts';
import type { RunNode } from '../tree/run-tree.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { hasFailed, numberOf, textOf } from './siblings.ts';
import { nameOr, toCount, toName, toPercent } from './text.ts';
import { toFinding } from './to-finding.ts';
import { noWaste, toWasteText } from './waste.ts';

/** What became of one budget. */
type Budget = {
  /** `tokens`, `usd`, or whatever its sender counts; `turns` for a limit on rounds. */
  readonly unit: string;
  readonly limit: number | null;
  used: number | null;
  /** Something was refused, or ended, because of it. */
  isEnforced: boolean;
  agent: string;
  readonly nodes: RunNode[];
};

const variants: ReadonlySet<string> = new Set(['tokens', 'usd', 'turns']);

export const budgetExhaustedDetector = defineDetector({
  kind: 'budget_exhausted',
  thresholds: {
    share: {
      default: 1,
      min: 0.1,
      max: 100,
      unit: 'share',
      description:
        'Part of a budget that was used. A call that was refused because of a budget counts as all of it.',
    },
  },
  detect(input, { share }) {
    return [...toBudgets(input).values()].flatMap((budget) => {
      const measured = budget.isEnforced ? Math.max(1, usedShare(budget)) : usedShare(budget);
      return measured < share ? [] : [toBudgetFinding(budget, measured, share, input)];
    });
  },
});

function usedShare({ used, limit }: Budget): number {
  return used === null || limit === null || limit <= 0 ? 0 : used / limit;
}

/** A refusal says nothing of which budget: it belongs to the one that was told of, else it stands for itself. */
function toBudgets({ tree }: DetectorInput): ReadonlyMap<string, Budget> {
  const budgets = new Map<string, Budget>();
  const budgetOf = (unit: string, limit: number | null, node: RunNode): Budget => {
    // Workers may have a budget each.
    const key = `${node.agent} ${unit} ${limit}`;
    const known = budgets.get(key);
    if (known !== undefined) return known;
    const budget = { unit, limit, used: null, isEnforced: false, agent: node.agent, nodes: [] };
    budgets.set(key, budget);
    return budget;
  };
  const refusals: { node: RunNode; unit: string }[] = [];
  for (const node of tree.nodes) {
    const unit = refusedUnit(node);
    if (unit !== null) refusals.push({ node, unit });
    for (const { name, attributes } of node.span.events) {
      if (name !== 'orchescope.budget') continue;
      const used = numberOf(attributes, 'orchescope.budget.used');
      const limit = numberOf(attributes, 'orchescope.budget.limit');
      const budget = budgetOf(textOf(attributes, 'orchescope.budget.unit'), limit, node);
      if (used !== null) budget.used = Math.max(budget.used ?? 0, used);
      budget.nodes.push(node);
    }
  }
  const fullest = fullestByAgent(budgets.values());
  for (const { node, unit } of refusals) {
    const told = unit === '' ? (fullest.get(node.agent) ?? fullest.get('')) : undefined;
    const budget = told ?? budgetOf(unit, null, node);
    budget.isEnforced = true;
    budget.agent = node.agent || budget.agent;
    budget.nodes.push(node);
  }
  return budgets;
}

/** Under no name stands the fullest of all. */
function fullestByAgent(budgets: Iterable<Budget>): ReadonlyMap<string, Budget> {
  const fullest = new Map<string, Budget>();
  for (const budget of budgets) {
    for (const agent of [budget.agent, '']) {
      const known = fullest.get(agent);
      if (known === undefined || usedShare(budget) > usedShare(known)) fullest.set(agent, budget);
    }
  }
  return fullest;
}

/** The unit of a budget that ended what the span was to do, '' where it is not told, null where none did. */
function refusedUnit(node: RunNode): string | null {
  const { errorType, events } = node.span;
  for (const { name, attributes } of events) {
    const by = name === 'orchescope.rejected' ? textOf(attributes, 'orchescope.rejected.by') : '';
    const reason =
      name === 'orchescope.terminate' ? textOf(attributes, 'orchescope.terminate.reason') : '';
    if (by === 'budget' || reason === 'budget') return '';
  }
  if (!hasFailed(node) || isPassedOn(node)) return null;
  const type = errorType.slice(0, 200);
  if (/budget_?exceeded|usage_?limit_?exceeded|insufficient_?quota/i.test(type)) return '';
  if (/max_?turns_?exceeded|graph_?recursion|max_?iterations/i.test(type)) return 'turns';
  return null;
}

/** What is below failed of the same: that is where it happened. */
function isPassedOn({ span, children }: RunNode): boolean {
  return children.some((child) => hasFailed(child) && child.span.errorType === span.errorType);
}

function toBudgetFinding(
  budget: Budget,
  measured: number,
  share: number,
  { run }: DetectorInput,
): Finding {
  const waste = overspentOf(budget);
  const over = toWasteText(waste);
  const who = nameOr(budget.agent || run.workflow || run.rootName, 'The run');
  const failed = run.status === 'failed';
  return toFinding({
    kind: 'budget_exhausted',
    variant: variants.has(budget.unit) ? budget.unit : '',
    severity: failed ? 'critical' : 'warning',
    subject: budget.agent || run.workflow || run.rootName,
    sentence: `${who} ${describe(budget)}${over === '' ? '' : `, ${over} too much`}${failed ? ', and the run failed' : ''}.`,
    advice:
      budget.unit === 'turns'
        ? 'See what the last rounds were spent on: give the agent a way to end with what it has, or a higher limit if the work needs it.'
        : 'Let the work shrink before the budget is gone (a smaller model, less context, fewer branches), and answer with what there is when it is.',
    nodes: budget.nodes,
    waste,
    threshold: { name: 'share', value: share, measured },
  });
}

function describe({ unit, used, limit, isEnforced }: Budget): string {
  const end = isEnforced ? ' and was stopped' : '';
  if (unit === 'turns') return 'used up the number of rounds it may take and was stopped';
  if (used === null || limit === null) return 'used up its budget and was stopped';
  const amount =
    unit === 'usd'
      ? `$${toFixed(used)} of $${toFixed(limit)}`
      : `${toCount(used)} of ${toCount(limit)} ${toName(unit)}`;
  return `used ${amount} (${toPercent(used / limit)} of its budget)${end}`;
}

const toFixed = (usd: number): string =>
  usd.toFixed(Math.abs(usd) < 1 ? 4 : 2).replace(/(\.\d\d)0+$/, '$1');

/** What went over the limit; the rest was there to be spent. */
function overspentOf({ unit, used, limit }: Budget): Waste {
  if (used === null || limit === null || used <= limit) return noWaste;
  if (unit === 'tokens') return { ...noWaste, tokens: used - limit };
  if (unit !== 'usd') return noWaste;
  const trillionths = Math.round((used - limit) * 1e12);
  return Number.isSafeInteger(trillionths)
    ? { ...noWaste, costTrillionths: BigInt(trillionths) }
    : noWaste;
}
