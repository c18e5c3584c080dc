import type { Hono } from 'hono';
import {
  traceQuery,
  tracesQuery,
  type TraceList,
  type TraceSummary,
  type TracesQuery,
} from '../contract.ts';
import type { Reader } from '../store/read-rows.ts';
import {
  readNewestTraceTime,
  readTracePage,
  readTraceSummaries,
  type TracePlace,
} from '../store/read-traces.ts';
import { ApiFailure } from './api-failure.ts';
import { fromCursorText, toCursorText, type Cursor } from './cursor.ts';
import { toConditions } from './filter-sql.ts';
import { parseFilter } from './filter.ts';
import { readRange, type Range } from './read-range.ts';
import { toReader } from './reader.ts';
import { toIso } from './time-range.ts';
import { readQuery, readTraceId } from './validate.ts';

export function addTraceRoutes(app: Hono, store: Reader): void {
  app.get('/traces', async (c) =>
    c.json(await listTraces(toReader(store, c), readQuery(c, tracesQuery))),
  );
  app.get('/traces/:traceId', async (c) => {
    const { project } = readQuery(c, traceQuery);
    const [trace] = await readTraceSummaries(toReader(store, c), project, [readTraceId(c)]);
    if (trace === undefined)
      throw new ApiFailure('not_found', 'There is no such trace in this project.');
    return c.json(trace satisfies ReadonlyDeep<TraceSummary>);
  });
}

type ReadonlyDeep<T> = {
  readonly [K in keyof T]: T[K] extends string[] ? readonly string[] : T[K];
};

async function listTraces(store: Reader, query: TracesQuery): Promise<ReadonlyDeep<TraceListing>> {
  const conditions = toConditions(parseFilter(query.q));
  const cursor = readCursor(query);
  const range = cursor ? toCursorRange(cursor) : readRange(query);
  const places = await readTracePage(store, query.project, {
    fromUnixNano: range.from,
    toUnixNano: range.to,
    conditions,
    sort: query.sort,
    order: query.order,
    after: cursor ? { value: cursor.value, traceId: cursor.traceId } : null,
    // One more than asked for tells whether there is a next page.
    limit: query.limit + 1,
  });
  const page = places.slice(0, query.limit);
  const traceIds = page.map((place) => place.traceId);
  const traces = await readTraceSummaries(store, query.project, traceIds);
  const last = places.length > query.limit ? page.at(-1) : undefined;
  return {
    traces,
    nextCursor: last === undefined ? null : toCursorText(toCursor(query, range, last)),
    from: toIso(range.from),
    to: toIso(range.to),
    newestTraceAt: traces.length > 0 ? null : await readNewestTraceTime(store, query.project),
  };
}

type TraceListing = Omit<TraceList, 'traces'> & {
  readonly traces: Awaited<ReturnType<typeof readTraceSummaries>>;
};

function readCursor(query: TracesQuery): Cursor | undefined {
  if (query.cursor === undefined) return undefined;
  const cursor = fromCursorText(query.cursor);
  if (cursor?.sort === query.sort && cursor.order === query.order) return cursor;
  throw new ApiFailure(
    'invalid_cursor',
    'cursor: this is not the nextCursor of the same list. Ask without it to begin again.',
  );
}

function toCursor(query: TracesQuery, range: Range, last: TracePlace): Cursor {
  return {
    sort: query.sort,
    order: query.order,
    from: range.from.toString(),
    to: range.to.toString(),
    value: last.sortValue,
    traceId: last.traceId,
  };
}

function toCursorRange(cursor: Cursor): Range {
  return { from: BigInt(cursor.from), to: BigInt(cursor.to) };
}
