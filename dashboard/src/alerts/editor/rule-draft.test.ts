import { expect, test } from 'vitest';
import { alertRule } from '../../../../collector/src/contract.ts';
import {
  emptyRule,
  fittingConditions,
  freeId,
  fromTemplate,
  isSameRule,
  readLabels,
  startCondition,
  toLabelText,
  toSlug,
  withAggregation,
  withMetric,
  withThreshold,
} from './rule-draft.ts';

const written = { ...emptyRule, id: 'errors', title: 'Errors' };

test('what a new rule begins with is what the server takes', () => {
  expect(alertRule.parse(written)).toEqual(written);
  for (const type of ['threshold', 'ratio', 'seasonal', 'burn_rate', 'absence'] as const) {
    const rule = { ...written, condition: startCondition(type, written) };
    expect(alertRule.parse(rule)).toEqual(rule);
  }
});

test('another metric takes along what fits it, and nothing else', () => {
  const byAgent = { ...written, by: 'agent' as const, filter: 'workflow:refund', minBad: 5 };
  const latency = withMetric(byAgent, 'agent_latency');
  expect(latency).toMatchObject({ by: 'agent', filter: 'workflow:refund', minBad: 0 });
  expect(latency.condition).toMatchObject({ type: 'threshold', alert: 30_000 });
  expect(withMetric(byAgent, 'loop_rate')).toMatchObject({
    by: 'none',
    condition: { alert: 0.1 },
  });
  const platform = withMetric({ ...latency, aggregation: 'p99' }, 'disk_used_share');
  expect(platform).toMatchObject({ by: 'none', filter: '', aggregation: 'value' });
  const burning = { ...written, condition: startCondition('burn_rate', written) };
  expect(withMetric(burning, 'agent_latency').condition.type).toBe('threshold');
  expect(withMetric(burning, 'handoff_success').condition.type).toBe('burn_rate');
});

test('another aggregation keeps the line where the unit stays', () => {
  const latency = withThreshold(withMetric(written, 'agent_latency'), 15_000);
  expect(withAggregation(latency, 'p99').condition).toMatchObject({ alert: 15_000 });
  expect(withAggregation(latency, 'samples').condition).toMatchObject({ alert: 10 });
});

test('a budget is of what is good or bad alone, and the platform has no past', () => {
  expect(fittingConditions('agent_latency')).not.toContain('burn_rate');
  expect(fittingConditions('error_rate')).toContain('burn_rate');
  expect(fittingConditions('wal_age')).toEqual(['threshold']);
});

test('a line that is moved past the others takes them out of its way', () => {
  const rule = {
    ...written,
    condition: { ...written.condition, target: 0.02, recover: 0.08 } as typeof written.condition,
  };
  expect(withThreshold(rule, 0.09).condition).toMatchObject({ recover: 0.08, target: 0.02 });
  expect(withThreshold(rule, 0.05).condition).toMatchObject({ recover: null, target: 0.02 });
  expect(withThreshold(rule, 0.01).condition).toMatchObject({ recover: null, target: null });
});

test('ids are made of titles, and taken ones are left alone', () => {
  expect(toSlug('Agents  are slów!')).toBe('agents-are-slo-w');
  expect(toSlug('***')).toBe('');
  expect(toSlug('x'.repeat(80))).toHaveLength(64);
  expect(freeId('loops', new Set(['loops', 'loops-2']))).toBe('loops-3');
  expect(fromTemplate(written, new Set(['errors']))).toMatchObject({ id: 'errors-2' });
});

test('labels are lines', () => {
  const labels = { team: 'payments', note: 'a = b' };
  expect(readLabels(toLabelText(labels))).toEqual(labels);
  expect(readLabels('\n  team = x \n')).toEqual({ team: 'x' });
  expect(readLabels('team')).toBeNull();
});

test('two rules are the same whatever the order of their keys', () => {
  const turned = Object.fromEntries(Object.entries(written).toReversed()) as typeof written;
  expect(isSameRule(written, turned)).toBe(true);
  expect(isSameRule(written, { ...turned, channels: ['ops'] })).toBe(false);
});
