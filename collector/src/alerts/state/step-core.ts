/** The states beneath: normal, pending, firing, recovering. */
import type { Episode, Instance } from '../instance.ts';
import type { Verdict } from '../reading.ts';
import type { TimedRule } from '../timed-rule.ts';
import { endInstance } from './end-instance.ts';
import { episodeIdOf } from './fingerprint.ts';
import { graceMs, shown, type Step, type StepInput } from './instance-steps.ts';

type Sided = Extract<Verdict, { threshold: number | null }>;

export function stepCore(
  timed: TimedRule,
  current: Instance,
  verdict: Sided,
  { projectId, atMs }: StepInput,
): Step {
  const isOpen = current.episode !== null;
  if (verdict.type === 'breach')
    return isOpen
      ? keepBreaching(timed, current, atMs, 'beyond the threshold again')
      : breach(timed, current, projectId, atMs);
  if (!isOpen) return calm(current, atMs);
  return verdict.type === 'recovered'
    ? recover(timed, current, atMs, 'past the recovery line')
    : stayBetween(current);
}

/**
 * Beyond the threshold for `for`, and known for the time of grace, whichever is longer. A rule that waits for nothing was
 * meant to tell at once, of new groups too.
 */
function breach(timed: TimedRule, current: Instance, projectId: string, atMs: number): Step {
  const sinceMs = current.pendingSinceMs ?? atMs;
  const isKnown = timed.forMs === 0 || atMs - current.firstSeenMs >= graceMs;
  if (atMs - sinceMs >= timed.forMs && isKnown)
    return fire(timed, current, projectId, atMs, 'beyond the threshold');
  if (current.core === 'pending') return { instance: current, events: [] };
  const pending: Instance = { ...current, core: 'pending', pendingSinceMs: sinceMs };
  return shown(pending, 'pending', atMs, 'beyond the threshold, not for long enough');
}

export function fire(
  { rule }: TimedRule,
  current: Instance,
  projectId: string,
  atMs: number,
  reason: string,
): Step {
  const { fingerprint, value, threshold } = current;
  const episode: Episode = {
    id: episodeIdOf(projectId, rule.id, fingerprint, atMs),
    startedAtMs: atMs,
    firstValue: value,
    worstValue: value,
    threshold,
  };
  const changes = [...current.changes, atMs];
  const firing: Instance = { ...current, core: 'firing', pendingSinceMs: null, changes, episode };
  return shown(firing, 'firing', atMs, reason);
}

/** The same episode, also when it had begun to recover: whoever was told that it fires need not be told again. */
export function keepBreaching(
  timed: TimedRule,
  current: Instance,
  atMs: number,
  reason: string,
): Step {
  const firing: Instance = {
    ...current,
    core: 'firing',
    recoveringSinceMs: null,
    episode: withWorst(timed, current),
  };
  return current.core === 'recovering'
    ? shown(firing, 'refiring', atMs, reason)
    : { instance: firing, events: [] };
}

/** Nobody heard of it, so nobody hears that it is over. */
export function calm(current: Instance, atMs: number): Step {
  if (current.core === 'normal') return { instance: current, events: [] };
  const reason = 'not beyond the threshold for long enough';
  return {
    instance: { ...current, core: 'normal', sinceMs: atMs, pendingSinceMs: null, reason },
    events: [],
  };
}

export function recover(timed: TimedRule, current: Instance, atMs: number, reason: string): Step {
  const sinceMs = current.recoveringSinceMs ?? atMs;
  if (atMs - sinceMs >= timed.keepFiringMs) return endInstance(current, atMs, reason);
  const recovering: Instance = { ...current, core: 'recovering', recoveringSinceMs: sinceMs };
  return current.core === 'recovering'
    ? { instance: recovering, events: [] }
    : shown(recovering, 'recovering', atMs, reason);
}

/** Neither beyond the one line nor past the other: the state stays, and the time past the recovery line begins anew. */
function stayBetween(current: Instance): Step {
  const instance =
    current.recoveringSinceMs === null ? current : { ...current, recoveringSinceMs: null };
  return { instance, events: [] };
}

function withWorst({ rule }: TimedRule, { episode, value, threshold }: Instance): Episode | null {
  if (episode === null || value === null) return episode;
  const { worstValue } = episode;
  const direction = 'direction' in rule.condition ? rule.condition.direction : 'above';
  return worstValue === null || isWorse(direction, value, worstValue, threshold)
    ? { ...episode, worstValue: value }
    : episode;
}

function isWorse(
  direction: 'above' | 'below' | 'both',
  value: number,
  other: number,
  threshold: number | null,
): boolean {
  if (direction === 'above') return value > other;
  if (direction === 'below') return value < other;
  return Math.abs(value - (threshold ?? 0)) > Math.abs(other - (threshold ?? 0));
}
