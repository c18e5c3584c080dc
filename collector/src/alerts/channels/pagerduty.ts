/** Events API v2 of PagerDuty: an event a group, under a key that is the same when it fires and when it is over. */
import { createHash } from 'node:crypto';
import type { AlertMessage, Delivery, MessageAlert } from '../delivery.ts';
import { toCustomText, type CustomText } from './custom-text.ts';
import { toIso } from './format-value.ts';
import { toLetter, type Letter, type LetterEntry } from './letter.ts';
import { toJsonRequest, type ToRequests } from './open-channel.ts';
import { cleanLine, truncate } from './text.ts';

export const pagerDutyUrl = 'https://events.pagerduty.com';
const limits = { key: 255, summary: 1_024, detail: 1_000 };

type Action = 'trigger' | 'acknowledge' | 'resolve';

export const toPagerDutyRequests: ToRequests = (channel, delivery, { publicUrl }) => {
  const url = new URL('/v2/enqueue', channel.channel.url || pagerDutyUrl).href;
  return toPagerDutyEvents(
    channel.secret,
    delivery,
    toLetter(delivery, publicUrl),
    toCustomText(channel.channel, delivery, publicUrl, { title: String, body: String }),
  ).map((events) => events.map((event) => toJsonRequest(url, event)));
};

/**
 * A list a group: its events have to arrive in order. Of several incidents of a group the worst stands for all, since
 * they have one key.
 */
export function toPagerDutyEvents(
  routingKey: string,
  delivery: Delivery,
  letter: Letter,
  custom: CustomText,
): readonly (readonly object[])[] {
  const { message } = delivery;
  const keys = message.alerts.map((alert) => toDedupKey(delivery, alert));
  return message.alerts.flatMap((alert, i) => {
    if (keys.indexOf(keys[i] ?? '') < i) return [];
    const own = { routing_key: routingKey, dedup_key: keys[i] };
    const trigger = () => toTrigger(message, alert, letter, letter.entries[i], custom);
    return [
      toActions(message, alert).map((action) =>
        Object.assign({ event_action: action }, own, action === 'trigger' ? trigger() : {}),
      ),
    ];
  });
}

/** What fired and was over before anybody could be told leaves a record and wakes nobody for long; so does a test. */
function toActions({ kind }: AlertMessage, { state }: MessageAlert): readonly Action[] {
  if (kind === 'test' || state === 'fired_and_resolved') return ['trigger', 'resolve'];
  if (kind === 'acknowledged') return ['acknowledge'];
  return state === 'resolved' ? ['resolve'] : ['trigger'];
}

function toDedupKey({ id, message }: Delivery, { fingerprint }: MessageAlert): string {
  const own = message.kind === 'test' ? ['test', id] : [];
  const key = [...own, message.project, message.rule, fingerprint].join(':').toWellFormed();
  if (key.length <= limits.key && cleanLine(key) === key) return key;
  return `orchescope:${createHash('sha256').update(key).digest('hex')}`;
}

function toTrigger(
  message: AlertMessage,
  alert: MessageAlert,
  letter: Letter,
  entry: LetterEntry | undefined,
  custom: CustomText,
): object {
  const summary = custom.title ?? `${cleanLine(message.title)}: ${entry?.text ?? ''}`;
  const details: Record<string, string | number | null> = {
    description: letter.description,
    reason: cleanLine(alert.reason),
    value: alert.value,
    threshold: alert.threshold,
    unit: cleanLine(message.unit),
    samples: alert.samples,
    more_groups: letter.overflow,
    text: custom.body ?? '',
    note: custom.note,
  };
  for (const { name, value } of letter.facts) details[name.toLowerCase()] = value;
  return {
    payload: {
      summary: truncate(summary, limits.summary),
      source: truncate(cleanLine(message.project), 200) || 'orchescope',
      severity: message.severity,
      timestamp: toIso(alert.startedAtMs),
      component: truncate(cleanLine(alert.group), 200) || truncate(cleanLine(message.rule), 200),
      group: truncate(cleanLine(message.rule), 200),
      class: truncate(cleanLine(message.metric), 200),
      custom_details: shorten(details),
    },
    links: [...letter.links, ...(entry?.links ?? [])].map(({ label, url }) => ({
      href: url,
      text: label,
    })),
    client: 'Orchescope',
  };
}

/** Without those that say nothing; JSON has no infinity. */
function shorten(details: Readonly<Record<string, string | number | null>>): object {
  return Object.fromEntries(
    Object.entries(details)
      .filter(
        ([, value]) =>
          value !== '' && value !== null && (typeof value === 'string' || Number.isFinite(value)),
      )
      .map(([name, value]) => [
        name,
        typeof value === 'string' ? truncate(value, limits.detail) : value,
      ]),
  );
}
