import type { AlertRuleStatus, SilenceMatcher } from 'orchescope/contract';
import { expect, test } from 'vitest';
import { countHeldBack, startMatchers } from './matchers.ts';

const rules = [
  {
    rule: {
      id: 'slow-agents',
      severity: 'critical',
      metric: 'agent_latency',
      labels: { team: 'ops' },
    },
    instances: [
      { group: 'planner', incidentId: '1' },
      { group: 'coder-a', incidentId: '2' },
      { group: 'coder-b', incidentId: null },
    ],
  },
  {
    rule: { id: 'errors', severity: 'warning', metric: 'error_rate', labels: {} },
    instances: [{ group: '', incidentId: '3' }],
  },
] as unknown as AlertRuleStatus[];

const held = (...matchers: [string, SilenceMatcher['operator'], string][]): number =>
  countHeldBack(
    matchers.map(([name, operator, value]) => ({ name, operator, value })),
    rules,
  ).held;

test.each([
  ['a rule', held(['rule', '=', 'slow-agents']), 2],
  ['one group of it', held(['rule', '=', 'slow-agents'], ['group', '=', 'planner']), 1],
  ['a group that does not fire', held(['group', '=', 'coder-b']), 0],
  ['all but one', held(['group', '!=', 'planner']), 2],
  ['a pattern', held(['group', '=~', 'coder*']), 1],
  ['a pattern with a piece in the middle', held(['group', '=~', '*lan*r']), 1],
  ['pieces that would have to overlap', held(['group', '=~', 'plan*nner']), 0],
  ['a pattern without a star is the text', held(['group', '=~', 'plan']), 0],
  ['whatever is not like it', held(['group', '!~', '*']), 0],
  ['a label', held(['team', '=', 'ops']), 2],
  ['a label that is not there is empty', held(['team', '=', '']), 1],
  ['a name that every object has', held(['constructor', '=', '']), 3],
])('%s', (_, count, wanted) => {
  expect(count).toBe(wanted);
});

test('a silence begins with what the link says', () => {
  expect(startMatchers({ rule: 'errors', group: 'a b', severity: '', metric: '' })).toEqual([
    { name: 'rule', operator: '=', value: 'errors' },
    { name: 'group', operator: '=', value: 'a b' },
  ]);
  expect(startMatchers({ rule: '', group: '', severity: '', metric: '' })).toHaveLength(1);
});
