import type { Attributes } from '@opentelemetry/api';
import { genAi } from '../attributes.ts';
import type { Meta } from '../context.ts';
import { textAt, told } from './json.ts';

/** Read by name, or about Mastra's own doings. */
const known: ReadonlySet<string> = new Set([
  'runId',
  'threadId',
  'resourceId',
  'userId',
  'sessionId',
  'environment',
  'resumed',
  'resumedFromSpanId',
  'targetTraceId',
  'targetSpanId',
]);

/**
 * What the user said of a call, for every span below it. A thread is a conversation, a resource whoever it is with;
 * anything else keeps the name that Mastra's own exporters give it.
 */
export const toMeta = (metadata: unknown, tags: unknown): Meta | undefined => {
  const attributes: Attributes = {};
  const threadId = textAt(metadata, 'threadId');
  if (threadId !== undefined) attributes[genAi.conversationId] = threadId;
  for (const [key, value] of Object.entries((metadata ?? {}) as object))
    if (!known.has(key) && isPlain(value)) attributes[`mastra.metadata.${key}`] = value;
  const meta = told({
    sessionId: textAt(metadata, 'sessionId'),
    userId: textAt(metadata, 'userId') ?? textAt(metadata, 'resourceId'),
    tags: Array.isArray(tags) ? tags.map(String) : undefined,
    attributes: Object.keys(attributes).length > 0 ? attributes : undefined,
  });
  return Object.keys(meta).length > 0 ? meta : undefined;
};

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);
