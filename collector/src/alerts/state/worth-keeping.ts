/** Which groups are remembered until the next evaluation. */
import type { Instance } from '../instance.ts';
import type { TimedRule } from '../timed-rule.ts';
import { graceMs } from './instance-steps.ts';

export function isWorthKeeping(timed: TimedRule, instance: Instance): boolean {
  return (
    keepsTheWell(timed) ||
    instance.core !== 'normal' ||
    instance.over !== null ||
    instance.errors > 0 ||
    instance.changes.length > 0 ||
    instance.learning
  );
}

/**
 * Rules that have to know which groups there were: those that tell of a group that is no longer there, and those that
 * fire so soon that a new group has to be told from one that was well for long.
 */
export function keepsTheWell({ rule, forMs }: TimedRule): boolean {
  if (rule.condition.type === 'absence') return true;
  if (rule.noData === 'show' || rule.noData === 'alert') return true;
  return rule.by !== 'none' && forMs > 0 && forMs < graceMs;
}
