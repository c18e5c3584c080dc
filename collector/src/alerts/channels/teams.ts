/** Microsoft Teams, by a workflow that posts Adaptive Cards. Values are text runs: no Markdown is read in them. */
import { toCustomText, type CustomText } from './custom-text.ts';
import { byteLength, fitEntries } from './fit.ts';
import { describeRest, toLetter, type Letter, type LetterEntry } from './letter.ts';
import { toJsonRequest, type ToRequests } from './open-channel.ts';
import { escapeMarkdown, truncate, truncateEscaped } from './text.ts';

/** Workflows refuse more than 28 KB. */
const limits = { bytes: 27_000, title: 200, text: 1_500, body: 5_000, entries: 50 };

export const toTeamsRequests: ToRequests = (channel, delivery, { publicUrl }) => {
  const escape = { title: String, body: escapeMarkdown };
  const custom = toCustomText(channel.channel, delivery, publicUrl, escape);
  return [[toJsonRequest(channel.secret, toTeamsPayload(toLetter(delivery, publicUrl), custom))]];
};

export function toTeamsPayload(letter: Letter, custom: CustomText): object {
  const most = Math.min(letter.entries.length, limits.entries);
  const fits = (payload: object) => byteLength(payload) <= limits.bytes;
  return fitEntries(most, (entries) => toPayload(letter, custom, entries), fits);
}

function toPayload(letter: Letter, custom: CustomText, entries: number): object {
  const title = truncate(custom.title ?? letter.title, limits.title);
  const body =
    custom.body === null
      ? toElements(letter, entries)
      : [{ type: 'TextBlock', text: truncateEscaped(custom.body, limits.body), wrap: true }];
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      toRun(title, { weight: 'Bolder', size: 'Medium', color: toColor(letter) }),
      ...body,
      ...(custom.note === '' ? [] : [toRun(truncate(custom.note, 500), { isSubtle: true })]),
    ],
    actions: letter.links.map(({ label, url }) => ({ type: 'Action.OpenUrl', title: label, url })),
    msteams: { width: 'Full' },
  };
  return {
    type: 'message',
    attachments: [
      { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card },
    ],
  };
}

function toElements(letter: Letter, entries: number): readonly object[] {
  const rest = describeRest(letter, entries);
  return [
    ...(letter.description === '' ? [] : [toRun(truncate(letter.description, limits.text), {})]),
    ...letter.entries.slice(0, entries).map(toEntryElement),
    ...(rest === '' ? [] : [toRun(rest, { isSubtle: true })]),
    ...letter.facts.map(({ name, value }) =>
      toRun(`${name}: ${value}`, { isSubtle: true, size: 'Small' }),
    ),
  ];
}

function toEntryElement({ text, links }: LetterEntry): object {
  const runs = links.flatMap(({ label, url }) => [
    { type: 'TextRun', text: ' ' },
    { type: 'TextRun', text: label, selectAction: { type: 'Action.OpenUrl', url } },
  ]);
  return {
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text: truncate(text, 600) }, ...runs],
  };
}

function toRun(text: string, style: Readonly<Record<string, string | boolean>>): object {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...style }] };
}

function toColor({ isOver, severity }: Letter): string {
  if (isOver) return 'Good';
  return severity === 'critical' ? 'Attention' : severity === 'warning' ? 'Warning' : 'Accent';
}
