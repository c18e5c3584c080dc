/** Webhooks of Discord: one embed, and nobody is mentioned whatever the text says. */
import { toCustomText, type CustomText } from './custom-text.ts';
import { fitEntries } from './fit.ts';
import { describeRest, toLetter, type Letter, type LetterEntry } from './letter.ts';
import { toJsonRequest, type ToRequests } from './open-channel.ts';
import { escapeMarkdown, fitEscaped, truncateEscaped } from './text.ts';

/** Of all texts of the embeds together 6,000. */
const limits = {
  content: 2_000,
  title: 256,
  description: 4_096,
  name: 256,
  value: 1_024,
  total: 6_000,
  entries: 15,
};
const colors = { critical: 0xd92d20, warning: 0xdc8a04, info: 0x2e6fd9, over: 0x2e8b57 };

type Field = { readonly name: string; readonly value: string; readonly inline: boolean };
type Embed = {
  readonly title: string;
  readonly description: string;
  readonly color: number;
  readonly fields: readonly Field[];
  readonly footer?: { readonly text: string };
};
export type DiscordPayload = {
  readonly content: string;
  readonly embeds: readonly Embed[];
  readonly allowed_mentions: { readonly parse: readonly [] };
};

export const toDiscordRequests: ToRequests = (channel, delivery, { publicUrl }) => {
  const escape = { title: escapeMarkdown, body: escapeMarkdown };
  const custom = toCustomText(channel.channel, delivery, publicUrl, escape);
  return [[toJsonRequest(channel.secret, toDiscordPayload(toLetter(delivery, publicUrl), custom))]];
};

export function toDiscordPayload(letter: Letter, custom: CustomText): DiscordPayload {
  const most = Math.min(letter.entries.length, limits.entries);
  const embed = fitEntries(
    most,
    (entries) => toEmbed(letter, custom, entries),
    (found) => found.description.length <= limits.description && countText(found) <= limits.total,
  );
  // Of notifications; the embed says the rest.
  return {
    content: truncateEscaped(embed.title, limits.content),
    embeds: [embed],
    allowed_mentions: { parse: [] },
  };
}

function toEmbed(letter: Letter, custom: CustomText, entries: number): Embed {
  return {
    title:
      custom.title === null
        ? fitEscaped(letter.title, limits.title, escapeMarkdown)
        : truncateEscaped(custom.title, limits.title),
    description:
      custom.body === null
        ? toDescription(letter, entries)
        : truncateEscaped(custom.body, limits.description),
    color: letter.isOver ? colors.over : colors[letter.severity],
    fields: custom.body === null ? toFields(letter) : [],
    ...(custom.note === '' ? {} : { footer: { text: truncateEscaped(custom.note, 500) } }),
  };
}

function toDescription(letter: Letter, entries: number): string {
  const links = letter.links.map(({ label, url }) => `[${label}](${url})`);
  const parts = [
    fitEscaped(letter.description, 800, escapeMarkdown),
    ...letter.entries.slice(0, entries).map(toLine),
    describeRest(letter, entries),
    fitLinks(links, 2_000),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function toLine({ text, links }: LetterEntry): string {
  const shown = links.slice(0, 3).map(({ label, url }) => `[${label}](${url})`);
  return [`• ${fitEscaped(text, 600, escapeMarkdown)}`, fitLinks(shown, 1_000)]
    .filter((part) => part !== '')
    .join(' ');
}

/** Whole links alone. */
function fitLinks(links: readonly string[], max: number): string {
  let text = '';
  for (const link of links)
    if (text.length + link.length + 3 <= max) text += `${text === '' ? '' : ' · '}${link}`;
  return text;
}

function toFields(letter: Letter): readonly Field[] {
  return letter.facts.map(({ name, value }) => ({
    name: fitEscaped(name, limits.name, escapeMarkdown),
    value: fitEscaped(value, 150, escapeMarkdown),
    inline: true,
  }));
}

function countText({ title, description, fields, footer }: Embed): number {
  const inFields = fields.map(({ name, value }) => name.length + value.length);
  return inFields.reduce(
    (sum, length) => sum + length,
    title.length + description.length + (footer?.text.length ?? 0),
  );
}
