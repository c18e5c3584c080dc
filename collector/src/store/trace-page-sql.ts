/** SQL that finds one page of traces. It answers ids and sort values; what a list shows is read for these only. */
import { fromProject } from './read-rows.ts';
import type { SqlFragment } from './store.ts';
import { fromLatestSpans, selectList, figureFacts, traceFigures } from './trace-sql.ts';

/** A test on a trace: that one of its spans matches (or none does), or on a figure of the whole trace. */
export type TraceCondition =
  | { readonly on: 'span'; readonly none: boolean; readonly sql: SqlFragment }
  | { readonly on: 'trace'; readonly sql: SqlFragment };

export type TracePageQuery = {
  /** A trace is in the range in which it began. Nanoseconds; `to` is excluded. */
  readonly fromUnixNano: bigint;
  readonly toUnixNano: bigint;
  readonly conditions: readonly TraceCondition[];
  readonly sort: TracePageSort;
  readonly order: 'asc' | 'desc';
  /** The last row of the page before. */
  readonly after: { readonly value: string; readonly traceId: string } | null;
  readonly limit: number;
};

export type TracePageSort = keyof typeof sorts;

/** Each sort is a number; ties fall to the trace id, so that pages neither repeat nor skip. */
const sorts = {
  start_time: { sql: 'toUnixTimestamp64Nano(began)', type: 'Int64' },
  duration: { sql: 'duration_ns', type: 'Int64' },
  spans: { sql: 'span_count', type: 'Int64' },
  errors: { sql: 'error_count', type: 'Int64' },
  tokens: { sql: 'total_tokens', type: 'Int64' },
  cost: { sql: 'total_cost', type: 'Decimal(38, 12)' },
} as const;

export function toTracePageSql(query: TracePageQuery): SqlFragment {
  const plain = query.conditions.length === 0 && query.sort === 'start_time';
  const source = plain ? candidateTraces : fromFigures(query.conditions);
  const tests = [...query.conditions.map(toTest), ...toKeyset(query)];
  const where = tests.length === 0 ? '' : `\nWHERE ${tests.join('\n  AND ')}`;
  const direction = query.order.toUpperCase();
  const sql = `SELECT trace_id, toString(${sorts[query.sort].sql}) AS sort_text
FROM ${source}${where}
ORDER BY ${sorts[query.sort].sql} ${direction}, trace_id ${direction}
LIMIT {limit:UInt32}`;
  return { sql, params: toParams(query) };
}

const candidateTraces = `(
  SELECT trace_id, min(first_start) AS began
  FROM ${fromProject('trace_time')}
  GROUP BY trace_id
  HAVING began >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
    AND began < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
)`;

function fromFigures(conditions: readonly TraceCondition[]): string {
  const spanConditions = conditions
    .map((one, at) => ({ one, at }))
    .filter(({ one }) => one.on === 'span');
  const matches = Object.fromEntries(
    spanConditions.map(({ one, at }) => [`match_${at}`, one.sql.sql]),
  );
  const counts = Object.fromEntries(
    spanConditions.map(({ at }) => [`matched_${at}`, `countIf(match_${at})`]),
  );
  return `(
SELECT trace_id,
${selectList({ ...traceFigures, ...counts })}
FROM ${fromLatestSpans(`(SELECT trace_id FROM ${candidateTraces})`, { ...figureFacts, ...matches })}
GROUP BY trace_id
)`;
}

function toTest(condition: TraceCondition, at: number): string {
  if (condition.on === 'trace') return `(${condition.sql.sql})`;
  return `matched_${at} ${condition.none ? '=' : '>'} 0`;
}

function toKeyset({ sort, order, after }: TracePageQuery): string[] {
  if (after === null) return [];
  const { sql, type } = sorts[sort];
  return [
    `(${sql}, trace_id) ${order === 'desc' ? '<' : '>'} ({afterValue:${type}}, {afterTraceId:String})`,
  ];
}

function toParams(query: TracePageQuery): Record<string, unknown> {
  const after = query.after && { afterValue: query.after.value, afterTraceId: query.after.traceId };
  return {
    ...Object.assign({}, ...query.conditions.map((condition) => condition.sql.params)),
    ...after,
    from: query.fromUnixNano.toString(),
    to: query.toUnixNano.toString(),
    limit: query.limit,
  };
}
