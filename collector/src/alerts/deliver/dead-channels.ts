/** Channels that have been dead for so long that others have to hear of it, and of its end, once an episode. */
import type { ChannelFailure, ChannelRecovery } from '../../store/delivery-log.ts';
import type { KnownChannel } from '../alert-settings.ts';
import type { Delivery } from '../delivery.ts';
import { toMetaDelivery, toRecoveryDelivery, type Recovery } from '../routing/meta-delivery.ts';

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

/** Of those that were dead for so long that others may have heard of it. */
export function toRecoveredNews(
  recoveries: readonly ChannelRecovery[],
  channelsOf: (projectId: string) => readonly KnownChannel[],
): readonly Recovery[] {
  return recoveries.flatMap((recovery) => {
    const { projectId, failingSinceMs, recoveredAtMs } = recovery;
    if (recoveredAtMs - failingSinceMs < deadAfterMs) return [];
    return toRecoveryDelivery(recovery, channelsOf(projectId), recoveredAtMs);
  });
}
