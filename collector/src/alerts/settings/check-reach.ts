import type { AlertChannel } from '../../contract.ts';
import { secretHostOf } from '../channels/check-channel.ts';
import type { AllowList } from '../channels/allow-list.ts';
import { orAborted } from '../channels/outbound.ts';
import { smtpPorts } from '../channels/send-mail.ts';
import { checkTarget, httpPorts, OutboundRefused, type Resolve } from '../channels/target.ts';

const patienceMs = 2_000;

/**
 * Whether messages may go where a channel leads, said before the first one has to: null, or what to change. A name that
 * cannot be looked up now is no reason; it is looked up again before anything is sent.
 */
export async function checkReach(
  channel: AlertChannel,
  { allow, resolve }: { readonly allow: AllowList; readonly resolve?: Resolve | undefined },
): Promise<string | null> {
  const target = secretHostOf(channel);
  if (target === '') return null;
  const colon = target.lastIndexOf(':');
  const [host, port] = [target.slice(0, colon), Number(target.slice(colon + 1))];
  const usualPorts = channel.type === 'email' ? smtpPorts : httpPorts;
  const checked = checkTarget(host, port, { allow, usualPorts, resolve });
  try {
    await orAborted(checked, AbortSignal.timeout(patienceMs));
    return null;
  } catch (error) {
    return error instanceof OutboundRefused ? error.message : null;
  }
}
