/** Channels that have been dead for so long that others have to hear of it, once an episode. */
import type { ChannelFailure } from '../../store/delivery-log.ts';
import type { KnownChannel } from '../alert-settings.ts';
import type { Delivery } from '../delivery.ts';
import { toMetaDelivery } from '../routing/meta-delivery.ts';

const deadAfterMs = 3_600_000;

/** Of channels that are gone nothing; the same messages each time it is asked. */
export function toDeadChannelNews(
  failures: readonly ChannelFailure[],
  channelsOf: (projectId: string) => readonly KnownChannel[],
  nowMs: number,
): readonly Delivery[] {
  return failures.flatMap((failure) => {
    const { projectId, channel, failingSinceMs } = failure;
    if (nowMs - failingSinceMs < deadAfterMs) return [];
    const channels = channelsOf(projectId);
    if (!channels.some((known) => known.channel.name === channel)) return [];
    return toMetaDelivery(failure, channels, failingSinceMs + deadAfterMs);
  });
}
