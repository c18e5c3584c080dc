/** Sends a message to a channel, once: when again is decided elsewhere. */
import { randomUUID } from 'node:crypto';
import type { ChannelTest, ChannelType } from '../../contract.ts';
import type { KnownChannel } from '../alert-settings.ts';
import type { Attempt, Delivery } from '../delivery.ts';
import type { AllowList } from './allow-list.ts';
import { checkChannel, isSecretAddress, secretHostOf } from './check-channel.ts';
import { toDiscordRequests } from './discord.ts';
import { toMail } from './mail.ts';
import type { OpenChannel, RequestChain, ToRequests } from './open-channel.ts';
import { outboundTimeoutMs, post, type PostAnswer } from './outbound.ts';
import { toPagerDutyRequests } from './pagerduty.ts';
import { openSecret, type OpenedSecret } from './secrets.ts';
import { readSmtpUrl, sendMail } from './send-mail.ts';
import { toSlackRequests } from './slack.ts';
import { OutboundRefused, type Resolve } from './target.ts';
import { toTeamsRequests } from './teams.ts';
import { toTestDelivery } from './test-delivery.ts';
import { toWebhookRequests } from './webhook.ts';

export type SendContext = {
  /** Of the dashboard, as people reach it; empty = not known, and messages have no links. */
  readonly publicUrl: string;
  readonly allow: AllowList;
  readonly signal: AbortSignal;
  readonly nowMs: number;
};

export type Channels = {
  /** Never throws: whatever happens is an attempt. */
  readonly send: (
    channel: KnownChannel,
    delivery: Delivery,
    context: SendContext,
  ) => Promise<Attempt>;
  /** Sends a message of its own, of which nothing is kept. */
  readonly testSend: (
    channel: KnownChannel,
    projectId: string,
    context: SendContext,
  ) => Promise<ChannelTest>;
};

export type ChannelsOptions = {
  /** As `readOrCreateSecretKey` gives it. */
  readonly secretKey: Uint8Array;
  readonly resolve?: Resolve;
  readonly timeoutMs?: number;
};

const chainsAtATime = 8;

const toRequests: Readonly<Record<Exclude<ChannelType, 'email'>, ToRequests>> = {
  webhook: toWebhookRequests,
  slack: toSlackRequests,
  pagerduty: toPagerDutyRequests,
  teams: toTeamsRequests,
  discord: toDiscordRequests,
};

export function createChannels(options: ChannelsOptions): Channels {
  const send: Channels['send'] = async (channel, delivery, context) => {
    try {
      return await sendOnce(channel, delivery, context, options);
    } catch (error) {
      return fromError(error);
    }
  };
  return {
    send,
    async testSend(channel, projectId, context) {
      const startedAt = performance.now();
      const delivery = toTestDelivery(channel.channel.name, projectId, randomUUID(), context.nowMs);
      const attempt = await send(channel, delivery, context);
      return {
        delivered: attempt.outcome === 'delivered',
        status: attempt.status,
        message: attempt.outcome === 'delivered' ? '' : attempt.message,
        durationMs: Math.round(performance.now() - startedAt),
      };
    },
  };
}

async function sendOnce(
  known: KnownChannel,
  delivery: Delivery,
  context: SendContext,
  options: ChannelsOptions,
): Promise<Attempt> {
  const { channel } = known;
  const opened = open(known, delivery.projectId, options.secretKey);
  if (opened.type === 'closed') return refuse(opened.message);
  const problem = checkChannel({ ...channel, secret: opened.secret });
  if (problem !== null) return refuse(problem);
  const openChannel: OpenChannel = { ...known, secret: opened.secret };
  if (channel.type === 'email') return mail(openChannel, delivery, context, options);
  return postAll(toRequests[channel.type](openChannel, delivery, context), context, options);
}

