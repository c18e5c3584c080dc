import { expect, test } from 'vitest';
import { alertRule, type AlertRule } from '../contract.ts';
import { burnRatePack, burnRatePacks } from './burn-rate-pack.ts';
import { defaultRules, defaultRulesOf, isOfServer } from './default-rules.ts';

function ruleOf(id: string): AlertRule {
  const rule = defaultRules.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`there is no default rule ${id}`);
  return rule;
}

// id | metric by | target alert recover | window/for | samples/bad | no data
const table: [string, string, string, string, string, string][] = [
  ['agent-latency-p95', 'agent_latency by agent', '5000 >15000 12000', '5m/5m', '20/0', 'ok'],
  ['agent-error-rate', 'error_rate by agent', '0.02 >0.1 0.08', '10m/5m', '50/5', 'ok'],
  ['token-cost-per-task', 'token_cost_per_task by workflow', '1 >2 1.6', '1h/10m', '20/0', 'keep'],
  ['loop-rate', 'loop_rate by workflow', '0.01 >0.05 0.04', '30m/5m', '50/3', 'ok'],
  ['handoff-success', 'handoff_success by handoff', '0.95 <0.85 0.88', '30m/5m', '20/0', 'ok'],
  [
    'e2e-latency-p95',
    'end_to_end_latency by workflow',
    '30000 >60000 48000',
    '10m/5m',
    '20/0',
    'ok',
  ],
  ['breaker-opens', 'breaker_opens by breaker', '0 >3 1', '1h/0s', '0/0', 'ok'],
  ['breaker-opened', 'breaker_opens by breaker', '0 >0 0', '1h/0s', '0/0', 'ok'],
  ['ingest-stopped', 'ingest_silence by none', 'null >600 60', '10m/0s', '0/0', 'ok'],
  ['rejected-spans', 'rejected_share by none', '0 >0.001 null', '10m/5m', '1/0', 'ok'],
  ['unpriced-share', 'unpriced_share by none', '0 >0.05 null', '1h/10m', '20/0', 'ok'],
  ['wal-age', 'wal_age by none', '5 >60 null', '1m/0s', '0/0', 'ok'],
  ['disk-full', 'disk_used_share by none', '0.7 >0.85 0.82', '5m/5m', '0/0', 'ok'],
  ['evaluator-stale', 'evaluation_age by none', '60 >180 null', '1m/0s', '0/0', 'ok'],
  ['dead-letters', 'dead_letters by none', '0 >0 0', '1h/0s', '0/0', 'ok'],
];

test.each(table)(
  '%s watches %s: %s, %s, %s, no data %s',
  (id, what, levels, times, least, noData) => {
    const rule = ruleOf(id);
    const { condition } = rule;
    if (condition.type !== 'threshold' && condition.type !== 'ratio')
      throw new Error(condition.type);
    const sign = condition.direction === 'above' ? '>' : '<';
    expect([
      `${rule.metric} by ${rule.by}`,
      `${condition.target} ${sign}${condition.alert} ${condition.recover}`,
      `${rule.window}/${rule.for}`,
      `${rule.minSamples}/${rule.minBad}`,
      rule.noData,
    ]).toEqual([what, levels, times, least, noData]);
  },
);

test('every default is in the table, is on, is evaluated each minute and reads as it is', () => {
  expect(defaultRules.map(({ id }) => id)).toEqual(table.map(([id]) => id));
  for (const rule of [...defaultRules, ...burnRatePacks]) {
    expect(alertRule.parse(rule)).toEqual(rule);
    expect([rule.enabled, rule.interval, rule.aggregation]).toEqual([true, '1m', 'value']);
  }
});

test('cost is held against its own week, and only where nearly all of it is priced', () => {
  const { condition, minPricedShare } = ruleOf('token-cost-per-task');
  expect(condition).toMatchObject({ type: 'ratio', over: '7d', minHours: 24 });
  expect(minPricedShare).toBe(0.95);
});

test('a slow workflow mutes its slow agents', () => {
  expect(ruleOf('agent-latency-p95').inhibitedBy).toEqual(['e2e-latency-p95']);
});

test('what the server has once is watched in the project default alone', () => {
  expect(defaultRules.filter(isOfServer).map(({ id }) => id)).toEqual([
    'rejected-spans',
    'wal-age',
    'disk-full',
    'evaluator-stale',
    'dead-letters',
  ]);
  expect(defaultRulesOf('default')).toEqual(defaultRules);
  const ids = defaultRulesOf('shop').map(({ id }) => id);
  expect(ids).toContain('ingest-stopped');
  expect(ids).toContain('unpriced-share');
  expect(ids).not.toContain('wal-age');
});

test('no factor asks for more than four fifths of everything to be bad', () => {
  const objective = { id: 'x', title: 'X', metric: 'error_rate', by: 'agent' } as const;
  const factors = (share: number): number[] =>
    burnRatePack({ ...objective, objective: share }).flatMap(({ condition }) =>
      condition.type === 'burn_rate' ? condition.pairs.map(({ factor }) => factor) : [],
    );
  expect(factors(0.999)).toEqual([14.4, 6, 1]);
  expect(factors(0.95)).toEqual([14.4, 6, 1]);
  expect(factors(0.9)).toEqual([8, 6, 1]);
  expect(factors(0.5)).toEqual([1.6, 1.6, 1]);
});

test('no id is used twice', () => {
  const ids = [...defaultRules, ...burnRatePacks].map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
});
