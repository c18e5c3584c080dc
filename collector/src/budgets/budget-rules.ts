/** A budget as rules of alerting: one for each share that somebody is told at, and one for the forecast. */
import { alertRule, type AlertRule, type Budget } from '../contract.ts';

/** Name of the label by which a rule says whose budget it watches. */
export const budgetLabel = 'budget';

export function toBudgetRules(budget: Budget): AlertRule[] {
  const shares = [...new Set(budget.alertAt)].sort((a, b) => a - b);
  return [
    ...shares.map((share) => toRule(budget, share)),
    ...(budget.alertOnForecast && budget.period === 'month' ? [toForecastRule(budget)] : []),
  ];
}

/** Rules of budgets are made of them, and are changed with them alone. */
export function isBudgetRule({ metric }: Pick<AlertRule, 'metric'>): boolean {
  return metric === 'budget_used' || metric === 'budget_forecast';
}

function toRule(budget: Budget, share: number): AlertRule {
  const percent = Number((share * 100).toFixed(2));
  return alertRule.parse({
    ...common(budget),
    id: toId(budget, `at-${String(percent).replace('.', '-')}`),
    title: `${budget.title}: ${percent} % of the budget used`,
    metric: 'budget_used',
    severity: share >= 1 ? 'critical' : share >= 0.8 ? 'warning' : 'info',
    condition: { type: 'threshold', direction: 'above', alert: share, recover: share },
  });
}

function toForecastRule(budget: Budget): AlertRule {
  return alertRule.parse({
    ...common(budget),
    id: toId(budget, 'forecast'),
    title: `${budget.title}: more than the budget is expected`,
    metric: 'budget_forecast',
    severity: 'warning',
    // Forecasts waver around a threshold.
    condition: { type: 'threshold', direction: 'above', alert: 1, recover: 0.95 },
    for: '15m',
  });
}

const common = ({ enabled, channels, owner, id }: Budget): Partial<AlertRule> => ({
  enabled,
  channels,
  owner,
  labels: { [budgetLabel]: id },
  window: '5m',
  interval: '1m',
  keepFiring: '0s',
  minSamples: 0,
  repeatEvery: '1d',
  description: 'Made of a budget: change it on the page of costs.',
});

function toId({ id }: Budget, suffix: string): string {
  const start = `budget-${id}`.slice(0, 63 - suffix.length).replace(/-+$/, '');
  return `${start}-${suffix}`;
}
