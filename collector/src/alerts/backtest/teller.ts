/** Counts the messages of a rule, as the routing of alerts would have made them for one channel. */
import { alertChannel } from '../../contract.ts';
import type { AlertSettings } from '../alert-settings.ts';
import type { AlertEvent, Told } from '../instance.ts';
import { route } from '../routing/route.ts';
import { toFlappingId } from '../routing/things.ts';
import type { RuleStep } from '../state/step-rule.ts';
import type { TimedRule } from '../timed-rule.ts';

export type Teller = {
  readonly tell: (step: RuleStep) => void;
  readonly messageCount: () => number;
};

const channel = alertChannel.parse({ name: 'backtest', type: 'webhook', isDefault: true });

export function createTeller(timed: TimedRule, projectId: string): Teller {
  const settings = settingsOf(projectId);
  const heard: TimedRule = { ...timed, rule: { ...timed.rule, channels: [] } };
  let told: readonly Told[] = [];
  let messages = 0;
  return {
    tell: ({ state, events, overflow }) => {
      const { evaluatedAtMs: atMs, instances } = state;
      if (!events.some(isNews) && !isDue(timed, told[0], instances, atMs)) return;
      const routed = route({
        projectId,
        timed: heard,
        unit: '',
        instances,
        ended: events.filter(({ kind }) => kind === 'resolved'),
        told,
        missed: [],
        settings,
        firingRules: new Set(),
        overflow,
        atMs,
        window: { fromMs: atMs - timed.windowMs, toMs: atMs },
        exemplarsOf: () => [],
      });
      told = routed.told;
      messages += routed.deliveries.length;
    },
    messageCount: () => messages,
  };
}

/** Nobody is told that something waits, or that it may soon be over. */
function isNews({ kind }: AlertEvent): boolean {
  return kind === 'firing' || kind === 'refiring' || kind === 'resolved' || kind === 'flapping';
}

/** Without news there is only something to tell when it has waited for its time, or flaps. */
function isDue(
  { repeatEveryMs, groupEveryMs }: TimedRule,
  told: Told | undefined,
  instances: RuleStep['state']['instances'],
  atMs: number,
): boolean {
  if (told === undefined || told.incidents.length === 0) return false;
  const sinceMs = atMs - told.toldAtMs;
  if (repeatEveryMs > 0 && sinceMs >= repeatEveryMs) return true;
  // That something flaps no more is no event.
  if (told.incidents.some((id) => id.startsWith(toFlappingId('')))) return true;
  const openCount = instances.filter(({ episode }) => episode !== null).length;
  return sinceMs >= groupEveryMs && openCount > told.incidents.length;
}

/** Nothing but one channel: a backtest tells what the rule does, not what somebody silenced. */
function settingsOf(projectId: string): AlertSettings {
  return {
    projectId,
    rules: [],
    silences: [],
    acknowledged: new Map(),
    resolved: new Map(),
    muteTimings: [],
    channels: [{ channel, origin: 'default', sealedSecret: '', secretHost: '' }],
  };
}
