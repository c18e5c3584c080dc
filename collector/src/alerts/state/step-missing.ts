/** No sample of the group: what the rule says of that. */
import type { Instance } from '../instance.ts';
import type { TimedRule } from '../timed-rule.ts';
import { endInstance } from './end-instance.ts';
import { recentChanges } from './flapping.ts';
import { lastSampleOf, shown, type Step, type StepInput } from './instance-steps.ts';
import { calm, fire, keepBreaching, recover } from './step-core.ts';

const missingOfGone = 2;
/** A group that was renamed or removed never comes back: nobody waits for it longer than a day. */
const forgottenMs = 86_400_000;

export function stepMissing(timed: TimedRule, known: Instance, input: StepInput): Step {
  const { atMs, group } = input;
  const current = notSeen(known, input);
  const { noData } = timed.rule;
  const silentMs = atMs - current.lastSampleMs;
  if (noData === 'alert') return alertWhenAbsent(timed, current, input, silentMs);
  if (group !== '' && isGone(noData, current, silentMs))
    return goneOf(timed, current, atMs, silentMs);
  if (noData === 'ok')
    return current.episode === null
      ? calm(current, atMs)
      : recover(timed, current, atMs, 'no data');
  return noData === 'show' && silentMs >= timed.absentForMs
    ? showAbsent(current, atMs)
    : { instance: current, events: [] };
}

function notSeen(known: Instance, { atMs, previousAtMs }: StepInput): Instance {
  return {
    ...known,
    over: known.over === 'error' ? null : known.over,
    sinceMs: known.over === 'error' ? atMs : known.sinceMs,
    lastSampleMs: lastSampleOf(known, previousAtMs),
    evaluatedAtMs: atMs,
    value: null,
    samples: 0,
    missing: known.missing + 1,
    errors: 0,
  };
}

/** `keep` says that silence means nothing; but not for ever. */
function isGone(noData: 'ok' | 'keep' | 'show', current: Instance, silentMs: number): boolean {
  return noData === 'keep' ? silentMs >= forgottenMs : current.missing >= missingOfGone;
}

/** At once, without the time that a recovery has to last: nothing is left that could come back to the threshold. */
function goneOf(timed: TimedRule, current: Instance, atMs: number, silentMs: number): Step {
  const ended =
    current.core === 'normal'
      ? { instance: current, events: [] }
      : endInstance(current, atMs, 'series gone');
  const { noData } = timed.rule;
  // Only flapping has to be remembered of what is gone.
  const { instance } = ended;
  if (instance === null || silentMs >= forgottenMs) return { ...ended, instance: null };
  if (noData !== 'show' && recentChanges(timed, instance.changes, atMs).length === 0)
    return { ...ended, instance: null };
  if (noData !== 'show' || silentMs < timed.absentForMs) return ended;
  const absent = showAbsent({ ...instance, over: current.over }, atMs);
  return { ...absent, events: [...ended.events, ...absent.events] };
}

function showAbsent(current: Instance, atMs: number): Step {
  return current.over === 'nodata'
    ? { instance: current, events: [] }
    : shown({ ...current, over: 'nodata' }, 'nodata', atMs, 'no data');
}

/** `absentFor` is its waiting: `for` does not come on top. */
function alertWhenAbsent(
  timed: TimedRule,
  current: Instance,
  { projectId, atMs }: StepInput,
  silentMs: number,
): Step {
  if (silentMs < timed.absentForMs) return { instance: current, events: [] };
  const absent = { ...current, threshold: null };
  return absent.episode === null
    ? fire(timed, absent, projectId, atMs, 'no data')
    : keepBreaching(timed, absent, atMs, 'no data');
}
