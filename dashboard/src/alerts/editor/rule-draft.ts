/** Changes of a rule that is being written: whatever no longer fits after a change becomes something that does. */
import type { AlertAggregation, AlertCondition, AlertMetric, AlertRule } from 'orchescope/contract';
import { hasBad, hasPrices, isPlatform, metricFacts } from '../rules/metric-facts.ts';
import { unitOf } from '../rules/rule-words.ts';

export type ConditionType = AlertCondition['type'];

export const conditionLabels: Readonly<Record<ConditionType, string>> = {
  threshold: 'Beyond a value',
  ratio: 'Beyond a multiple of its own past',
  seasonal: 'Unlike this hour of the week',
  burn_rate: 'Budget used up too fast',
  absence: 'Nothing arrives',
};

/** What a rule is when nobody wrote anything else. */
export const emptyRule: AlertRule = {
  id: '',
  title: '',
  description: '',
  enabled: true,
  metric: 'error_rate',
  aggregation: 'value',
  filter: '',
  by: 'none',
  window: '10m',
  interval: '1m',
  condition: { type: 'threshold', direction: 'above', alert: 0.1, target: null, recover: null },
  for: '5m',
  keepFiring: null,
  minSamples: 20,
  minBad: 0,
  minPricedShare: null,
  noData: 'ok',
  absentFor: null,
  severity: 'warning',
  channels: [],
  repeatEvery: '4h',
  groupEvery: '5m',
  inhibitedBy: [],
  muteTimings: [],
  labels: {},
  runbook: '',
  owner: '',
};

export function fittingAggregations(metric: AlertMetric): AlertAggregation[] {
  const { shape } = metricFacts[metric];
  if (shape === 'fact') return ['value'];
  if (shape === 'active') return ['value', 'samples'];
  return ['value', 'p50', 'p95', 'p99', 'mean', 'min', 'max', 'samples'];
}

export function fittingConditions(metric: AlertMetric): ConditionType[] {
  if (isPlatform(metric)) return ['threshold'];
  return [
    'threshold',
    'ratio',
    'seasonal',
    ...(hasBad(metric) ? (['burn_rate'] as const) : []),
    'absence',
  ];
}

/** A line to begin with, in the unit of the value: the chart says where it ought to be. */
const firstThresholds: Readonly<Record<string, number>> = {
  ms: 30_000,
  s: 600,
  share: 0.1,
  usd: 1,
  tokens: 100_000,
  'tokens/s': 20,
};

export function startCondition(type: ConditionType, rule: AlertRule): AlertCondition {
  switch (type) {
    case 'threshold':
      return {
        type,
        direction: 'above',
        alert: firstThresholds[unitOf(rule)] ?? 10,
        target: null,
        recover: null,
      };
    case 'ratio':
      return {
        type,
        direction: 'above',
        alert: 2,
        target: null,
        recover: null,
        over: '7d',
        minHours: 24,
      };
    case 'seasonal':
      return { type, direction: 'above', deviations: 3, floor: 0, weeks: 4 };
    case 'burn_rate':
      return {
        type,
        objective: 0.95,
        pairs: [
          { long: '1h', short: '5m', factor: 14.4 },
          { long: '6h', short: '30m', factor: 6 },
        ],
      };
    case 'absence':
      return { type };
  }
}

export function withMetric(rule: AlertRule, metric: AlertMetric): AlertRule {
  const unit = unitOf(rule);
  const next: AlertRule = {
    ...rule,
    metric,
    aggregation: fittingAggregations(metric).includes(rule.aggregation)
      ? rule.aggregation
      : 'value',
    by: metricFacts[metric].groups.includes(rule.by) ? rule.by : 'none',
    filter: isPlatform(metric) ? '' : rule.filter,
    minBad: hasBad(metric) ? rule.minBad : 0,
    minPricedShare: hasPrices(metric) ? rule.minPricedShare : null,
  };
  return withUnit(next, unit);
}

export function withAggregation(rule: AlertRule, aggregation: AlertAggregation): AlertRule {
  return withUnit({ ...rule, aggregation }, unitOf(rule));
}

/** Fifteen seconds are no share: another unit needs another line. */
function withUnit(rule: AlertRule, before: string): AlertRule {
  const { type } = rule.condition;
  const fits = fittingConditions(rule.metric).includes(type);
  if (fits && (unitOf(rule) === before || type === 'burn_rate' || type === 'absence')) return rule;
  if (fits && type === 'ratio') return rule;
  return { ...rule, condition: startCondition(fits ? type : 'threshold', rule) };
}

/** Moves the line; the others follow where they would lie on the wrong side of it. */
export function withThreshold(rule: AlertRule, alert: number): AlertRule {
  const { condition } = rule;
  if (condition.type !== 'threshold') return rule;
  const isAbove = condition.direction === 'above';
  const isBeyond = (value: number | null): boolean =>
    value !== null && (isAbove ? value > alert : value < alert);
  return {
    ...rule,
    condition: {
      ...condition,
      alert,
      recover: isBeyond(condition.recover) ? null : condition.recover,
      target: isBeyond(condition.target) ? null : condition.target,
    },
  };
}

/** "Agents are slow!" becomes `agents-are-slow`. */
export function toSlug(title: string): string {
  return title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
    .replace(/^-+|-+$/g, '');
}

/** A template under another name, so that it does not take the place of a rule that is there. */
export function fromTemplate(template: AlertRule, taken: ReadonlySet<string>): AlertRule {
  return { ...template, enabled: true, id: freeId(template.id, taken) };
}

export function freeId(wanted: string, taken: ReadonlySet<string>): string {
  if (wanted === '' || !taken.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) {
    const id = `${wanted.slice(0, 60)}-${number}`;
    if (!taken.has(id)) return id;
  }
}

/** `team=payments`, one a line. */
export function toLabelText(labels: AlertRule['labels']): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}

/** Null when a line has no name. */
export function readLabels(text: string): AlertRule['labels'] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const pairs = lines.map((line) => /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(line));
  if (pairs.includes(null)) return null;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
}

/** The order of keys does not matter: what the server answers may have another. */
export function isSameRule(left: AlertRule, right: AlertRule): boolean {
  return stable(left) === stable(right);
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
