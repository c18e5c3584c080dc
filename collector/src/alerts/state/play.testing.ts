/** Plays evaluations that are written as letters, a minute apart. */
import { alertRule, type AlertRule } from '../../contract.ts';
import type { AlertEvent, Instance } from '../instance.ts';
import type { Verdict } from '../reading.ts';
import { toTimedRule, type TimedRule } from '../timed-rule.ts';
import { fingerprintOf } from './fingerprint.ts';
import { step } from './step.ts';

export const minuteMs = 60_000;
export const startMs = 1_700_000_000_000;

export function ruleOf(given: Partial<AlertRule> = {}): TimedRule {
  return toTimedRule(
    alertRule.parse({
      id: 'slow',
      title: 'Slow',
      metric: 'agent_latency',
      condition: { type: 'threshold', alert: 10, recover: 8 },
      keepFiring: '2m',
      ...given,
    }),
  );
}

/** `B`reach, `I`nside, `R`ecovered, `U`nsure, `M`issing, `F`ailed; `X` = a breach that somebody resolved by hand. */
export const verdictOf: Readonly<Record<string, Verdict>> = {
  B: { type: 'breach', value: 12, threshold: 10, samples: 5 },
  I: { type: 'inside', value: 9, threshold: 10, samples: 5 },
  R: { type: 'recovered', value: 3, threshold: 10, samples: 5 },
  U: { type: 'insufficient', reason: 'few_samples', value: 12, samples: 1 },
  M: { type: 'missing' },
  F: { type: 'failed', message: 'the store is away' },
  X: { type: 'breach', value: 12, threshold: 10, samples: 5 },
};

export type Played = {
  readonly instance: Instance | null;
  readonly events: readonly AlertEvent[];
  /** `firing@3`: at the fourth letter. */
  readonly told: string;
  /** What is shown at the end. */
  readonly state: string;
};

/** @param group empty = the rule has one */
export function play(timed: TimedRule, letters: string, group = ''): Played {
  let instance: Instance | null = null;
  const events: AlertEvent[] = [];
  for (const [index, letter] of [...letters.replaceAll(' ', '')].entries()) {
    const atMs = startMs + index * minuteMs;
    const result = step(timed, instance, {
      projectId: 'default',
      fingerprint: fingerprintOf('default', timed.rule.id, group),
      group,
      verdict: verdictOf[letter] ?? { type: 'missing' },
      atMs,
      previousAtMs: index === 0 ? null : atMs - minuteMs,
      resolvedBy: letter === 'X' ? 'ada' : null,
    });
    instance = result.instance;
    events.push(...result.events);
  }
  const told = events.map(({ kind, atMs }) => `${kind}@${(atMs - startMs) / minuteMs}`).join(' ');
  return { instance, events, told, state: instance?.over ?? instance?.core ?? 'normal' };
}
