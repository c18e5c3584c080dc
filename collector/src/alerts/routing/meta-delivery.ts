/** Tells the fallback channels of a project that another channel does not work. */
import type { KnownChannel } from '../alert-settings.ts';
import type { Delivery } from '../delivery.ts';
import { toDeliveryId } from './delivery-id.ts';

export type DeadChannel = {
  readonly projectId: string;
  readonly channel: string;
  /** Of the first attempt that failed since one went well: names the episode. */
  readonly failingSinceMs: number;
  /** Of the last attempt. */
  readonly error: string;
};

/** One a fallback channel; none when there is none. Made again of the same episode, they have the same ids. */
export function toMetaDelivery(
  dead: DeadChannel,
  channels: readonly KnownChannel[],
  atMs: number,
): readonly Delivery[] {
  return toFallbacks(dead, channels).map(({ channel }) =>
    toDelivery(dead, channel.name, atMs, null),
  );
}

/** That it is over, and the message that told of it: whoever did not hear the one need not hear the other. */
export type Recovery = { readonly delivery: Delivery; readonly begunId: string };

/** Of those fallback channels that want to hear of ends. */
export function toRecoveryDelivery(
  dead: DeadChannel,
  channels: readonly KnownChannel[],
  recoveredAtMs: number,
): readonly Recovery[] {
  return toFallbacks(dead, channels)
    .filter(({ channel }) => channel.sendResolved)
    .map(({ channel: { name } }) => ({
      delivery: toDelivery(dead, name, recoveredAtMs, recoveredAtMs),
      begunId: toMetaId(dead, name, dead.failingSinceMs),
    }));
}

function toFallbacks(
  dead: DeadChannel,
  channels: readonly KnownChannel[],
): readonly KnownChannel[] {
  return channels.filter(({ channel }) => channel.isFallback && channel.name !== dead.channel);
}

/** No rule can be called so. */
function toRuleId({ channel }: DeadChannel): string {
  return `channel:${channel}`;
}

function toIncident(dead: DeadChannel): string {
  return `${toRuleId(dead)} ${dead.failingSinceMs}`;
}

function toMetaId(dead: DeadChannel, channel: string, atMs: number): string {
  const { projectId } = dead;
  const news = [{ id: toIncident(dead), atMs }];
  return toDeliveryId({ projectId, ruleId: toRuleId(dead), channel, kind: 'meta', news });
}

function toDelivery(
  dead: DeadChannel,
  channel: string,
  atMs: number,
  endedAtMs: number | null,
): Delivery {
  const { projectId, failingSinceMs, error } = dead;
  const ruleId = toRuleId(dead);
  return {
    id: toMetaId(dead, channel, endedAtMs ?? failingSinceMs),
    projectId,
    ruleId,
    channel,
    createdAtMs: atMs,
    sequence: endedAtMs ?? failingSinceMs,
    message: {
      kind: 'meta',
      project: projectId,
      rule: ruleId,
      ...toWords(dead, endedAtMs),
      severity: 'critical',
      metric: 'dead_letters',
      unit: 'count',
      target: null,
      labels: {},
      owner: '',
      runbook: '',
      window: { fromMs: failingSinceMs, toMs: atMs },
      alerts: [
        {
          incident: toIncident(dead),
          fingerprint: ruleId,
          group: dead.channel,
          state: endedAtMs === null ? 'firing' : 'resolved',
          value: null,
          threshold: null,
          samples: 0,
          reason: endedAtMs === null ? error : '',
          startedAtMs: failingSinceMs,
          endedAtMs,
          exemplars: [],
        },
      ],
      overflow: 0,
    },
  };
}

function toWords(
  { channel, failingSinceMs }: DeadChannel,
  endedAtMs: number | null,
): { readonly title: string; readonly description: string } {
  const since = new Date(failingSinceMs).toISOString();
  if (endedAtMs === null)
    return {
      title: `Channel ${channel} does not deliver`,
      description: `Nothing has reached the channel ${channel} since ${since}. Test it on the page of the channels; what waits for it is tried again by itself.`,
    };
  return {
    title: `Channel ${channel} delivers again`,
    description: `A message reached the channel ${channel} at ${new Date(endedAtMs).toISOString()}, the first since ${since}. What waited for it is sent now.`,
  };
}
