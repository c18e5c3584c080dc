/** What a channel needs, by its type. */
import type { AlertChannel, ChannelType } from 'orchescope/contract';

export type ChannelFields = {
  readonly name: string;
  /** null = the type has no address beside its secret. */
  readonly url: {
    readonly label: string;
    readonly placeholder: string;
    readonly required: boolean;
  } | null;
  readonly secret: { readonly label: string; readonly hint: string; readonly required: boolean };
  readonly hasMail: boolean;
};

const hook = (name: string, example: string): ChannelFields => ({
  name,
  url: null,
  secret: {
    label: `Webhook address of ${name}`,
    hint: `${example} Whoever has it can write there, so it is kept as a secret.`,
    required: true,
  },
  hasMail: false,
});

export const channelTypes: Readonly<Record<ChannelType, ChannelFields>> = {
  webhook: {
    name: 'Webhook',
    url: { label: 'Address', placeholder: 'https://example.com/hook', required: true },
    secret: {
      label: 'Signing secret',
      hint: 'whsec_ and 24 to 64 bytes in base64. Messages are signed with it as Standard Webhooks says.',
      required: false,
    },
    hasMail: false,
  },
  slack: hook('Slack', 'Begins with https://hooks.slack.com/services/.'),
  pagerduty: {
    name: 'PagerDuty',
    url: {
      label: 'Events address',
      placeholder: 'https://events.pagerduty.com/v2/enqueue',
      required: false,
    },
    secret: {
      label: 'Routing key',
      hint: 'Integration key of an Events API v2 integration.',
      required: true,
    },
    hasMail: false,
  },
  email: {
    name: 'E-mail',
    url: { label: 'Mail server', placeholder: 'smtps://mail.example.com:465', required: true },
    secret: { label: 'Password', hint: 'Empty where the server asks for none.', required: false },
    hasMail: true,
  },
  teams: hook(
    'Microsoft Teams',
    'Of a workflow that posts to a channel when a webhook is received.',
  ),
  discord: hook('Discord', 'Begins with https://discord.com/api/webhooks/.'),
};

export const emptyChannel: AlertChannel = {
  name: '',
  type: 'webhook',
  isDefault: false,
  isFallback: false,
  url: '',
  secret: null,
  username: '',
  from: '',
  to: [],
  titleTemplate: '',
  bodyTemplate: '',
  sendResolved: true,
};

/** Of fields that do not belong to its type nothing is kept. */
export function forType(channel: AlertChannel): AlertChannel {
  const { url, hasMail } = channelTypes[channel.type];
  return {
    ...channel,
    url: url === null ? '' : channel.url.trim(),
    username: hasMail ? channel.username.trim() : '',
    from: hasMail ? channel.from.trim() : '',
    to: hasMail ? channel.to : [],
  };
}

/** Addresses as people write them: by comma, semicolon, space or line. */
export function toAddresses(text: string): string[] {
  return text.split(/[\s,;]+/).filter((address) => address !== '');
}

/** Where it goes, without a secret. */
export function placeOf(channel: AlertChannel, secretHost: string): string {
  if (channel.type === 'email') return channel.to.join(', ');
  return channel.url === '' ? secretHost : channel.url;
}
