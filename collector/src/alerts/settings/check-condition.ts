/** Whether what a rule holds its value against can be met at all. */
import type { AlertCondition, AlertRule } from '../../contract.ts';
import { toMs } from '../timed-rule.ts';
import { hasBad, sourceOf, unitOf } from './metric-facts.ts';

type Of<T extends AlertCondition['type']> = Extract<AlertCondition, { type: T }>;

const [hour, day] = [3_600_000, 86_400_000];

export function checkCondition(rule: AlertRule): string[] {
  const { condition, metric } = rule;
  if (sourceOf(metric) === null && condition.type !== 'threshold') {
    return [`condition.type: ${metric} has no past to compare with. Choose threshold.`];
  }
  switch (condition.type) {
    case 'threshold':
      return [...checkSides(condition), ...checkShare(condition, unitOf(metric, rule.aggregation))];
    case 'ratio':
      return [...checkSides(condition), ...checkPast(condition, toMs(rule.window))];
    case 'burn_rate':
      return checkBurnRate(condition, rule);
    case 'seasonal':
    case 'absence':
      return [];
    default:
      return condition satisfies never;
  }
}

/** Equal is allowed: of counts, 0 is over at 0. */
function checkSides({
  direction,
  alert,
  target,
  recover,
}: Of<'threshold'> | Of<'ratio'>): string[] {
  const isAbove = direction === 'above';
  const side = isAbove ? 'at or below' : 'at or above';
  const isBeyond = (value: number | null): boolean =>
    value !== null && (isAbove ? value > alert : value < alert);
  return [
    ...(isBeyond(recover)
      ? [`condition.recover: choose a value ${side} ${alert}, or it is over while it still fires.`]
      : []),
    ...(isBeyond(target)
      ? [`condition.target: choose a value ${side} ${alert}, or what is wanted fires.`]
      : []),
  ];
}

function checkShare({ direction, alert }: Of<'threshold'>, unit: string): string[] {
  if (unit !== 'share') return [];
  if (alert < 0 || alert > 1) {
    return ['condition.alert: a share is from 0 to 1; for 5 % write 0.05.'];
  }
  return direction === 'above' && alert === 1
    ? ['condition.alert: a share is never above 1. Choose less.']
    : [];
}

function checkPast({ over, minHours }: Of<'ratio'>, windowMs: number): string[] {
  const overMs = toMs(over);
  return [
    ...(overMs < day || overMs > 28 * day ? ['condition.over: choose from 1d to 28d.'] : []),
    ...(overMs <= windowMs ? ['condition.over: choose one longer than the window.'] : []),
    ...(minHours * hour > overMs
      ? [`condition.minHours: ${over} has ${Math.floor(overMs / hour)} hours. Choose no more.`]
      : []),
  ];
}

function checkBurnRate({ objective, pairs }: Of<'burn_rate'>, rule: AlertRule): string[] {
  if (!hasBad(rule.metric)) {
    return [
      `condition.type: a burn rate needs samples that are good or bad, and ${rule.metric} has none. Choose threshold.`,
    ];
  }
  const wrongAggregation =
    rule.aggregation === 'value' ? [] : ['aggregation: a burn rate is of the value. Choose value.'];
  const most = Number((1 / (1 - objective)).toFixed(3));
  return [
    ...wrongAggregation,
    ...pairs.flatMap(({ long, short, factor }, place) => {
      const at = `condition.pairs.${place}`;
      return [
        ...(toMs(long) > 30 * day ? [`${at}.long: choose 30d at most.`] : []),
        ...(toMs(short) < toMs(rule.interval)
          ? [`${at}.short: choose one at least as long as the interval.`]
          : []),
        ...(toMs(short) >= toMs(long) ? [`${at}.short: choose one shorter than ${long}.`] : []),
        ...(factor >= most
          ? [`${at}.factor: when all is bad, the budget burns ${most} times as fast. Choose less.`]
          : []),
      ];
    }),
  ];
}
