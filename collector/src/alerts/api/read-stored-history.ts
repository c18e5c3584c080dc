/**
 * What a rule of no runs is tried on: the values that its own evaluations stored, or those of another rule that looks at
 * the same. Nothing else is kept of that past.
 */
import { budgetLabel } from '../../budgets/budget-rules.ts';
import type { AlertRule, AlertMetric } from '../../contract.ts';
import { readRuleValues } from '../../store/read-rule-values.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { AlertSettings, KnownRule } from '../alert-settings.ts';
import type { BacktestInput } from '../backtest/backtest.ts';
import { defaultRules } from '../default-rules.ts';
import type { TimedRule } from '../timed-rule.ts';
import type { Range } from './read-history.ts';

/** Null when nothing is stored. @param timed as `toTried` gives it */
export async function readStoredHistory(
  reader: Reader,
  { projectId, rules }: AlertSettings,
  timed: TimedRule,
  { fromMs, toMs }: Range,
): Promise<BacktestInput | null> {
  const source = findSource(timed.rule, rules);
  if (source === undefined) return null;
  const { rule, hash } = source;
  const ask = { ruleId: rule.id, hash, fromMs, toMs, stepMs: timed.intervalMs };
  const all = await readRuleValues(reader, projectId, ask);
  const rows = all.filter(({ isSame }) => isSame || measuredTheSame(source));
  if (rows.length === 0) return null;
  const samples = rows.map((row) => row.samples);
  return {
    projectId,
    series: {
      timesMs: rows.map(({ atMs }) => atMs),
      groups: [
        {
          group: '',
          value: rows.map(({ value }) => value),
          samples,
          // How many of them were bad is not stored.
          bad: samples,
          pricedShare: null,
        },
      ],
      otherGroups: 0,
    },
    hours: new Map(),
    burn: [],
  };
}

/** The rule itself before any other. */
function findSource(rule: AlertRule, rules: readonly KnownRule[]): KnownRule | undefined {
  const alike = rules.filter((known) => looksAtTheSame(known.rule, rule));
  return alike.find((known) => known.rule.id === rule.id) ?? alike[0];
}

/** The others tell how things are at the time, however long the window. */
const ofTheWindow: ReadonlySet<AlertMetric> = new Set<AlertMetric>([
  'rejected_share',
  'unpriced_share',
  'dead_letters',
]);

function looksAtTheSame(a: AlertRule, b: AlertRule): boolean {
  return (
    a.metric === b.metric &&
    (a.window === b.window || !ofTheWindow.has(a.metric)) &&
    a.labels[budgetLabel] === b.labels[budgetLabel]
  );
}

/** With another hash the rule may have looked at something else. Those that ship, and those of budgets, never did. */
function measuredTheSame({ rule, origin }: KnownRule): boolean {
  if (origin === 'budget') return true;
  return defaultRules.some((shipped) => shipped.id === rule.id && looksAtTheSame(shipped, rule));
}
