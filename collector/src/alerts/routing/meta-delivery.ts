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
  return channels
    .filter(({ channel }) => channel.isFallback && channel.name !== dead.channel)
    .map(({ channel }) => toDelivery(dead, channel.name, atMs));
}

function toDelivery(dead: DeadChannel, channel: string, atMs: number): Delivery {
  const { projectId, failingSinceMs } = dead;
  // No rule can be called so.
  const ruleId = `channel:${dead.channel}`;
  const incident = `${ruleId} ${failingSinceMs}`;
  const news = [{ id: incident, atMs: failingSinceMs }];
  return {
    id: toDeliveryId({ projectId, ruleId, channel, kind: 'meta', news }),
    projectId,
    ruleId,
    channel,
    createdAtMs: atMs,
    sequence: failingSinceMs,
    message: {
      kind: 'meta',
      project: projectId,
      rule: ruleId,
      title: `Channel ${dead.channel} does not deliver`,
      description: `Nothing has reached the channel ${dead.channel} since ${new Date(failingSinceMs).toISOString()}. Test it on the page of the channels; what waits for it is tried again by itself.`,
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
          incident,
          fingerprint: ruleId,
          group: dead.channel,
          state: 'firing',
          value: null,
          threshold: null,
          samples: 0,
          reason: dead.error,
          startedAtMs: failingSinceMs,
          endedAtMs: null,
          exemplars: [],
        },
      ],
      overflow: 0,
    },
  };
}
