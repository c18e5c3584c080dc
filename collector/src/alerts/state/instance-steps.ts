/** What the steps of a group are made of. */
import type { AlertEvent, AlertEventKind, Instance } from '../instance.ts';
import type { Verdict } from '../reading.ts';

export type StepInput = {
  readonly projectId: string;
  readonly fingerprint: string;
  /** Empty when the rule has one. */
  readonly group: string;
  readonly verdict: Verdict;
  /** Of the evaluation. */
  readonly atMs: number;
  /** Of the evaluation of the rule before; null when there was none. */
  readonly previousAtMs: number | null;
  /** Who said of the open episode that it is over; null = nobody. */
  readonly resolvedBy: string | null;
};

/** `instance` is null when nothing is worth keeping of it. */
export type Step = { readonly instance: Instance | null; readonly events: readonly AlertEvent[] };

/** New groups are measured by their first moments: for so long they tell nobody. */
export const graceMs = 60_000;

export function newInstance({
  fingerprint,
  group,
  atMs,
  previousAtMs,
}: Pick<StepInput, 'fingerprint' | 'group' | 'atMs' | 'previousAtMs'>): Instance {
  // Neither what has no groups nor what is there when a rule is looked at first has just begun.
  const isNewcomer = group !== '' && previousAtMs !== null;
  return {
    fingerprint,
    group,
    core: 'normal',
    over: null,
    sinceMs: atMs,
    firstSeenMs: isNewcomer ? atMs : atMs - graceMs,
    lastSampleMs: atMs,
    evaluatedAtMs: atMs,
    value: null,
    threshold: null,
    samples: 0,
    pendingSinceMs: null,
    recoveringSinceMs: null,
    missing: 0,
    errors: 0,
    changes: [],
    flapping: false,
    learning: false,
    episode: null,
    reason: '',
  };
}

/** Something was measured, so nothing is missing and nothing failed. */
export function seen(
  known: Instance,
  verdict: Exclude<Verdict, { type: 'missing' | 'failed' }>,
  atMs: number,
): Instance {
  return {
    ...known,
    over: null,
    sinceMs: known.over === null ? known.sinceMs : atMs,
    lastSampleMs: verdict.samples > 0 ? atMs : known.lastSampleMs,
    evaluatedAtMs: atMs,
    value: verdict.value,
    threshold: 'threshold' in verdict ? verdict.threshold : null,
    samples: verdict.samples,
    missing: 0,
    errors: 0,
    learning: false,
  };
}

/** A group that is well is not written down at each evaluation, so the one before this may have had its last sample. */
export function lastSampleOf(known: Instance, previousAtMs: number | null): number {
  const wasSeen = known.missing === 0 && known.errors === 0;
  return wasSeen ? Math.max(known.lastSampleMs, previousAtMs ?? 0) : known.lastSampleMs;
}

/** With the event that tells of it, as it is from now on. */
export function shown(
  instance: Instance,
  kind: AlertEventKind,
  atMs: number,
  reason: string,
): Step {
  const next: Instance = {
    ...instance,
    sinceMs: kind === 'flapping' ? instance.sinceMs : atMs,
    reason,
  };
  return { instance: next, events: [toEvent(next, kind, atMs, reason)] };
}

export function toEvent(
  { fingerprint, group, episode, value, threshold, samples }: Instance,
  kind: AlertEventKind,
  atMs: number,
  reason: string,
): AlertEvent {
  return { kind, atMs, fingerprint, group, episode, value, threshold, samples, reason };
}
