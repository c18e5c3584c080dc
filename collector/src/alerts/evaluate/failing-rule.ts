/** The rule about rules: one message a project when some cannot be evaluated, not one for each. */
import { alertRule, type AlertRule } from '../../contract.ts';
import type { KnownRule } from '../alert-settings.ts';
import { hashOfRule } from '../settings/hash-of-rule.ts';

/** No rule of a user can be called so. */
export const failingRuleId = 'rules:failing';

const rule: AlertRule = {
  ...alertRule.parse({
    id: 'failing',
    title: 'Rules cannot be evaluated',
    description: 'Their page says why. They keep their state until they can be evaluated again.',
    metric: 'evaluation_age',
    window: '1m',
    condition: { type: 'threshold', alert: 0, recover: 0 },
    minSamples: 0,
    keepFiring: '1m',
    severity: 'warning',
  }),
  id: failingRuleId,
};

/** Its value: seconds since the rule that failed longest was evaluated well; 0 while none has failed too often. */
export const failingRule: KnownRule = {
  rule,
  origin: 'default',
  file: '',
  hash: hashOfRule(rule),
  changedAtMs: null,
  changedBy: '',
};
