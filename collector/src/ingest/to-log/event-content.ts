/** Payloads of a log record leave its attributes, as those of a span do. Nothing in them is parsed. */
import type { LogFact } from '../../log-record.ts';
import type { AttributeValue, Attributes, ContentItem } from '../../span.ts';
import type { EventRule } from '../dialects/events.ts';
import { cutText, maxContentBytes, type Cuts } from '../to-span/limits.ts';
import { toJsonText } from '../to-span/json-text.ts';
import { readContent, type ReadContent } from '../to-span/read-content.ts';
import { kindOfFact } from './event-fields.ts';

export function readEventContent(
  attributes: Attributes,
  fact: LogFact,
  rule: EventRule | null,
  cuts: Cuts,
): ReadContent {
  // Logs of an application that is no agent use the same common words.
  if (fact === 'other') return { content: [], rest: attributes };
  const { content, rest } = readContent(attributes, kindOfFact[fact], cuts);
  if (rule?.content === undefined) return { content, rest };
  const own: ContentItem[] = [];
  const left = new Map(rest);
  for (const [slot, key, options] of rule.content) {
    const value = left.get(key);
    if (value === undefined || value === null || value === '') continue;
    left.delete(key);
    own.push({ slot, key, ...toBody(value, options?.as === 'text', cuts) });
  }
  return { content: [...content, ...own], rest: left };
}

function toBody(
  value: AttributeValue,
  isText: boolean,
  cuts: Cuts,
): Pick<ContentItem, 'format' | 'body'> {
  const text = typeof value === 'string' ? value : toJsonText(value);
  const body = cutText(text, maxContentBytes, cuts);
  const isJson = typeof value === 'string' ? !isText && /^\s*[[{]/.test(body) : true;
  return { format: isJson && body === text ? 'json' : 'text', body };
}
