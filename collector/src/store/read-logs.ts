/** Log records of a trace or a span. They may have come long before it or after it, so no time is asked for. */
import { fromLogRow, logRowColumns, type StoredLog } from './log-row.ts';
import { fromProject, readRows, type Reader } from './read-rows.ts';
import type { SqlFragment } from './store.ts';

export type LogPage = {
  /** In the order they happened. */
  readonly records: readonly StoredLog[];
  /** There are older ones than these. */
  readonly hasOlder: boolean;
};

/** The newest records of a trace. */
export async function readTraceLogs(
  reader: Reader,
  projectId: string,
  traceId: string,
  limit: number,
): Promise<LogPage> {
  return readPage(reader, projectId, toTraceLogsSql(traceId, limit), limit);
}

export type LoggedSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly responseId: string;
};

/**
 * The newest records that name this span, and the evaluations of its answer, which often come from another trace, days
 * later: they name the answer by its id.
 */
export async function readSpanLogs(
  reader: Reader,
  projectId: string,
  { traceId, spanId, responseId }: LoggedSpan,
  limit: number,
): Promise<LogPage> {
  // Apart: an index over either id is of no use to a query that may find rows by the other.
  const [own, judged] = await Promise.all([
    readPage(reader, projectId, toSpanLogsSql(traceId, spanId, limit), limit),
    responseId === ''
      ? { records: [], hasOlder: false }
      : readPage(reader, projectId, toEvaluationsSql(responseId, limit), limit),
  ]);
  const known = new Set(own.records.map(({ id }) => id));
  const others = judged.records.filter(({ id }) => !known.has(id));
  return { records: [...own.records, ...others], hasOlder: own.hasOlder || judged.hasOlder };
}

async function readPage(
  reader: Reader,
  projectId: string,
  query: SqlFragment,
  limit: number,
): Promise<LogPage> {
  const rows = await readRows(reader, projectId, query);
  const records = rows.slice(0, limit).map(fromLogRow).reverse();
  return { records, hasOlder: rows.length > limit };
}

// One more than asked for tells whether there are older ones.

export function toTraceLogsSql(traceId: string, limit: number): SqlFragment {
  return {
    sql: toNewestOnce('trace_id = {traceId:String}'),
    params: { traceId, limit: limit + 1 },
  };
}

export function toSpanLogsSql(traceId: string, spanId: string, limit: number): SqlFragment {
  return {
    sql: toNewestOnce('trace_id = {traceId:String} AND span_id = {spanId:String}'),
    params: { traceId, spanId, limit: limit + 1 },
  };
}

export function toEvaluationsSql(responseId: string, limit: number): SqlFragment {
  return {
    sql: toNewestOnce("response_id = {responseId:String} AND fact = 'evaluation'"),
    params: { responseId, limit: limit + 1 },
  };
}

/**
 * Each record once, whatever merges have done so far, as it was mapped last. The newest are chosen by their times
 * alone: bodies of the others are not read.
 */
function toNewestOnce(condition: string): string {
  const from = `${fromProject('logs')}\n  AND ${condition}`;
  return `SELECT * FROM (
SELECT ${logRowColumns}, time
FROM ${from}
  AND identity IN (
    SELECT identity FROM ${from}
    GROUP BY identity
    ORDER BY max(time) DESC, max(position) DESC, identity
    LIMIT {limit:UInt32}
  )
ORDER BY mapper_version DESC
LIMIT 1 BY identity
)
ORDER BY time DESC, position DESC, id`;
}
