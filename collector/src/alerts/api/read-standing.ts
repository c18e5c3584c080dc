/** What is set and what became of it, read together: how the rules of a project stand now. */
import { readRuleStates, type LastEvaluation } from '../../store/alert-log.ts';
import type { AlertRule } from '../../contract.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { AlertSettings, KnownRule } from '../alert-settings.ts';
import type { Instance } from '../instance.ts';
import { isInhibited } from '../routing/inhibited.ts';
import { isMuted } from '../routing/muted.ts';
import { isSilenced, type SilenceFacts } from '../routing/silenced.ts';
import type { AlertSettingsStore } from '../settings/alert-settings-store.ts';

export type Standing = {
  readonly settings: AlertSettings;
  /** By rule, also of rules that are gone. */
  readonly last: ReadonlyMap<string, LastEvaluation>;
  readonly rules: readonly AlertRule[];
  /** Ids of those that fire. */
  readonly firing: ReadonlySet<string>;
  readonly nowMs: number;
};

export async function readStanding(
  reader: Reader,
  store: AlertSettingsStore,
  projectId: string,
): Promise<Standing> {
  const [settings, last] = await Promise.all([
    store.read(projectId),
    readRuleStates(reader, projectId),
  ]);
  const firing = settings.rules.filter((known) =>
    instancesOf({ last }, known).some(({ core }) => core === 'firing'),
  );
  return {
    settings,
    last,
    rules: settings.rules.map(({ rule }) => rule),
    firing: new Set(firing.map(({ rule }) => rule.id)),
    nowMs: Date.now(),
  };
}

/** What is kept of the rule as it is now: found with another one, or while it was on, it counts no longer. */
export function instancesOf(
  { last }: Pick<Standing, 'last'>,
  known: KnownRule,
): readonly Instance[] {
  const state = last.get(known.rule.id)?.ruleState ?? null;
  if (state === null || state.ruleHash !== known.hash || !known.rule.enabled) return [];
  return state.instances;
}

/** What silences look at. */
export function factsOf({ rule }: KnownRule, group: string): SilenceFacts {
  const { id, severity, metric, labels } = rule;
  return { ...labels, rule: id, group, severity, metric };
}

export type Held = {
  readonly silenced: boolean;
  readonly inhibited: boolean;
  readonly muted: boolean;
};

/** Why nobody is told of a rule now, by group. */
export function toHeld(standing: Standing, known: KnownRule): (group: string) => Held {
  const { settings, rules, firing, nowMs } = standing;
  const { rule } = known;
  const inhibited = rule.inhibitedBy.length > 0 && isInhibited(rule, rules, firing);
  const muted = settings.muteTimings.some(
    (timing) => rule.muteTimings.includes(timing.name) && isMuted(timing, nowMs),
  );
  return (group) => ({
    silenced: isSilenced(settings.silences, factsOf(known, group), nowMs),
    inhibited,
    muted,
  });
}
