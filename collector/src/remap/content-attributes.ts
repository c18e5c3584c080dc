/** Content as the attributes it came from. */
import { parseOrderedJson } from './parse-ordered-json.ts';
import type { AttributeValue, ContentItem } from '../span.ts';

export type ContentAttributes = {
  readonly attributes: readonly (readonly [string, AttributeValue])[];
  /** Items that cannot be taken apart: they stay as they are. */
  readonly unreadable: readonly ContentItem[];
};

export function toContentAttributes(content: readonly ContentItem[]): ContentAttributes {
  const attributes: [string, AttributeValue][] = [];
  const unreadable: ContentItem[] = [];
  for (const item of content) {
    const entries = toEntries(item);
    if (entries === null) unreadable.push(item);
    else attributes.push(...entries);
  }
  return { attributes, unreadable };
}

function toEntries(item: ContentItem): Iterable<[string, AttributeValue]> | null {
  if (item.format === 'text') return [[item.key, item.body]];
  if (item.format === 'json') return [[item.key, toJsonValue(item.body)]];
  const parsed = parseOrderedJson(item.body);
  return parsed instanceof Map ? (parsed as ReadonlyMap<string, AttributeValue>) : null;
}

/**
 * Whether JSON was sent as text or as a value was not kept. As text it is cheap, and every reader takes both; a bare
 * number or truth value was no text, or it would have been kept as one.
 */
function toJsonValue(body: string): AttributeValue {
  if (body === 'true' || body === 'false') return body === 'true';
  const number = /^-?\d/.test(body) ? Number(body) : Number.NaN;
  return Number.isFinite(number) ? number : body;
}

/** A body that did not change keeps its format: a value that was sent as one is JSON whatever its key says of text. */
export function keepFormats(
  derived: readonly ContentItem[],
  stored: readonly ContentItem[],
): ContentItem[] {
  const bodies = new Map(
    stored.filter(({ format }) => format === 'json').map(({ key, body }) => [key, body]),
  );
  return derived.map((item) =>
    item.format === 'text' && bodies.get(item.key) === item.body
      ? { ...item, format: 'json' }
      : item,
  );
}
