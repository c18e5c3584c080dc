/** Where a message leads: pages of the dashboard, as its routes read them. */

export type Link = { readonly label: string; readonly url: string };

/** @param publicUrl of the dashboard, as people reach it; empty = not known, and there are no links */
export type Links = {
  readonly incident: (id: string) => string;
  readonly silence: (rule: string, group: string) => string;
  readonly trace: (traceId: string) => string;
  readonly rule: (id: string) => string;
  readonly channels: () => string;
};

export function createLinks(publicUrl: string, project: string): Links {
  const base = toSafeUrl(publicUrl).replace(/\/+$/, '');
  const to = (path: string, query: Readonly<Record<string, string>> = {}): string =>
    base === '' ? '' : toSafeUrl(`${base}${path}?${new URLSearchParams({ project, ...query })}`);
  return {
    incident: (id) => to(`/alerts/incidents/${encodePart(id)}`),
    silence: (rule, group) => to('/alerts/silences', group === '' ? { rule } : { rule, group }),
    trace: (traceId) => to(`/traces/${encodePart(traceId)}`),
    rule: (id) => to(`/alerts/rules/${encodePart(id)}`),
    channels: () => to('/alerts/channels'),
  };
}

/**
 * http or https, and free of every character that ends a link in Markdown, Slack or HTML; otherwise empty. Longer ones
 * than vendors take are left out: half a link is none.
 */
export function toSafeUrl(text: string): string {
  const url = URL.parse(text.toWellFormed());
  if (url === null || !/^https?:$/.test(url.protocol)) return '';
  url.username = '';
  url.password = '';
  const safe = url.href.replaceAll(/[^\w\-.~:/?#@!$&+,;=%]/g, encodeCharacter);
  return safe.length <= longest ? safe : '';
}

/** Of Slack, the shortest of all, a link in a section may be 3,000 long; of Discord it counts as text. */
const longest = 1_000;

function encodePart(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(/[!'()*]/g, encodeCharacter);
}

function encodeCharacter(character: string): string {
  const code = character.charCodeAt(0).toString(16).toUpperCase();
  return `%${code.padStart(2, '0')}`;
}
