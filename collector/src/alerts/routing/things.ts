/** What there is to tell of a rule now, whoever is told: its open incidents, and the groups that flap. */
import { isMuted } from './muted.ts';
import { isInhibited } from './inhibited.ts';
import { isSilenced } from './silenced.ts';
import type { AlertEvent, Instance } from '../instance.ts';
import type { MessageAlert } from '../delivery.ts';
import type { InstanceFlags, RouteInput } from './route.ts';

export type Thing = {
  /** Of the incident; of a group that flaps, see `toFlappingId`. */
  readonly id: string;
  readonly type: 'incident' | 'flapping';
  readonly alert: MessageAlert;
  readonly sinceMs: number;
  /** Fires without a doubt: somebody who does not know of it has to. */
  readonly isUrgent: boolean;
  readonly flags: InstanceFlags;
};

/** Stands among the incidents a channel was told of for as long as the group flaps. */
export const toFlappingId = (fingerprint: string): string => `flapping-${fingerprint}`;

export function toThings(
  input: RouteInput,
  flags: ReadonlyMap<string, InstanceFlags>,
): readonly Thing[] {
  return input.instances.flatMap((instance) => {
    const own = flags.get(instance.fingerprint) ?? noFlags;
    return [...toIncident(input, instance, own), ...toFlapping(input, instance, own)];
  });
}

export function toFlags(input: RouteInput): ReadonlyMap<string, InstanceFlags> {
  const holdsBack = toHolding(input);
  const { acknowledged } = input.settings;
  return new Map(
    input.instances.map(({ fingerprint, group, episode }) => [
      fingerprint,
      {
        ...holdsBack(group),
        acknowledged: episode !== null && acknowledged.has(episode.id),
      },
    ]),
  );
}

/** What holds back the messages of a group now, also of one that is gone. */
export function toHolding(
  input: RouteInput,
): (group: string) => Omit<InstanceFlags, 'acknowledged'> {
  const { settings, timed, atMs, firingRules } = input;
  const { rule } = timed;
  const inhibited = isInhibited(
    rule,
    settings.rules.map((known) => known.rule),
    firingRules,
  );
  const muted = settings.muteTimings.some(
    (timing) => rule.muteTimings.includes(timing.name) && isMuted(timing, atMs),
  );
  const { id, severity, metric, labels } = rule;
  return (group) => {
    const facts = { ...labels, rule: id, group, severity, metric };
    return { silenced: isSilenced(settings.silences, facts, atMs), inhibited, muted };
  };
}

const noFlags: InstanceFlags = {
  silenced: false,
  inhibited: false,
  muted: false,
  acknowledged: false,
};

function toIncident(input: RouteInput, instance: Instance, flags: InstanceFlags): Thing[] {
  const { episode } = instance;
  if (episode === null || input.settings.resolved.has(episode.id)) return [];
  const alert = toAlert(input, instance, {
    incident: episode.id,
    startedAtMs: episode.startedAtMs,
    reason: instance.reason,
  });
  const isUrgent = instance.core !== 'recovering' && !instance.flapping;
  return [
    { id: episode.id, type: 'incident', alert, sinceMs: episode.startedAtMs, isUrgent, flags },
  ];
}

function toFlapping(input: RouteInput, instance: Instance, flags: InstanceFlags): Thing[] {
  if (!instance.flapping) return [];
  const { changes, fingerprint } = instance;
  const id = toFlappingId(fingerprint);
  const sinceMs = changes[0] ?? instance.sinceMs;
  const reason = `It began or ended ${changes.length} times in a short while; single changes are not told until that is over.`;
  const alert = toAlert(input, instance, { incident: id, startedAtMs: sinceMs, reason });
  return [{ id, type: 'flapping', alert, sinceMs, isUrgent: true, flags }];
}

function toAlert(
  { exemplarsOf }: RouteInput,
  { fingerprint, group, value, threshold, samples }: Instance,
  own: Pick<MessageAlert, 'incident' | 'startedAtMs' | 'reason'>,
): MessageAlert {
  return {
    ...own,
    fingerprint,
    group,
    state: 'firing',
    value,
    threshold,
    samples,
    endedAtMs: null,
    exemplars: exemplarsOf(fingerprint).slice(0, 5),
  };
}

/** Of something that was told to fire and does so no more. */
export function toResolvedAlert(input: RouteInput, id: string): MessageAlert {
  const event = input.ended.findLast(({ episode }) => episode?.id === id);
  if (event !== undefined) return fromEvent(event, id);
  const missed = input.missed
    .flatMap(({ ended }) => ended)
    .findLast(({ incident }) => incident === id);
  if (missed !== undefined) return { ...missed, state: 'resolved', exemplars: [] };
  const instance = input.instances.find(
    ({ fingerprint, episode }) => toFlappingId(fingerprint) === id || episode?.id === id,
  );
  const word = input.settings.resolved.get(id);
  return {
    incident: id,
    fingerprint: instance?.fingerprint ?? fromFlappingId(id),
    group: instance?.group ?? '',
    state: 'resolved',
    value: instance?.value ?? null,
    threshold: instance?.threshold ?? null,
    samples: instance?.samples ?? 0,
    reason: word === undefined ? toCalm(id) : toResolvedBy(word.by),
    startedAtMs: instance?.episode?.startedAtMs ?? input.atMs,
    endedAtMs: input.atMs,
    exemplars: [],
  };
}

function fromEvent(event: AlertEvent, id: string): MessageAlert {
  const { fingerprint, group, value, threshold, samples, reason, atMs, episode } = event;
  return {
    incident: id,
    fingerprint,
    group,
    state: 'resolved',
    value,
    threshold,
    samples,
    reason,
    startedAtMs: episode?.startedAtMs ?? atMs,
    endedAtMs: atMs,
    exemplars: [],
  };
}

function fromFlappingId(id: string): string {
  return id.startsWith(toFlappingId('')) ? id.slice(toFlappingId('').length) : '';
}

function toCalm(id: string): string {
  return fromFlappingId(id) === '' ? 'It is no longer watched.' : 'It no longer flaps.';
}

function toResolvedBy(by: string): string {
  return by === '' ? 'Somebody resolved it.' : `${by} resolved it.`;
}
