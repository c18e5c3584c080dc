/** Door: a rule with its times as numbers, made once when the rule is read. */
import type { AlertRule } from '../contract.ts';

export type TimedRule = {
  readonly rule: AlertRule;
  readonly windowMs: number;
  readonly intervalMs: number;
  readonly forMs: number;
  readonly keepFiringMs: number;
  readonly absentForMs: number;
  readonly repeatEveryMs: number;
  readonly groupEveryMs: number;
};

const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** @param text as the contract's `alertDuration` */
export function toMs(text: string): number {
  return Number(text.slice(0, -1)) * (unitMs[text.slice(-1)] ?? 0);
}

export function toTimedRule(rule: AlertRule): TimedRule {
  const windowMs = toMs(rule.window);
  return {
    rule,
    windowMs,
    intervalMs: toMs(rule.interval),
    forMs: toMs(rule.for),
    keepFiringMs: rule.keepFiring === null ? windowMs : toMs(rule.keepFiring),
    absentForMs: rule.absentFor === null ? 2 * windowMs : toMs(rule.absentFor),
    repeatEveryMs: toMs(rule.repeatEvery),
    groupEveryMs: toMs(rule.groupEvery),
  };
}
