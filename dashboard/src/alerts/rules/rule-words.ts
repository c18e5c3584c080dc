/** A rule and its states as people read them. */
import type {
  AlertAggregation,
  AlertInstance,
  AlertRule,
  AlertRuleStatus,
  AlertState,
} from 'orchescope/contract';
import type { RuleStateFilter } from '../../routes.ts';
import { formatInUnit } from '../../ui/chart/unit-text.ts';
import { groupLabels, metricFacts } from './metric-facts.ts';

export const stateLabels: Readonly<Record<AlertState, string>> = {
  normal: 'OK',
  pending: 'Pending',
  recovering: 'Recovering',
  firing: 'Firing',
  nodata: 'No data',
  error: 'Failed',
  paused: 'Off',
};

export const stateMeanings: Readonly<Record<AlertState, string>> = {
  normal: 'Nothing is beyond the threshold',
  pending: 'Beyond the threshold, not yet for long enough to tell anybody',
  recovering: 'Past the recovery line, not yet for long enough to be over',
  firing: 'Beyond the threshold',
  nodata: 'Nothing arrived to judge',
  error: 'It could not be evaluated',
  paused: 'It is not evaluated',
};

export const aggregationLabels: Readonly<Record<AlertAggregation, string>> = {
  value: 'its own number',
  p50: 'median',
  p95: '95th percentile',
  p99: '99th percentile',
  mean: 'mean',
  min: 'lowest',
  max: 'highest',
  samples: 'number of samples',
};

/** What its value is counted in. */
export function unitOf({ metric, aggregation }: AlertRule): string {
  return aggregation === 'samples' ? 'count' : metricFacts[metric].unit;
}

/** "15 m" reads better than "15m" inside a sentence. */
export function spell(duration: string): string {
  const [, amount = '', unit = ''] = /^(\d+)([smhd])$/.exec(duration) ?? [];
  return amount === '' ? duration : `${amount} ${unit === 'm' ? 'min' : unit}`;
}

/** "Agent latency by agent over 5 min, above 15 s for 5 min". */
export function describeRule(rule: AlertRule): string {
  const { label } = metricFacts[rule.metric];
  const what =
    rule.aggregation === 'value' ? label : `${label}, ${aggregationLabels[rule.aggregation]},`;
  const by = rule.by === 'none' ? '' : ` by ${groupLabels[rule.by]}`;
  const wait = rule.for.startsWith('0') ? '' : ` for ${spell(rule.for)}`;
  return `${what}${by} over ${spell(rule.window)}, ${describeCondition(rule)}${wait}`;
}

/** "above 15 s", "above 2x the median of the last 7 d", "nothing arrives". */
export function describeCondition(rule: AlertRule): string {
  const { condition } = rule;
  switch (condition.type) {
    case 'threshold':
      return `${condition.direction} ${formatInUnit(condition.alert, unitOf(rule))}`;
    case 'ratio':
      return `${condition.direction} ${formatInUnit(condition.alert, 'ratio')} the median of the last ${spell(condition.over)}`;
    case 'seasonal':
      return condition.direction === 'both'
        ? `${condition.deviations} deviations from what the hour of the week has been`
        : `${condition.deviations} deviations ${condition.direction} what the hour of the week has been`;
    case 'burn_rate':
      return `uses up the budget of ${formatInUnit(condition.objective, 'share')} too fast`;
    case 'absence':
      return 'nothing arrives';
  }
}

const filterStates: Readonly<Record<RuleStateFilter, readonly AlertState[]>> = {
  any: ['normal', 'pending', 'recovering', 'firing', 'nodata', 'error', 'paused'],
  alerting: ['firing', 'recovering', 'pending'],
  quiet: ['normal'],
  unknown: ['nodata', 'error'],
  off: ['paused'],
};

export const filterLabels: Readonly<Record<RuleStateFilter, string>> = {
  any: 'Any state',
  alerting: 'Firing or about to',
  quiet: 'OK',
  unknown: 'No data or failed',
  off: 'Off',
};

const worstFirst: readonly AlertState[] = [
  'firing',
  'recovering',
  'pending',
  'error',
  'nodata',
  'normal',
  'paused',
];

/** Every word must be somewhere in what the row shows; the worst first. */
export function chooseRules(
  rules: readonly AlertRuleStatus[],
  { q, state }: { readonly q: string; readonly state: RuleStateFilter },
): AlertRuleStatus[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return rules
    .filter((status) => filterStates[state].includes(status.state))
    .filter((status) => {
      const text = searched(status);
      return words.every((word) => text.includes(word));
    })
    .toSorted((left, right) => worstFirst.indexOf(left.state) - worstFirst.indexOf(right.state));
}

function searched({ rule }: AlertRuleStatus): string {
  return [
    rule.id,
    rule.title,
    rule.owner,
    rule.severity,
    describeRule(rule),
    rule.filter,
    ...rule.channels,
    ...Object.entries(rule.labels).map(([name, value]) => `${name}:${value}`),
  ]
    .join('\n')
    .toLowerCase();
}

/** Why nobody is told of it, and what else is to be known; empty when nothing is. */
export function marksOf(instance: AlertInstance, { minSamples }: AlertRule): string[] {
  return [
    ...(instance.silenced ? ['Silenced'] : []),
    ...(instance.muted ? ['Muted'] : []),
    ...(instance.inhibited ? ['Held back by another rule'] : []),
    ...(instance.flapping ? ['Flapping'] : []),
    ...(instance.samples > 0 && instance.samples < minSamples
      ? [`${instance.samples} of ${minSamples} samples`]
      : instance.learning
        ? ['Learning']
        : []),
  ];
}

/** What neither ships nor was made here is changed where it comes from. */
export function isProvided({ origin }: AlertRuleStatus): boolean {
  return origin !== 'default' && origin !== 'api';
}

/** "team.yaml", or the budget that it is made of. */
export function sourceText({ origin, file }: AlertRuleStatus): string {
  return origin === 'file' ? file : 'a budget';
}

/** The group that stands for the rule in its row: the worst, as the server sorts them. */
export function worstOf({ instances }: AlertRuleStatus): AlertInstance | null {
  return instances[0] ?? null;
}

/** What a value is counted in, in a row: that of a ratio is held against a multiple of its past. */
export function thresholdText(status: AlertRuleStatus): string {
  const { condition } = status.rule;
  const held = worstOf(status)?.threshold ?? null;
  if (held !== null) return formatInUnit(held, status.unit);
  return condition.type === 'threshold' ? formatInUnit(condition.alert, status.unit) : '';
}
