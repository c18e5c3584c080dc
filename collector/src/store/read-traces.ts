/** Traces as a list shows them. */
import type { SpanKind, SpanStatus } from '../span.ts';
import { fromProject, readRows, type Reader } from './read-rows.ts';
import type { SqlFragment } from './store.ts';
import { toTracePageSql, type TracePageQuery } from './trace-page-sql.ts';
import {
  figureFacts,
  fromLatestSpans,
  selectList,
  summaryFacts,
  traceFigures,
} from './trace-sql.ts';

/** Where a trace stands in the order that was asked for. */
export type TracePlace = { readonly traceId: string; readonly sortValue: string };

export type TraceSummaryRow = {
  readonly traceId: string;
  readonly name: string;
  readonly rootKind: SpanKind;
  readonly rootReceived: boolean;
  readonly services: readonly string[];
  readonly agents: readonly string[];
  readonly models: readonly string[];
  readonly startTimeUnixNano: string;
  readonly durationMs: number;
  readonly running: boolean;
  readonly status: SpanStatus;
  readonly errorType: string;
  readonly spanCount: number;
  readonly errorCount: number;
  readonly llmCalls: number;
  readonly toolCalls: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: string | null;
  readonly unpricedCalls: number;
  readonly conversationId: string;
  readonly userId: string;
};

export async function readTracePage(
  reader: Reader,
  projectId: string,
  query: TracePageQuery,
): Promise<TracePlace[]> {
  const rows = await readRows(reader, projectId, toTracePageSql(query));
  return rows.map((row) => ({
    traceId: String(row['trace_id']),
    sortValue: String(row['sort_text']),
  }));
}

/** In the order of `traceIds`; a trace that is not there is left out. */
export async function readTraceSummaries(
  reader: Reader,
  projectId: string,
  traceIds: readonly string[],
): Promise<TraceSummaryRow[]> {
  if (traceIds.length === 0) return [];
  const rows = await readRows(reader, projectId, toTraceSummariesSql(traceIds));
  const byId = new Map(rows.map((row) => [String(row['trace_id']), toSummary(row)]));
  return traceIds.flatMap((traceId) => byId.get(traceId) ?? []);
}

/** ISO text of the start of the newest trace, null when the project has none. */
export async function readNewestTraceTime(
  reader: Reader,
  projectId: string,
): Promise<string | null> {
  const [row] = await readRows(reader, projectId, newestTraceSql);
  const nanoseconds = BigInt(String(row?.['newest'] ?? '0'));
  return nanoseconds === 0n ? null : new Date(Number(nanoseconds / 1_000_000n)).toISOString();
}

export const newestTraceSql: SqlFragment = {
  sql: `SELECT toString(max(toUnixTimestamp64Nano(began))) AS newest
FROM (SELECT min(first_start) AS began FROM ${fromProject('trace_time')} GROUP BY trace_id)`,
  params: {},
};

/** The earliest root speaks for a trace; without one, its earliest span. */
const firstSpan = (fact: string): string => `argMin(${fact}, (NOT is_root, started, span_id))`;

const mostActive = (fact: string, condition: string): string =>
  `topKIf(8, 8)(${fact}, ${fact} != ''${condition})`;

const summaryColumns = {
  name: firstSpan('span_name'),
  root_kind: firstSpan('span_kind'),
  services: "arraySort(groupUniqArrayIf(64)(service, service != ''))",
  agents: mostActive('agent', ''),
  models: mostActive('model', ' AND is_model_call'),
  error_type: 'argMinIf(span_error_type, (started, span_id), is_error)',
  conversation_id: "argMinIf(conversation, (started, span_id), conversation != '')",
  user_id: "argMinIf(user, (started, span_id), user != '')",
  start_unix_nano: 'toString(toUnixTimestamp64Nano(began))',
  cost_usd: 'toString(total_cost)',
  // A call that failed before it told any tokens is not known to have cost anything.
  unpriced_calls:
    'toInt64(countIf(is_model_call AND NOT knows_cost AND NOT (is_error AND NOT knows_input AND NOT knows_output)))',
};

export function toTraceSummariesSql(traceIds: readonly string[]): SqlFragment {
  const sql = `SELECT trace_id,
${selectList({ ...traceFigures, ...summaryColumns })}
FROM ${fromLatestSpans('{traceIds:Array(String)}', { ...figureFacts, ...summaryFacts })}
GROUP BY trace_id`;
  return { sql, params: { traceIds } };
}

function toSummary(row: Readonly<Record<string, unknown>>): TraceSummaryRow {
  const count = (name: string): number => Number(row[name]);
  return {
    traceId: String(row['trace_id']),
    name: String(row['name']),
    rootKind: String(row['root_kind']) as SpanKind,
    rootReceived: count('root_count') > 0,
    services: row['services'] as string[],
    agents: row['agents'] as string[],
    models: row['models'] as string[],
    startTimeUnixNano: String(row['start_unix_nano']),
    durationMs: count('duration_ns') / 1e6,
    running: count('running_count') > 0,
    status: String(row['trace_status']) as SpanStatus,
    errorType: String(row['error_type']),
    spanCount: count('span_count'),
    errorCount: count('error_count'),
    llmCalls: count('llm_calls'),
    toolCalls: count('tool_calls'),
    inputTokens: orNull(count('input_tokens_or_minus')),
    outputTokens: orNull(count('output_tokens_or_minus')),
    costUsd: count('priced_calls') === 0 ? null : String(row['cost_usd']),
    unpricedCalls: count('unpriced_calls'),
    conversationId: String(row['conversation_id']),
    userId: String(row['user_id']),
  };
}

function orNull(value: number): number | null {
  return value < 0 ? null : value;
}
