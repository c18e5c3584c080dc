/** What is kept of a channel that somebody wrote: its secret sealed, and good for one host alone. */
import type { AlertChannel } from '../../contract.ts';
import type { KnownChannel } from '../alert-settings.ts';
import { checkChannel, isSecretAddress, secretHostOf } from '../channels/check-channel.ts';
import { sealSecret } from '../channels/secrets.ts';

export type Sealed =
  | { readonly type: 'sealed'; readonly known: Omit<KnownChannel, 'origin'> }
  /** What to change, in a sentence. */
  | { readonly type: 'refused'; readonly message: string };

/** @param before that it takes the place of: a secret of null keeps its secret, as long as it stays with its host */
export function sealChannel(
  channel: AlertChannel,
  before: KnownChannel | undefined,
  { projectId, secretKey }: { readonly projectId: string; readonly secretKey: Uint8Array },
): Sealed {
  const keeps = channel.secret === null && before !== undefined && before.sealedSecret !== '';
  const problem = checkChannel(channel, keeps);
  if (problem !== null) return refuse(problem);
  const stored = { ...channel, secret: null };
  if (keeps) return keep(stored, before);
  const host = secretHostOf(channel);
  const { secret } = channel;
  if (secret === null || secret === '') return seal(stored, '', '');
  if (host === '')
    return refuse('It is not clear which host the secret is for. Write the address.');
  const binding = { project: projectId, channel: channel.name, host };
  return seal(stored, sealSecret(secretKey, secret, binding), host);
}

function keep(channel: AlertChannel, before: KnownChannel): Sealed {
  if (channel.type !== before.channel.type) {
    return refuse('secret: the channel is of another type now. Set its secret again.');
  }
  const host = isSecretAddress(channel.type) ? before.secretHost : secretHostOf(channel);
  if (host === before.secretHost) return seal(channel, before.sealedSecret, before.secretHost);
  return refuse(
    `secret: it was set for ${before.secretHost}, and is not sent to ${host}. Set it again.`,
  );
}

function seal(channel: AlertChannel, sealedSecret: string, secretHost: string): Sealed {
  return { type: 'sealed', known: { channel, sealedSecret, secretHost } };
}

function refuse(message: string): Sealed {
  return { type: 'refused', message };
}
