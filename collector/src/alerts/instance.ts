/**
 * Door: one group of a rule as the state machine keeps it between evaluations, and what it tells. Plain JSON: it is
 * stored as it is. Times are milliseconds since the epoch, of evaluations, never of the host's clock. Imports nothing.
 */

/** What lies beneath `nodata` and `error` stays what it was, and goes on when they are over. */
export type CoreState = 'normal' | 'pending' | 'firing' | 'recovering';

export type Episode = {
  /** Of project, rule, fingerprint and `startedAtMs`: the same whoever finds it. */
  readonly id: string;
  /** When it fired, not when it became pending. */
  readonly startedAtMs: number;
  readonly firstValue: number | null;
  readonly worstValue: number | null;
  readonly threshold: number | null;
};

export type Instance = {
  readonly fingerprint: string;
  readonly group: string;
  readonly core: CoreState;
  /** What hides the core; null when nothing does. */
  readonly over: 'nodata' | 'error' | null;
  /** Since when what is shown is shown. */
  readonly sinceMs: number;
  /** When it was first heard of: new groups have a time of grace. */
  readonly firstSeenMs: number;
  /** Of the last evaluation that had a sample. */
  readonly lastSampleMs: number;
  /** Of the last evaluation. */
  readonly evaluatedAtMs: number;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly samples: number;
  readonly pendingSinceMs: number | null;
  readonly recoveringSinceMs: number | null;
  /** Evaluations in a row without a sample, and that failed. */
  readonly missing: number;
  readonly errors: number;
  /** Evaluations at which firing began or ended: at most those of the last 21 evaluations count for flapping. */
  readonly changes: readonly number[];
  readonly flapping: boolean;
  readonly learning: boolean;
  /** Open from firing to resolved. */
  readonly episode: Episode | null;
  readonly reason: string;
};

export type AlertEventKind =
  | 'pending'
  | 'firing'
  | 'recovering'
  /** Beyond the threshold again before it was over: the same episode. */
  | 'refiring'
  | 'resolved'
  | 'nodata'
  | 'error'
  | 'flapping'
  | 'late_data';

export type AlertEvent = {
  readonly kind: AlertEventKind;
  readonly atMs: number;
  readonly fingerprint: string;
  readonly group: string;
  /** Of the episode it belongs to; null when there is none. */
  readonly episode: Episode | null;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly samples: number;
  /** Why, in words. */
  readonly reason: string;
};

/** What one channel was told of one rule. */
export type Told = {
  readonly channel: string;
  /**
   * Incidents that it was told to fire, and not yet that they are over; `flapping-` and the fingerprint stands for a
   * group that it was told to flap.
   */
  readonly incidents: readonly string[];
  /** Those of them that it was told to be acknowledged; left out where there are none. */
  readonly acknowledged?: readonly string[];
  /** Of the last message; 0 = none. */
  readonly toldAtMs: number;
  /** Rises with every message. */
  readonly sequence: number;
};

/** An incident that was over before anybody could be told that it began: as it is to be told. */
export type MissedIncident = {
  readonly incident: string;
  readonly fingerprint: string;
  readonly group: string;
  /** The worst. */
  readonly value: number | null;
  readonly threshold: number | null;
  readonly samples: number;
  readonly reason: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
};

/** What one channel did not hear of, since nobody is told while evaluations are made up for. */
export type Missed = {
  readonly channel: string;
  /** Of the last message it would have had; 0 = none. */
  readonly meantAtMs: number;
  /** Would have been told to fire, and are open. */
  readonly open: readonly string[];
  /** Would have been told to fire, and are over: told in one message as soon as nothing holds it back. */
  readonly over: readonly MissedIncident[];
  /** Those that are over and are not listed. */
  readonly restCount: number;
  /** It was told before that they fire, and is to hear that they are over. */
  readonly ended: readonly MissedIncident[];
};

/** Everything that is kept of a rule between evaluations. */
export type RuleState = {
  /** Of the rule that it was found with. */
  readonly ruleHash: string;
  readonly evaluatedAtMs: number;
  /** Those that are worth keeping: a group that was never anything but normal is not. */
  readonly instances: readonly Instance[];
  readonly told: readonly Told[];
  /** Left out where nothing was missed, as nearly always. */
  readonly missed?: readonly Missed[];
};
