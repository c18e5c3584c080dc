/** Generic webhooks, signed as Standard Webhooks says. The body is versioned by its type: fields are only added. */
import { createHmac } from 'node:crypto';
import type { Delivery, MessageAlert } from '../delivery.ts';
import { toCustomText, type CustomText } from './custom-text.ts';
import { fitEntries } from './fit.ts';
import { toIso } from './format-value.ts';
import { toLetter, type Letter } from './letter.ts';
import { createLinks, toSafeUrl, type Links } from './links.ts';
import { toPlainText } from './plain-text.ts';
import type { ToRequests } from './open-channel.ts';
import { cleanLine, cleanText, truncate } from './text.ts';

const maxBodyBytes = 20_000;
const plain = { title: String, body: String };

export const toWebhookRequests: ToRequests = (channel, delivery, { publicUrl, nowMs }) => {
  const custom = toCustomText(channel.channel, delivery, publicUrl, plain);
  const body = toWebhookBody(delivery, toLetter(delivery, publicUrl), custom, publicUrl);
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = sign(channel.secret, delivery.id, timestamp, body);
  return [
    [
      {
        url: channel.channel.url,
        headers: {
          'content-type': 'application/json',
          'webhook-id': delivery.id,
          'webhook-timestamp': timestamp,
          ...(signature === '' ? {} : { 'webhook-signature': signature }),
        },
        body,
      },
    ],
  ];
};

/** While a secret is rotated there are two of them, and the receiver takes either signature. */
export function sign(secrets: string, id: string, timestamp: string, body: string): string {
  return readSigningKeys(secrets)
    .map((key) => createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64'))
    .map((digest) => `v1,${digest}`)
    .join(' ');
}

/** @param secrets `whsec_` and base64, several with spaces between them */
export function readSigningKeys(secrets: string): readonly Buffer[] {
  return secrets
    .split(/\s+/)
    .filter((secret) => secret !== '')
    .map((secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'));
}

/** Texts are shortened before groups are left out, since a group that is not named is not looked at. */
function toWebhookBody(
  delivery: Delivery,
  letter: Letter,
  custom: CustomText,
  publicUrl: string,
): string {
  const links = createLinks(publicUrl, delivery.message.project);
  const fits = (body: string) => Buffer.byteLength(body) < maxBodyBytes;
  const build = (longest: number) => (entries: number) =>
    JSON.stringify(toPayload(delivery, letter, custom, links, entries, longest));
  const bodies = [1_000, 300, 50].map((longest) =>
    fitEntries(delivery.message.alerts.length, build(longest), fits),
  );
  return bodies.find(fits) ?? bodies.at(-1) ?? '';
}

/** @param longest of any text that somebody wrote */
function toPayload(
  { createdAtMs, message }: Delivery,
  letter: Letter,
  custom: CustomText,
  links: Links,
  entries: number,
  longest: number,
): object {
  const line = (text: string) => truncate(cleanLine(text), Math.min(longest, 200));
  const text = (value: string) => truncate(cleanText(value), longest);
  const labels = Object.entries(message.labels).slice(0, 20);
  return {
    type: `alert.${message.kind}`,
    timestamp: toIso(createdAtMs),
    data: {
      project: line(message.project),
      rule: line(message.rule),
      title: line(message.title),
      description: text(message.description),
      summary: text(custom.title ?? letter.title),
      text: text(custom.body ?? toPlainText(letter, 5)),
      note: line(custom.note),
      severity: message.severity,
      metric: line(message.metric),
      unit: line(message.unit),
      target: message.target,
      labels: Object.fromEntries(
        labels.map(([name, value]) => [line(name), line(value)]),
      ) as object,
      owner: line(message.owner),
      runbook: toSafeUrl(message.runbook),
      window: { from: toIso(message.window.fromMs), to: toIso(message.window.toMs) },
      links: { rule: links.rule(message.rule), silence: links.silence(message.rule, '') },
      alerts: message.alerts.slice(0, entries).map((alert) => toAlert(alert, links, line)),
      overflow: message.overflow + message.alerts.length - entries,
    },
  };
}

function toAlert(alert: MessageAlert, links: Links, line: (text: string) => string): object {
  return {
    incident: line(alert.incident),
    fingerprint: line(alert.fingerprint),
    group: line(alert.group),
    state: alert.state,
    value: alert.value,
    threshold: alert.threshold,
    samples: alert.samples,
    reason: line(alert.reason),
    startedAt: toIso(alert.startedAtMs),
    endedAt: alert.endedAtMs === null ? null : toIso(alert.endedAtMs),
    exemplars: alert.exemplars.slice(0, 5).map(line),
    links: { incident: links.incident(alert.incident) },
  };
}
