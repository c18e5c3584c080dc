/** Words in message bodies and payloads of one project. */
import type { Hono } from 'hono';
import { z } from 'zod';
import { searchQuery, type SearchQuery, type SearchResult } from '../contract.ts';
import type { Reader } from '../store/read-rows.ts';
import { searchContent, type ContentHit } from '../store/search-content.ts';
import { ApiFailure } from './api-failure.ts';
import { readRange, type Range } from './read-range.ts';
import { toReader } from './reader.ts';
import { toIso } from './time-range.ts';
import { readQuery } from './validate.ts';

export function addSearchRoute(app: Hono, store: Reader): void {
  app.get('/search', async (c) =>
    c.json(await search(toReader(store, c), readQuery(c, searchQuery))),
  );
}

async function search(store: Reader, query: SearchQuery): Promise<SearchResult> {
  const cursor = readCursor(query.cursor);
  const range = cursor ? { from: BigInt(cursor.from), to: BigInt(cursor.to) } : readRange(query);
  const found = await searchContent(store, query.project, {
    text: query.q,
    fromUnixNano: range.from,
    toUnixNano: range.to,
    // One more than asked for tells whether there is a next page.
    limit: query.limit + 1,
    after: cursor ?? null,
  }).catch(refuseWordless);
  const hits = found.slice(0, query.limit);
  const last = found.length > query.limit ? hits.at(-1) : undefined;
  return {
    hits,
    nextCursor: last === undefined ? null : toCursorText(last, range),
    from: toIso(range.from),
    to: toIso(range.to),
  };
}

function refuseWordless(error: unknown): never {
  if (error instanceof RangeError) throw new ApiFailure('invalid_request', `q: ${error.message}`);
  throw error;
}

const digits = z
  .string()
  .regex(/^\d{1,19}$/)
  .refine((text) => BigInt(text) <= 9_223_372_036_854_775_807n);
const cursorShape = z.object({
  from: digits,
  to: digits,
  startTimeUnixNano: digits,
  traceId: z.string().max(64),
  spanId: z.string().max(64),
});

function toCursorText(last: ContentHit, { from, to }: Range): string {
  const { startTimeUnixNano, traceId, spanId } = last;
  const cursor = { from: String(from), to: String(to), startTimeUnixNano, traceId, spanId };
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function readCursor(text: string | undefined): z.infer<typeof cursorShape> | undefined {
  if (text === undefined) return undefined;
  const parsed = cursorShape.safeParse(parse(Buffer.from(text, 'base64url').toString()));
  if (parsed.success) return parsed.data;
  throw new ApiFailure(
    'invalid_cursor',
    'cursor: this is not the nextCursor of a search. Ask without it to begin again.',
  );
}

/** Undefined is of no cursor's shape. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
