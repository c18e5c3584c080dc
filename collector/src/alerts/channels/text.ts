/** What arrives in spans and rules is written by anybody: made harmless to look at, and short enough, before it is sent. */

/** Changes single characters, and `://`, alone: so that a text may be cut between any two of those. */
export type Escape = (text: string) => string;

const units = /:\/\/|[^]/gu;

/** Controls and what is invisible or turns the direction of text: it can make a line say something else. */
const hidden =
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]+/gu;

/** Keeps line breaks. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll(hidden, ' ');
}

export function cleanLine(text: string): string {
  return cleanText(text).replaceAll(/\s+/g, ' ').trim();
}

/** What says that there was more. */
export const cut = '…';

/** At most `max` UTF-16 units, which no vendor counts as more; never half a character. */
export function truncate(text: string, max: number): string {
  return fitEscaped(text, max, (plain) => plain);
}

/** The longest start whose escaped form, with the mark, is within `max`. */
export function fitEscaped(text: string, max: number, escape: Escape): string {
  // No escape shortens, so a longer text cannot fit.
  if (text.length <= max) {
    const whole = escape(text);
    if (whole.length <= max) return whole;
  }
  let fitted = '';
  for (const [unit] of text.matchAll(units)) {
    const next = escape(unit);
    if (fitted.length + next.length > max - cut.length) break;
    fitted += next;
  }
  return `${fitted}${cut}`;
}

/** Of a text that is escaped already: does not leave half an entity or half an escape at its end. */
export function truncateEscaped(text: string, max: number): string {
  if (text.length <= max) return text;
  const start = truncate(text, max).slice(0, -cut.length);
  return `${start.replace(/&[^;\s]{0,8}$/, '').replace(/(?<!\\)((?:\\\\)*)\\$/, '$1')}${cut}`;
}

const htmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml: Escape = (text) =>
  text.replaceAll(/[&<>"']/g, (character) => htmlEntities[character] ?? '');

/** Of every text Slack takes: without `<` there is no mention, no link and no command. */
export const escapeSlack: Escape = (text) =>
  text.replaceAll(/[&<>]/g, (character) => htmlEntities[character] ?? '');

/** Slack's markup has no escape: an invisible character beside its signs keeps them from meaning anything. */
export const escapeSlackMarkup: Escape = (text) =>
  escapeSlack(text).replaceAll(/[*_~`@#]|:(?=\/\/)/g, '\u200b$&\u200b');

/** Of Discord and Adaptive Cards. What is broken apart makes no link, and mentions nobody. */
export const escapeMarkdown: Escape = (text) =>
  text.replaceAll(/[\\`*_~|<>[\]()#]/g, String.raw`\$&`).replaceAll(/@|:(?=\/\/)/g, '$&\u200b');
