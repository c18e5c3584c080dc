/** Alerts as a file holds them: what is not as it would be anyway, always in the same order. */
import { stringify } from 'yaml';
import type { z } from 'zod';
import {
  alertChannel,
  alertCondition,
  alertRule,
  muteTiming,
  type AlertChannel,
  type AlertRule,
  type MuteTiming,
} from '../../contract.ts';
import { alertFileVersion } from './alert-file.ts';

export type Written = {
  readonly project: string;
  readonly rules?: readonly AlertRule[];
  /** Secrets as references. */
  readonly channels?: readonly AlertChannel[];
  readonly muteTimings?: readonly MuteTiming[];
};

/** One rule, to be copied into a file. */
export function toYaml(rule: AlertRule, project = 'default'): string {
  return toAlertsYaml({ project, rules: [rule] });
}

export function toAlertsYaml({
  project,
  rules = [],
  channels = [],
  muteTimings = [],
}: Written): string {
  const file = {
    apiVersion: alertFileVersion,
    ...(project === 'default' ? {} : { project }),
    ...(rules.length === 0 ? {} : { rules: rules.map(toLeanRule) }),
    ...(channels.length === 0
      ? {}
      : { channels: channels.map((channel) => toLean(alertChannel, channel)) }),
    ...(muteTimings.length === 0 ? {} : { muteTimings: muteTimings.map(toLeanTiming) }),
  };
  // Other readers are of YAML 1.1, to which `on` is true and 22:00 a number.
  const forAll = { compat: 'yaml-1.1', aliasDuplicateObjects: false } as const;
  return stringify(file, { ...forAll, lineWidth: 0, singleQuote: true });
}

type Fields = Record<string, unknown>;

function toLeanRule(rule: AlertRule): Fields {
  const lean = toLean(alertRule, rule);
  const condition = toLean(alertCondition, rule.condition);
  const labels = Object.entries(rule.labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...lean,
    condition,
    ...(labels.length === 0 ? {} : { labels: Object.fromEntries(labels) }),
  };
}

function toLeanTiming(timing: MuteTiming): Fields {
  const { element } = muteTiming.shape.intervals;
  const intervals = timing.intervals.map((interval) => toLean(element, interval));
  return { ...toLean(muteTiming, timing), intervals };
}

/** In the order of the schema; without what it would put there itself. */
function toLean(schema: z.ZodType, value: object): Fields {
  const whole = schema.parse(value) as Fields;
  const text = JSON.stringify(whole);
  const isUsual = (name: string): boolean => {
    const { [name]: _, ...others } = whole;
    const parsed = schema.safeParse(others);
    return parsed.success && JSON.stringify(parsed.data) === text;
  };
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !isUsual(name)));
}
