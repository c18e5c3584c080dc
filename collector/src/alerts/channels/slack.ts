/** Incoming webhooks of Slack: blocks, with values as plain text wherever Slack would read markup. */
import { toCustomText, type CustomText } from './custom-text.ts';
import { fitEntries } from './fit.ts';
import { describeRest, toLetter, type Letter, type LetterEntry } from './letter.ts';
import type { Link } from './links.ts';
import { toJsonRequest, type ToRequests } from './open-channel.ts';
import { escapeSlack, escapeSlackMarkup, fitEscaped, truncateEscaped } from './text.ts';

/** Of a section 3,000 and of a header 150; all of a message much beyond 13,000 is refused though no page says so. */
const limits = { header: 150, section: 3_000, total: 12_000, entries: 20 };

export const toSlackRequests: ToRequests = (channel, delivery, { publicUrl }) => {
  const escape = { title: escapeSlack, body: escapeSlackMarkup };
  const custom = toCustomText(channel.channel, delivery, publicUrl, escape);
  return [[toJsonRequest(channel.secret, toSlackPayload(toLetter(delivery, publicUrl), custom))]];
};

export function toSlackPayload(letter: Letter, custom: CustomText): object {
  const most = Math.min(letter.entries.length, limits.entries);
  const fits = (payload: object) => JSON.stringify(payload).length <= limits.total;
  return fitEntries(most, (entries) => toPayload(letter, custom, entries), fits);
}

function toPayload(letter: Letter, custom: CustomText, entries: number): object {
  const title =
    custom.title === null
      ? fitEscaped(letter.title, limits.header, escapeSlack)
      : truncateEscaped(custom.title, limits.header);
  const body =
    custom.body === null
      ? toBlocks(letter, entries)
      : [
          {
            type: 'section',
            text: { type: 'mrkdwn', text: truncateEscaped(custom.body, limits.section) },
          },
        ];
  const note = custom.note === '' ? [] : [toPlain(custom.note, 500)];
  return {
    // Of notifications and of readers aloud.
    text: title,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title, emoji: false } },
      ...body,
      ...note,
    ],
    unfurl_links: false,
    unfurl_media: false,
  };
}

function toBlocks(letter: Letter, entries: number): readonly object[] {
  const facts = letter.facts.map(({ name, value }) => `${name}: ${value}`).join('\n');
  const rest = describeRest(letter, entries);
  return [
    ...(letter.description === '' ? [] : [toPlain(letter.description, 1_500)]),
    ...letter.entries.slice(0, entries).flatMap(toEntryBlocks),
    ...(rest === '' ? [] : [toPlain(rest, 100)]),
    ...(facts === '' ? [] : [toPlain(facts, 2_000)]),
    ...toLinkBlocks(letter.links),
  ];
}

function toEntryBlocks({ text, links }: LetterEntry): readonly object[] {
  return [toPlain(text, 1_000), ...toLinkBlocks(links)];
}

/** Labels are ours, and addresses are free of what ends a link. */
function toLinkBlocks(links: readonly Link[]): readonly object[] {
  const texts = links.map(({ label, url }) => `<${url.replaceAll('&', '&amp;')}|${label}>`);
  let text = '';
  for (const link of texts)
    if (text.length + link.length + 3 <= limits.section)
      text += `${text === '' ? '' : ' · '}${link}`;
  return text === '' ? [] : [{ type: 'context', elements: [{ type: 'mrkdwn', text }] }];
}

function toPlain(text: string, max: number): object {
  return {
    type: 'section',
    text: { type: 'plain_text', text: fitEscaped(text, max, escapeSlack), emoji: false },
  };
}
