/** Firing that begins and ends all the time: said once, instead of each time. */
import type { TimedRule } from '../timed-rule.ts';

const evaluations = 21;
const changesOfFlapping = 6;

/** @returns the same array when none is too old */
export function recentChanges(
  { intervalMs }: TimedRule,
  changes: readonly number[],
  atMs: number,
): readonly number[] {
  const fromMs = atMs - evaluations * intervalMs;
  return changes.some((change) => change <= fromMs)
    ? changes.filter((change) => change > fromMs)
    : changes;
}

/** Once begun it is over when nothing changed in as many evaluations: whoever hears that it is over can trust it. */
export function isFlapping(was: boolean, changes: readonly number[]): boolean {
  return was ? changes.length > 0 : changes.length >= changesOfFlapping;
}
