/** One group of a rule, one evaluation further: the state table. */
import type { Instance } from '../instance.ts';
import type { TimedRule } from '../timed-rule.ts';
import { endInstance } from './end-instance.ts';
import {
  lastSampleOf,
  newInstance,
  seen,
  shown,
  type Step,
  type StepInput,
} from './instance-steps.ts';
import { stepCore } from './step-core.ts';
import { stepMissing } from './step-missing.ts';
import { isFlapping, recentChanges } from './flapping.ts';
import { isWorthKeeping, keepsTheWell } from './worth-keeping.ts';

const errorsOfError = 3;

/** An evaluation at or before the last one changes nothing, so whoever is not sure may evaluate again. */
export function step(timed: TimedRule, instance: Instance | null, input: StepInput): Step {
  if (instance !== null && !(input.atMs > instance.evaluatedAtMs)) return { instance, events: [] };
  if (isQuiet(timed, instance, input)) return { instance, events: [] };
  const known = instance ?? newInstance(input);
  const result = settle(timed, known, input);
  if (result.instance === null) return result;
  const flapped = withFlapping(timed, result.instance, result.events, input.atMs);
  return isWorthKeeping(timed, flapped.instance) ? flapped : { ...flapped, instance: null };
}

/**
 * Nearly always nothing happens to a group that is well, and it stays the very object it was: neither its last value nor
 * its last evaluation is worth a new state. The evaluation's own row has them.
 */
export function isQuiet(
  timed: TimedRule,
  instance: Instance | null,
  { verdict }: Pick<StepInput, 'verdict'>,
): boolean {
  if (verdict.type !== 'recovered' && verdict.type !== 'inside') return false;
  if (instance === null) return !keepsTheWell(timed);
  return (
    keepsTheWell(timed) &&
    instance.core === 'normal' &&
    instance.over === null &&
    !instance.learning &&
    instance.missing === 0 &&
    instance.errors === 0 &&
    instance.changes.length === 0
  );
}

function settle(timed: TimedRule, known: Instance, input: StepInput): Step {
  if (input.resolvedBy !== null && known.episode !== null) return resolveByHand(known, input);
  const { verdict, atMs } = input;
  if (verdict.type === 'failed') return stepFailed(known, verdict.message, input);
  if (verdict.type === 'missing') return stepMissing(timed, known, input);
  const current = seen(known, verdict, atMs);
  return verdict.type === 'insufficient'
    ? { instance: { ...current, learning: isTold(current, verdict.reason) }, events: [] }
    : stepCore(timed, current, verdict, input);
}

/** Of thousands of groups most have few samples most of the time: they would come and go at each evaluation. */
function isTold({ group, core }: Instance, reason: string): boolean {
  return group === '' || core !== 'normal' || reason !== 'few_samples';
}

/**
 * Whoever resolves has seen the breach of now, so it is not judged; the next evaluation is, as if for the first time.
 * Of a group that is no longer there nothing is left that could begin again.
 */
function resolveByHand(known: Instance, input: StepInput): Step {
  const { resolvedBy, verdict, atMs } = input;
  const reason = `resolved by ${resolvedBy ?? ''}`;
  if (verdict.type === 'failed') return endInstance(notRead(known, input), atMs, reason);
  if (verdict.type === 'missing') return { ...endInstance(known, atMs, reason), instance: null };
  const ended = endInstance(seen(known, verdict, atMs), atMs, reason);
  return verdict.samples > 0 ? ended : { ...ended, instance: null };
}

/** What lies beneath goes on when it can be read again: a store that is away is no recovery. */
function stepFailed(known: Instance, message: string, input: StepInput): Step {
  const failed = notRead(known, input);
  if (failed.errors < errorsOfError || known.over === 'error')
    return { instance: failed, events: [] };
  return shown({ ...failed, over: 'error' }, 'error', input.atMs, message);
}

function notRead(known: Instance, { atMs, previousAtMs }: StepInput): Instance {
  const lastSampleMs = lastSampleOf(known, previousAtMs);
  return { ...known, lastSampleMs, evaluatedAtMs: atMs, errors: known.errors + 1 };
}

function withFlapping(
  timed: TimedRule,
  instance: Instance,
  events: Step['events'],
  atMs: number,
): { readonly instance: Instance; readonly events: Step['events'] } {
  const changes = recentChanges(timed, instance.changes, atMs);
  const flapping = isFlapping(instance.flapping, changes);
  if (changes === instance.changes && flapping === instance.flapping) return { instance, events };
  const next = { ...instance, changes, flapping };
  if (!flapping || instance.flapping) return { instance: next, events };
  const reason = `began or ended ${changes.length} times in 21 evaluations`;
  return { instance: next, events: [...events, ...shown(next, 'flapping', atMs, reason).events] };
}
