import { expect, test } from 'vitest';
import { alertRule, type AlertRuleStatus } from '../../../../collector/src/contract.ts';
import { chooseRules, describeRule, marksOf, thresholdText } from './rule-words.ts';

type Written = Parameters<typeof alertRule.parse>[0];
const rule = (more: Written = {}) =>
  alertRule.parse({
    id: 'slow',
    title: 'Agents are slow',
    metric: 'agent_latency',
    condition: { type: 'threshold', alert: 15_000 },
    ...(more as object),
  });

const status = (more: Partial<AlertRuleStatus> = {}): AlertRuleStatus => ({
  rule: rule(),
  origin: 'default',
  file: '',
  unit: 'ms',
  changedAtMs: null,
  changedBy: '',
  state: 'normal',
  instances: [],
  overflow: 0,
  lastEvaluatedAtMs: null,
  error: '',
  strip: [],
  incidentCount: 0,
  notificationCount: 0,
  firingMinutes: 0,
  ...more,
});

test.each([
  [{ by: 'agent', for: '5m' }, 'Agent latency by agent over 5 min, above 15 s for 5 min'],
  [{ aggregation: 'p99', window: '1h' }, 'Agent latency, 99th percentile, over 1 h, above 15 s'],
  [
    { condition: { type: 'ratio', alert: 2 } },
    'Agent latency over 5 min, above 2x the median of the last 7 d',
  ],
  [
    { condition: { type: 'seasonal', direction: 'both' } },
    'Agent latency over 5 min, 3 deviations from what the hour of the week has been',
  ],
  [
    { metric: 'error_rate', condition: { type: 'burn_rate', objective: 0.95 } },
    'Share of agent calls that failed over 5 min, uses up the budget of 95 % too fast',
  ],
  [
    { metric: 'runs_started', window: '30m', condition: { type: 'absence' } },
    'Runs started over 30 min, nothing arrives',
  ],
  [
    { aggregation: 'samples', condition: { type: 'threshold', direction: 'below', alert: 10 } },
    'Agent latency, number of samples, over 5 min, below 10',
  ],
])('%j reads as a sentence', (written, sentence) => {
  expect(describeRule(rule(written))).toBe(sentence);
});

test('rules are found by every word, and the worst come first', () => {
  const quiet = status();
  const firing = status({ state: 'firing', rule: rule({ id: 'loops', title: 'Loops' }) });
  const off = status({ state: 'paused', rule: rule({ id: 'off', owner: 'Ada' }) });
  const all = [quiet, off, firing];
  expect(chooseRules(all, { q: '', state: 'any' })).toEqual([firing, quiet, off]);
  expect(chooseRules(all, { q: 'AGENTS slow', state: 'any' })).toEqual([quiet, off]);
  expect(chooseRules(all, { q: 'ada', state: 'any' })).toEqual([off]);
  expect(chooseRules(all, { q: 'slow nowhere', state: 'any' })).toEqual([]);
  expect(chooseRules(all, { q: '', state: 'alerting' })).toEqual([firing]);
});

test('a row says what its value is held against, and why nobody is told', () => {
  const instance = {
    fingerprint: 'f',
    group: '',
    state: 'firing' as const,
    sinceMs: 0,
    reason: '',
    value: 20_000,
    threshold: 12_500,
    samples: 40,
    silenced: true,
    inhibited: false,
    muted: false,
    flapping: true,
    learning: false,
    incidentId: null,
  };
  expect(thresholdText(status({ instances: [instance] }))).toBe('12.5 s');
  expect(thresholdText(status())).toBe('15 s');
  expect(thresholdText(status({ rule: rule({ condition: { type: 'absence' } }) }))).toBe('');
  expect(marksOf(instance, rule())).toEqual(['Silenced', 'Flapping']);
  const few = { ...instance, silenced: false, flapping: false, samples: 8, learning: true };
  expect(marksOf(few, rule({ minSamples: 50 }))).toEqual(['8 of 50 samples']);
  expect(marksOf({ ...few, samples: 50 }, rule({ minSamples: 50 }))).toEqual(['Learning']);
});
