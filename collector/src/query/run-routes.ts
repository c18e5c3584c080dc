import type { Hono } from 'hono';
import {
  runQuery,
  runsQuery,
  type RunDetail,
  type RunList,
  type RunsQuery,
  type TraceRuns,
} from '../contract.ts';
import {
  readNewestRunTime,
  readRun,
  readRunPage,
  readRunsOfTrace,
  type RunRow,
} from '../store/read-runs.ts';
import type { Reader } from '../store/read-rows.ts';
import { readTraceRuns } from '../store/trace-runs.ts';
import { ApiFailure } from './api-failure.ts';
import { toReader } from './reader.ts';
import { readRange, type Range } from './read-range.ts';
import { toCursorText } from './cursor-text.ts';
import { fromRunCursorText, type RunCursor } from './run-cursor.ts';
import { toRunConditions } from './run-filter.ts';
import { nowUnixNano } from './run-scope.ts';
import { toIso } from './time-range.ts';
import { toRunDetail, toRunSummary } from './to-run.ts';
import { readQuery, readTraceId } from './validate.ts';

export function addRunRoutes(app: Hono, store: Reader): void {
  app.get('/runs', async (c) =>
    c.json(await listRuns(toReader(store, c), readQuery(c, runsQuery))),
  );
  app.get('/runs/:runId', async (c) => {
    const { project } = readQuery(c, runQuery);
    const rows = await readRun(toReader(store, c), project, c.req.param('runId'), nowUnixNano());
    const [row] = rows;
    if (row === undefined)
      throw new ApiFailure('not_found', 'There is no such run in this project.');
    return c.json(toRunDetail(row) satisfies RunDetail);
  });
  app.get('/traces/:traceId/runs', async (c) => {
    const { project } = readQuery(c, runQuery);
    const reader = toReader(store, c);
    const [trace] = await readTraceRuns(reader, project, [readTraceId(c)]);
    const runIds = trace?.places.map(({ runId }) => runId) ?? [];
    const rows = await readRunsOfTrace(reader, project, runIds, nowUnixNano());
    return c.json({ runs: rows.map(toRunDetail) } satisfies TraceRuns);
  });
}

async function listRuns(store: Reader, query: RunsQuery): Promise<RunList> {
  const { project, sort, order, limit } = query;
  const conditions = toRunConditions(query.q);
  const cursor = readCursor(query);
  const range = cursor ? { from: BigInt(cursor.from), to: BigInt(cursor.to) } : readRange(query);
  const rows = await readRunPage(store, project, {
    fromUnixNano: range.from,
    toUnixNano: range.to,
    nowUnixNano: cursor ? BigInt(cursor.now) : nowUnixNano(),
    conditions,
    sort,
    order,
    after: cursor ? { value: cursor.value, runId: cursor.runId } : null,
    // One more than asked for tells whether there is a next page.
    limit: limit + 1,
  });
  const runs = rows.slice(0, limit).map(toRunSummary);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    runs,
    nextCursor: last === undefined ? null : toCursorText(toCursor(query, range, last, cursor)),
    from: toIso(range.from),
    to: toIso(range.to),
    newestRunAt: runs.length > 0 ? null : await readNewestRunTime(store, project),
  };
}

function readCursor({ cursor: text, sort, order }: RunsQuery): RunCursor | undefined {
  if (text === undefined) return undefined;
  const cursor = fromRunCursorText(text);
  if (cursor?.sort === sort && cursor.order === order) return cursor;
  throw new ApiFailure(
    'invalid_cursor',
    'cursor: this is not the nextCursor of the same list. Ask without it to begin again.',
  );
}

function toCursor(
  { sort, order }: RunsQuery,
  range: Range,
  last: RunRow,
  before: RunCursor | undefined,
): RunCursor {
  return {
    sort,
    order,
    from: range.from.toString(),
    to: range.to.toString(),
    // Running runs grow: all pages of a list measure them at one moment.
    now: before?.now ?? nowUnixNano().toString(),
    value: String(last['sort_text']),
    runId: String(last['run_id']),
  };
}
