/** A rule, its groups and its channels, for tests of who is told. */
import { alertRule, type AlertChannel, alertChannel, type AlertRule } from '../../contract.ts';
import type { AlertSettings } from '../alert-settings.ts';
import type { AlertEvent, Episode, Instance } from '../instance.ts';
import { toTimedRule } from '../timed-rule.ts';
import { route, type Routed, type RouteInput } from './route.ts';

export const minuteMs = 60_000;

type RuleChange = Partial<Omit<AlertRule, 'id'>> & { readonly id?: string };

export function toRule(change: RuleChange = {}): AlertRule {
  return alertRule.parse({
    id: 'slow',
    title: 'Slow agents',
    metric: 'agent_latency',
    condition: { type: 'threshold', alert: 15_000, target: 5_000 },
    ...change,
  });
}

export function toChannel(
  change: Partial<AlertChannel> & { readonly name: string },
): AlertSettings['channels'][number] {
  const channel = alertChannel.parse({ type: 'webhook', url: 'http://127.0.0.1/', ...change });
  return { channel, origin: 'api', sealedSecret: '', secretHost: '' };
}

export function toSettings(change: Partial<AlertSettings> = {}): AlertSettings {
  return {
    projectId: 'default',
    rules: [],
    silences: [],
    acknowledged: new Map(),
    resolved: new Map(),
    muteTimings: [],
    channels: [toChannel({ name: 'oncall', isDefault: true })],
    ...change,
  };
}

export function toEpisode(group: string, startedAtMs: number): Episode {
  const id = `${group}@${startedAtMs}`;
  return { id, startedAtMs, firstValue: 1, worstValue: 1, threshold: 15_000 };
}

/** Fires since `firingSinceMs`, or does not when that is null. */
export function toInstance(
  group: string,
  firingSinceMs: number | null,
  change: Partial<Instance> = {},
): Instance {
  return {
    fingerprint: `f-${group}`,
    group,
    core: firingSinceMs === null ? 'normal' : 'firing',
    over: null,
    sinceMs: firingSinceMs ?? 0,
    firstSeenMs: 0,
    lastSampleMs: 0,
    evaluatedAtMs: 0,
    value: 20_000,
    threshold: 15_000,
    samples: 40,
    pendingSinceMs: null,
    recoveringSinceMs: null,
    missing: 0,
    errors: 0,
    changes: [],
    flapping: false,
    learning: false,
    episode: firingSinceMs === null ? null : toEpisode(group, firingSinceMs),
    reason: 'Above 15 s.',
    ...change,
  };
}

export function toEnded(group: string, startedAtMs: number, atMs: number): AlertEvent {
  return {
    kind: 'resolved',
    atMs,
    fingerprint: `f-${group}`,
    group,
    episode: toEpisode(group, startedAtMs),
    value: 3_000,
    threshold: 15_000,
    samples: 40,
    reason: 'Below 12 s for 5 minutes.',
  };
}

export type Step = Partial<Omit<RouteInput, 'timed' | 'told' | 'missed'>> & {
  readonly atMs: number;
};

/** Keeps what was told from one evaluation to the next. */
export function createRouter(rule: AlertRule = toRule()): (step: Step) => Routed {
  const timed = toTimedRule(rule);
  let told: RouteInput['told'] = [];
  return (step) => {
    const routed = route(toInput({ ...step, timed, told }));
    ({ told } = routed);
    return routed;
  };
}

export function toInput(
  change: Partial<RouteInput> & Pick<RouteInput, 'timed' | 'told' | 'atMs'>,
): RouteInput {
  return {
    projectId: 'default',
    unit: 'ms',
    instances: [],
    ended: [],
    missed: [],
    settings: toSettings(),
    firingRules: new Set(),
    overflow: 0,
    window: { fromMs: change.atMs - 5 * minuteMs, toMs: change.atMs },
    exemplarsOf: () => [],
    ...change,
  };
}

/** One line a delivery: `oncall firing a b`. */
export function toLines({ deliveries }: Routed): string[] {
  return deliveries.map(({ channel, message }) =>
    [channel, message.kind, ...message.alerts.map(({ group }) => group)].join(' '),
  );
}
