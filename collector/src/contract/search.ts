/** Finding words in messages and payloads. */
import { z } from 'zod';
import { nanoseconds, project, spanId, timeExpression, timeForms, traceId } from './parts.ts';

export const searchQuery = z.object({
  project,
  q: z
    .string()
    .min(1)
    .max(500)
    .describe('Words in their order, whole and in any case; what stands between them is ignored.'),
  from: timeExpression.default('now-24h').describe(`Start of the range. ${timeForms}`),
  to: timeExpression.default('now').describe(`End of the range. ${timeForms}`),
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Hits a page.'),
  cursor: z.string().max(400).optional().describe('The nextCursor of the page before.'),
});
export type SearchQuery = z.infer<typeof searchQuery>;

export const searchResult = z.object({
  /** Newest first, one a span. */
  hits: z.array(
    z.object({
      traceId,
      spanId,
      /** Start of the span. */
      startTimeUnixNano: nanoseconds,
      /** Where the text stands: input_messages, tool_result and so on. */
      slot: z.string(),
      /** What stands around the match, as it was sent: mostly a piece of JSON. */
      before: z.string(),
      match: z.string(),
      after: z.string(),
    }),
  ),
  /** Ask again with `cursor` for the next page; null on the last. */
  nextCursor: z.string().nullable(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type SearchResult = z.infer<typeof searchResult>;
