/** Whether a channel can work at all, and which host its secret is for. */
import type { AlertChannel, ChannelType } from '../../contract.ts';
import { readMailbox } from './mailbox.ts';
import { portOf, readTarget } from './outbound.ts';
import { pagerDutyUrl } from './pagerduty.ts';
import { readSmtpUrl } from './send-mail.ts';
import { isLoopbackName } from './target.ts';
import { checkTemplate } from './template.ts';
import { readSigningKeys } from './webhook.ts';

/** Their whole address is the secret. */
const secretIsAddress = new Set<ChannelType>(['slack', 'teams', 'discord']);
const titles: Readonly<Record<ChannelType, string>> = {
  webhook: 'A webhook',
  slack: 'Slack',
  pagerduty: 'PagerDuty',
  email: 'E-mail',
  teams: 'Teams',
  discord: 'Discord',
};

/**
 * What to change, in a sentence; null = nothing.
 * @param hasSecret there is one already, which a null in the channel keeps
 */
export function checkChannel(channel: AlertChannel, hasSecret = false): string | null {
  return (
    checkSecret(channel, hasSecret) ??
    checkAddress(channel) ??
    checkMail(channel) ??
    checkTemplates(channel)
  );
}

/** Host and port that the secret is sent to; empty when the channel does not tell. */
export function secretHostOf(channel: AlertChannel): string {
  if (channel.type === 'email') {
    const server = readSmtpUrl(channel.url);
    return server === null ? '' : `${server.host}:${server.port}`;
  }
  const address = secretIsAddress.has(channel.type)
    ? (channel.secret ?? '')
    : channel.url || (channel.type === 'pagerduty' ? pagerDutyUrl : '');
  const url = URL.parse(address);
  return url === null || url.hostname === '' ? '' : `${url.hostname}:${portOf(url)}`;
}

export function isSecretAddress(type: ChannelType): boolean {
  return secretIsAddress.has(type);
}

function checkSecret({ type, secret }: AlertChannel, hasSecret: boolean): string | null {
  if (secret === null || secret === '') {
    if (hasSecret || type === 'webhook' || type === 'email') return null;
    return type === 'pagerduty'
      ? 'PagerDuty needs the routing key of an Events API v2 integration as its secret.'
      : `${titles[type]} needs the address of its webhook as its secret.`;
  }
  if (secretIsAddress.has(type)) return checkSecretAddress(type, secret);
  if (type === 'webhook') return checkSigningSecret(secret);
  if (type === 'pagerduty' && !/^[A-Za-z0-9]{16,64}$/.test(secret)) {
    return 'The routing key of PagerDuty is 32 letters and digits: copy it from the integration.';
  }
  return null;
}

function checkSecretAddress(type: ChannelType, secret: string): string | null {
  const problem = checkUrl(secret);
  if (problem !== null)
    return `The secret of ${titles[type]} is the address of its webhook. ${problem}`;
  const url = new URL(secret);
  if (url.protocol === 'https:' || isLoopbackName(url.hostname)) return null;
  return `The address of ${titles[type]} is a secret, so it must begin with https://.`;
}

function checkSigningSecret(secret: string): string | null {
  const secrets = secret.split(/\s+/).filter((part) => part !== '');
  const keys = readSigningKeys(secret);
  const isGood = secrets.every((part) => /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(part));
  if (isGood && keys.every(({ length }) => length >= 24 && length <= 64)) return null;
  return 'A signing secret is whsec_ and 24 to 64 bytes in base64, such as echo whsec_$(openssl rand -base64 32); two of them have a space between.';
}

function checkAddress({ type, url }: AlertChannel): string | null {
  if (secretIsAddress.has(type)) {
    return url === ''
      ? null
      : `${titles[type]} has its address in the secret. Leave the URL empty.`;
  }
  if (type === 'email') {
    return readSmtpUrl(url) === null
      ? 'Write the mail server as smtp://host:587, or smtps://host:465, without user and password.'
      : null;
  }
  if (type === 'pagerduty' && url === '') return null;
  const problem = checkUrl(url);
  if (problem !== null || type === 'webhook') return problem;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || isLoopbackName(hostname)
    ? null
    : 'The routing key is a secret, so the address of PagerDuty must begin with https://.';
}

function checkUrl(text: string): string | null {
  try {
    readTarget(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function checkMail({ type, from, to, username, secret }: AlertChannel): string | null {
  if (type !== 'email') {
    return from === '' && to.length === 0 && username === ''
      ? null
      : 'Sender, receivers and user name are for e-mail alone. Leave them empty.';
  }
  if (readMailbox(from) === null)
    return `"${from}" is no sender. Write an address such as alerts@example.com.`;
  if (to.length === 0) return 'Name at least one receiver.';
  const wrong = to.find((text) => readMailbox(text) === null);
  if (wrong !== undefined)
    return `"${wrong}" is no receiver. Write an address such as oncall@example.com.`;
  return secret !== null && secret !== '' && username === ''
    ? 'A password needs a user name.'
    : null;
}

function checkTemplates({ titleTemplate, bodyTemplate }: AlertChannel): string | null {
  return (
    [titleTemplate, bodyTemplate]
      .filter((template) => template !== '')
      .map(checkTemplate)
      .find((problem) => problem !== null) ?? null
  );
}
