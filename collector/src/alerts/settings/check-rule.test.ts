import { expect, test } from 'vitest';
import type { z } from 'zod';
import { alertRule } from '../../contract.ts';
import { burnRatePacks } from '../burn-rate-pack.ts';
import { defaultRules } from '../default-rules.ts';
import { checkRule, warningsOf, type RuleContext } from './check-rule.ts';

const context: RuleContext = {
  projectId: 'default',
  channels: ['oncall'],
  muteTimings: ['nights'],
  ruleIds: defaultRules.map(({ id }) => id),
};

type Written = z.input<typeof alertRule>;

function ruleWith(change: Partial<Written>): z.output<typeof alertRule> {
  const usual: Written = {
    id: 'r',
    title: 'R',
    metric: 'error_rate',
    condition: { type: 'threshold', alert: 0.1 },
  };
  return alertRule.parse({ ...usual, ...change });
}

test.each([...defaultRules, ...burnRatePacks])('$id makes sense', (rule) => {
  expect(checkRule(rule, context)).toEqual([]);
});

const threshold = (rest: object) => ({ type: 'threshold', alert: 0.1, ...rest }) as const;

const wrong: [string, Partial<Written>, string][] = [
  ['a group it has not', { by: 'queue' }, 'by: error_rate cannot be told by queue. Choose none, '],
  [
    'the p95 of what is open',
    { metric: 'active_runs', aggregation: 'p95', condition: threshold({ alert: 5 }) },
    'aggregation: active_runs has no p95. Choose value or samples.',
  ],
  [
    'a platform metric with a group',
    { metric: 'wal_age', by: 'agent' },
    'by: wal_age cannot be told by agent. Choose none.',
  ],
  [
    'a platform metric with a filter',
    { metric: 'wal_age', filter: 'agent:a' },
    'filter: wal_age is of no runs that could be filtered. Leave the filter empty.',
  ],
  [
    'a platform metric with a past',
    { metric: 'wal_age', condition: { type: 'absence' } },
    'condition.type: wal_age has no past to compare with. Choose threshold.',
  ],
  ['an open quote', { filter: 'agent:"a' }, 'filter: Close the quote. (Characters 7 to 8.)'],
  [
    'an unknown field',
    { filter: 'colour:red' },
    'filter: There is no field colour. Use workflow, ',
  ],
  ['no window', { window: '0s' }, 'window: choose 10s or more.'],
  ['no interval', { interval: '0s' }, 'interval: choose 10s or more.'],
  ['a window of 31 days', { window: '31d' }, 'window: choose 30d at most.'],
  [
    'a window shorter than the interval',
    { window: '1m', interval: '5m' },
    'window: choose one at least as long as the interval, or what lies between is never seen.',
  ],
  [
    'an absence of one window',
    { window: '10m', absentFor: '10m' },
    'absentFor: choose at least two windows, or every quiet moment counts.',
  ],
  [
    'reminders each second',
    { repeatEvery: '1s' },
    'repeatEvery: choose 1m or more, or 0s for never.',
  ],
  [
    'recovery beyond the alert',
    { condition: threshold({ recover: 0.2 }) },
    'condition.recover: choose a value at or below 0.1, or it is over while it still fires.',
  ],
  [
    'recovery beyond the alert, below',
    { condition: threshold({ direction: 'below', recover: 0.05 }) },
    'condition.recover: choose a value at or above 0.1, or it is over while it still fires.',
  ],
  [
    'a target that fires',
    { condition: threshold({ target: 0.2 }) },
    'condition.target: choose a value at or below 0.1, or what is wanted fires.',
  ],
  [
    'a share in per cent',
    { condition: threshold({ alert: 5 }) },
    'condition.alert: a share is from 0 to 1; for 5 % write 0.05.',
  ],
  [
    'more than all',
    { condition: threshold({ alert: 1 }) },
    'condition.alert: a share is never above 1. Choose less.',
  ],
  [
    'more hours than there are',
    { condition: { type: 'ratio', alert: 2, over: '1d', minHours: 48 } },
    'condition.minHours: 1d has 24 hours. Choose no more.',
  ],
  [
    'a burn rate of latency',
    { metric: 'agent_latency', condition: { type: 'burn_rate', objective: 0.9 } },
    'condition.type: a burn rate needs samples that are good or bad, and agent_latency has none. Choose threshold.',
  ],
  [
    'a factor that is never reached',
    {
      condition: {
        type: 'burn_rate',
        objective: 0.9,
        pairs: [{ long: '1h', short: '5m', factor: 10 }],
      },
    },
    'condition.pairs.0.factor: when all is bad, the budget burns 10 times as fast. Choose less.',
  ],
  [
    'pairs the wrong way round',
    {
      condition: {
        type: 'burn_rate',
        objective: 0.9,
        pairs: [{ long: '5m', short: '1h', factor: 2 }],
      },
    },
    'condition.pairs.0.short: choose one shorter than 5m.',
  ],
  [
    'bad samples of a cost',
    { metric: 'cost', condition: threshold({ alert: 5 }), minBad: 1 },
    'minBad: samples of cost are neither good nor bad. Write 0.',
  ],
  [
    'prices of errors',
    { minPricedShare: 0.5 },
    'minPricedShare: error_rate is not made of prices. Write null.',
  ],
  [
    'a mute timing that is not there',
    { muteTimings: ['lunch'] },
    'muteTimings: there is no mute timing "lunch". Make it first.',
  ],
  ['itself', { inhibitedBy: ['r'] }, 'inhibitedBy: a rule cannot mute itself.'],
  [
    'a label that is taken',
    { labels: { severity: 'x' } },
    'labels.severity: every alert has a severity already. Choose another name.',
  ],
];

test.each(wrong)('%s is told', (_, change, sentence) => {
  const [first, ...others] = checkRule(ruleWith(change), context);
  expect(first?.slice(0, sentence.length)).toBe(sentence);
  expect(others).toEqual([]);
});

test('what the server has once is set in one project', () => {
  const rule = ruleWith({ metric: 'wal_age', condition: threshold({ alert: 60 }) });
  expect(checkRule(rule, { ...context, projectId: 'shop' })).toEqual([
    'metric: wal_age is of the whole server. Set this rule in the project default.',
  ]);
});

test('a channel that is not there yet is a warning', () => {
  const rule = ruleWith({ channels: ['oncall', 'pager'], inhibitedBy: ['other'] });
  expect(checkRule(rule, context)).toEqual([]);
  expect(warningsOf(rule, context)).toEqual([
    'channels: there is no channel "pager" yet, so nobody is told there.',
    'inhibitedBy: there is no rule "other" yet.',
  ]);
  expect(warningsOf(ruleWith({}), { ...context, channels: [] })).toEqual([
    'channels: there is no channel yet, so nobody is told.',
  ]);
});
