/** A letter as an e-mail: text and HTML, the same id however often it is sent, one thread an incident. */
import type { AlertChannel } from '../../contract.ts';
import type { Delivery } from '../delivery.ts';
import { toCustomText, type CustomText } from './custom-text.ts';
import { describeRest, toLetter, type Letter, type LetterEntry } from './letter.ts';
import type { Link } from './links.ts';
import { readMailbox, type Mailbox } from './mailbox.ts';
import { toPlainText } from './plain-text.ts';
import { cleanLine, escapeHtml, truncate } from './text.ts';

export type Mail = {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly references: string;
  readonly listId: string;
};

const mostEntries = 100;
const longestSubject = 200;
const longestText = 50_000;
const plain = { title: String, body: String };

/** @param channel checked: its addresses can be read */
export function toMail(channel: AlertChannel, delivery: Delivery, publicUrl: string): Mail | null {
  const from = readMailbox(channel.from);
  const to = channel.to.map(readMailbox).filter((mailbox) => mailbox !== null);
  if (from === null || to.length === 0 || to.length < channel.to.length) return null;
  const letter = toLetter(delivery, publicUrl);
  const custom = toCustomText(channel, delivery, publicUrl, plain);
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const { message } = delivery;
  const [first] = message.alerts;
  return {
    from,
    to,
    subject: truncate(cleanLine(custom.title ?? letter.title), longestSubject),
    text: toText(letter, custom),
    html: toHtml(letter, custom),
    messageId: `<${toIdPart(delivery.id)}@${domain}>`,
    references: `<incident-${toIdPart(first?.incident ?? delivery.id)}@${domain}>`,
    listId: `<${toIdPart(message.rule)}.${toIdPart(message.project)}.orchescope.${domain}>`,
  };
}

function toText(letter: Letter, { body, note }: CustomText): string {
  const text = body ?? toPlainText(letter, mostEntries);
  return truncate([text, note].filter((part) => part !== '').join('\n\n'), longestText);
}

function toHtml(letter: Letter, { body, note }: CustomText): string {
  const content = body === null ? toBody(letter) : toParagraph(truncate(body, longestText));
  return `<!doctype html><html><head><meta charset="utf-8"></head><body>${content}${toParagraph(note)}</body></html>`;
}

function toBody(letter: Letter): string {
  const shown = letter.entries.slice(0, mostEntries);
  const facts = letter.facts.map(({ name, value }) => `${escapeHtml(name)}: ${escapeHtml(value)}`);
  return [
    `<h2>${escapeHtml(letter.title)}</h2>`,
    toParagraph(letter.description),
    `<ul>${shown.map(toItem).join('')}</ul>`,
    toParagraph(describeRest(letter, shown.length)),
    `<p>${letter.links.map(toLink).join(' · ')}</p>`,
    `<p style="color:#555">${facts.join('<br>')}</p>`,
  ].join('');
}

function toItem({ text, links }: LetterEntry): string {
  return `<li>${[escapeHtml(text), ...links.map(toLink)].join(' ')}</li>`;
}

function toLink({ label, url }: Link): string {
  return `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`;
}

function toParagraph(text: string): string {
  return text === '' ? '' : `<p>${escapeHtml(text).replaceAll('\n', '<br>')}</p>`;
}

function toIdPart(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 100) || '-';
}
