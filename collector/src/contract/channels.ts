/** Who is told, and how they do. */
import { z } from 'zod';
import { alertRuleOrigin } from './alerts.ts';
import { count, project, slug } from './parts.ts';

const channelType = z.enum(['webhook', 'slack', 'pagerduty', 'email', 'teams', 'discord']);
export type ChannelType = z.infer<typeof channelType>;

/** Secrets are written and never read: null in a change keeps what is there, as long as the host stays. */
export const alertChannel = z.strictObject({
  name: slug,
  type: channelType,
  /** Takes whatever names no channel. */
  isDefault: z.boolean().default(false),
  /** Hears of other channels that are dead. */
  isFallback: z.boolean().default(false),
  /** Where to; of e-mail `smtp://host:587` or `smtps://host:465`; of PagerDuty its events address. Never with a secret in it. */
  url: z.string().max(2_000).default(''),
  /** Webhook address with its key (Slack, Teams, Discord), `whsec_…`, routing key, SMTP password. */
  secret: z.string().max(2_000).nullable().default(null),
  /** E-mail alone. */
  username: z.string().max(200).default(''),
  from: z.string().max(320).default(''),
  to: z.array(z.string().max(320)).max(50).default([]),
  /** Liquid templates; empty = ours. */
  titleTemplate: z.string().max(2_000).default(''),
  bodyTemplate: z.string().max(8_000).default(''),
  /** Whether those are told that it is over. */
  sendResolved: z.boolean().default(true),
});
export type AlertChannel = z.infer<typeof alertChannel>;

export const channelStatus = z.object({
  /** `secret` is always null here. */
  channel: alertChannel,
  origin: alertRuleOrigin,
  hasSecret: z.boolean(),
  /** Host that the secret is bound to. */
  secretHost: z.string(),
  lastDeliveredAtMs: z.number().nullable(),
  lastErrorAtMs: z.number().nullable(),
  lastError: z.string(),
  waiting: count,
  dead: count,
});
export type ChannelStatus = z.infer<typeof channelStatus>;

export const channelList = z.object({ channels: z.array(channelStatus) });
export type ChannelList = z.infer<typeof channelList>;

export const channelChange = z.strictObject({ project, channel: alertChannel });
export type ChannelChange = z.infer<typeof channelChange>;

export const channelTest = z.object({
  delivered: z.boolean(),
  /** Of the answer; null when there was none. */
  status: z.number().nullable(),
  /** What to change; empty when it was delivered. */
  message: z.string(),
  durationMs: z.number(),
});
export type ChannelTest = z.infer<typeof channelTest>;
