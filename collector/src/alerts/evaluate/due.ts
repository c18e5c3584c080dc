/** What has to be looked at in a round: each rule at the times it is due. */
import { metricName, type AlertMetric } from '../../contract.ts';
import type { AlertSettings, KnownRule } from '../alert-settings.ts';
import { dueTimes } from '../state/schedule.ts';
import { toTimedRule, type TimedRule } from '../timed-rule.ts';
import { nothingKept, type KeptRule } from './kept-rule.ts';
import { setBack, setBackMs } from './set-back.ts';
import type { Window } from './to-asks.ts';

/** A rule at one time it is due. */
export type Look = {
  readonly projectId: string;
  readonly known: KnownRule;
  readonly timed: TimedRule;
  readonly atMs: number;
  readonly window: Window;
  /** Groups that are not well, as far as was known before this round. */
  readonly watched: readonly string[];
};

export type RoundInput = {
  readonly projectId: string;
  readonly settings: AlertSettings;
  readonly kept: ReadonlyMap<string, KeptRule>;
  readonly nowMs: number;
  /** Between the end of a window and its evaluation. */
  readonly delayMs: number;
  /** Runs that began since cannot all be read yet. */
  readonly hiddenMs: number;
  readonly term: number;
};

export type Due = {
  readonly known: KnownRule;
  readonly timed: TimedRule;
  readonly kept: KeptRule;
  /** Oldest first, at least one. */
  readonly looks: readonly Look[];
  /** There are later windows. */
  readonly isBehind: boolean;
};

export function toDue(known: KnownRule, input: RoundInput): Due[] {
  const timed = toTimedRule(known.rule);
  const kept = current(input.kept.get(known.rule.id) ?? nothingKept, input.nowMs);
  const { projectId, delayMs } = input;
  const times = timesOf(timed, kept, input);
  const watched = (kept.state?.instances ?? [])
    .filter(({ core }) => core !== 'normal')
    .map(({ group }) => group);
  const looks = times.map((atMs) => {
    const window = { fromMs: atMs - delayMs - timed.windowMs, toMs: atMs - delayMs };
    return { projectId, known, timed, atMs, window, watched };
  });
  return looks.length === 0 ? [] : [{ known, timed, kept, looks, isBehind: false }];
}

/** Nobody knows how these were while nobody looked: what they are now is true of no window before. */
const ofNow: ReadonlySet<AlertMetric> = new Set<AlertMetric>([
  'rejected_share',
  'wal_age',
  'disk_used_share',
  'evaluation_age',
  'budget_used',
  'budget_forecast',
]);

/** What a server says of itself is known at once: it has to be told most of all while the server is behind. */
function timesOf(
  timed: TimedRule,
  { lastAtMs }: KeptRule,
  { projectId, nowMs, hiddenMs }: RoundInput,
): readonly number[] {
  const { metric } = timed.rule;
  if (ofNow.has(metric)) return dueTimes(timed, projectId, lastAtMs, nowMs).slice(-1);
  const isOfRuns = metricName.safeParse(metric).success;
  if (!isOfRuns || hiddenMs === 0) return dueTimes(timed, projectId, lastAtMs, nowMs);
  // A new rule has no past that it would have to make up for.
  return lastAtMs === null ? [] : dueTimes(timed, projectId, lastAtMs, nowMs - hiddenMs);
}

/** After the clock was set back nothing has happened yet that lies ahead. */
export function current(kept: KeptRule, nowMs: number): KeptRule {
  if (kept.lastAtMs === null || kept.lastAtMs <= nowMs + setBackMs) return kept;
  return {
    ...kept,
    lastAtMs: null,
    // Just before now, so that the evaluation of now comes after it.
    state: kept.state === null ? null : setBack(kept.state, nowMs - setBackMs),
  };
}

/** A round of one project. */
const mostLooks = 100;

/** The oldest windows of each rule first, and one at least of every rule. */
export function limit(due: readonly Due[]): readonly Due[] {
  const each = Math.max(1, Math.floor(mostLooks / Math.max(1, due.length)));
  return due.map((one) =>
    one.looks.length <= each ? one : { ...one, looks: one.looks.slice(0, each), isBehind: true },
  );
}
