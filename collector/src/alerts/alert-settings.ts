/** Door: all that people set of the alerts of one project, as it stands: what is evaluated, and who is told. */
import type {
  AlertChannel,
  AlertRule,
  AlertRuleOrigin,
  MuteTiming,
  SilenceMatcher,
} from '../contract.ts';

export type KnownRule = {
  readonly rule: AlertRule;
  readonly origin: AlertRuleOrigin;
  /** That it came from; empty otherwise. */
  readonly file: string;
  /** Of all that decides about firing: another one means that what was found of the rule no longer counts. */
  readonly hash: string;
  /** Null of what nobody changed. */
  readonly changedAtMs: number | null;
  readonly changedBy: string;
};

export type KnownSilence = {
  readonly id: string;
  readonly matchers: readonly SilenceMatcher[];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly author: string;
  readonly reason: string;
};

/** What somebody said of an incident. */
export type IncidentWord = { readonly atMs: number; readonly by: string };

/** The secret is sealed: only whoever sends opens it. */
export type KnownChannel = {
  readonly channel: AlertChannel;
  readonly origin: AlertRuleOrigin;
  /** Empty = none. */
  readonly sealedSecret: string;
  /** Host and port that the secret may be sent to; empty = none. */
  readonly secretHost: string;
};

export type AlertSettings = {
  readonly projectId: string;
  /** By id; deleted ones are not among them. */
  readonly rules: readonly KnownRule[];
  readonly silences: readonly KnownSilence[];
  /** By incident id. */
  readonly acknowledged: ReadonlyMap<string, IncidentWord>;
  readonly resolved: ReadonlyMap<string, IncidentWord>;
  readonly muteTimings: readonly MuteTiming[];
  readonly channels: readonly KnownChannel[];
};
