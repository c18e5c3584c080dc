/** A payload as text for people, cut to what a page can show. */
import type { Payload } from '../../contract.ts';
import type { ContentItem } from '../../span.ts';
import { toBodyValue } from './body-value.ts';

export const maxPayloadChars = 1_000_000;

export function toPayload(item: ContentItem): Payload {
  const text = toWholeText(item);
  return {
    key: item.key,
    json: isJson(text),
    text: text.length > maxPayloadChars ? text.slice(0, maxPayloadChars).toWellFormed() : text,
    totalChars: text.length,
  };
}

/** A JSON string is shown as the text in it; flattened keys as the tree they stand for. */
function toWholeText(item: ContentItem): string {
  if (item.format === 'text') return item.body;
  const value = toBodyValue(item);
  if (typeof value === 'string') return value;
  return item.format === 'json' && !item.body.startsWith('"') ? item.body : JSON.stringify(value);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // The answer to the question.
    return false;
  }
}