/** A secret that is an address is held against the host it was set for once more: the address is where it goes. */
function open(
  { channel, sealedSecret, secretHost }: KnownChannel,
  project: string,
  key: Uint8Array,
): OpenedSecret {
  if (sealedSecret === '') return { type: 'open', secret: '' };
  const host = isSecretAddress(channel.type) ? secretHost : secretHostOf(channel);
  const opened = openSecret(key, sealedSecret, { project, channel: channel.name, host });
  if (opened.type === 'closed' || !isSecretAddress(channel.type)) return opened;
  const own = secretHostOf({ ...channel, secret: opened.secret });
  if (own === secretHost) return opened;
  return {
    type: 'closed',
    message: `The secret leads to ${own}, and was set for ${secretHost}. Set it again.`,
  };
}

/**
 * The message is delivered once all of its requests are taken, and each is safe to send twice. Several go out at a time:
 * a hundred of them, one after the other, would not be done before the time of an attempt is up.
 */
async function postAll(
  chains: readonly RequestChain[],
  context: SendContext,
  options: ChannelsOptions,
): Promise<Attempt> {
  const attempts: Attempt[] = [];
  const waiting = [...chains];
  const isFailed = ({ outcome }: Attempt) => outcome === 'failed';
  const work = async (): Promise<void> => {
    for (let chain = waiting.shift(); chain !== undefined; chain = waiting.shift()) {
      attempts.push(await postChain(chain, context, options));
      // It is all tried again anyway.
      if (attempts.some(isFailed)) return;
    }
  };
  await Promise.all(Array.from({ length: chainsAtATime }, work));
  const isRefused = ({ outcome }: Attempt) => outcome === 'refused';
  const [first = refuse('The message names no group.')] = attempts;
  return attempts.find(isFailed) ?? attempts.find(isRefused) ?? first;
}

async function postChain(
  chain: RequestChain,
  { allow, signal, nowMs }: SendContext,
  { resolve, timeoutMs = outboundTimeoutMs }: ChannelsOptions,
): Promise<Attempt> {
  try {
    let attempt: Attempt = refuse('There is nothing to send.');
    for (const { url, headers, body } of chain) {
      const answer = await post(url, { headers, body, signal, allow, nowMs, resolve, timeoutMs });
      attempt = toAttempt(answer, new URL(url).host);
      if (attempt.outcome !== 'delivered') return attempt;
    }
    return attempt;
  } catch (error) {
    return fromError(error);
  }
}

function fromError(error: unknown): Attempt {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof OutboundRefused) return { outcome: 'refused', status: null, message };
  return { outcome: 'failed', status: null, message, retryAfterMs: null };
}

function toAttempt({ status, retryAfterMs }: PostAnswer, host: string): Attempt {
  if (status >= 200 && status < 300) return { outcome: 'delivered', status };
  if (status === 408 || status === 429 || status >= 500) {
    return {
      outcome: 'failed',
      status,
      message: `${host} ${describeFailure(status)} (${status}).`,
      retryAfterMs,
    };
  }
  return { outcome: 'refused', status, message: `${host} ${describeRefusal(status)} (${status}).` };
}

function describeFailure(status: number): string {
  if (status === 429) return 'takes no more messages for now';
  return status === 408 ? 'waited too long for the message' : 'could not take the message';
}

function describeRefusal(status: number): string {
  if (status === 410) return 'says the address is gone: set up another';
  if (status >= 300 && status < 400)
    return 'sends elsewhere, which is not followed: write the final address';
  if (status === 401 || status === 403) return 'does not let us in: set the secret again';
  if (status === 404) return 'does not know the address: copy it again';
  if (status === 405) return 'takes no POST there: copy the address again';
  return 'refused the message: check what it takes';
}

async function mail(
  { channel, secret }: OpenChannel,
  delivery: Delivery,
  { publicUrl, allow, signal }: SendContext,
  { resolve, timeoutMs = outboundTimeoutMs }: ChannelsOptions,
): Promise<Attempt> {
  const server = readSmtpUrl(channel.url);
  const letter = toMail(channel, delivery, publicUrl);
  if (server === null || letter === null)
    return refuse('The channel has no mail server or no address.');
  const login = { username: channel.username, password: secret };
  return sendMail({ ...server, ...login }, letter, { allow, signal, timeoutMs, resolve });
}

function refuse(message: string): Attempt {
  return { outcome: 'refused', status: null, message };
}
