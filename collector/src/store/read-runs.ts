/** Runs as a list shows them, and whole. */
import { readRows, type Reader } from './read-rows.ts';
import { fromRuns, toScopeParams, type RunScope } from './runs-sql.ts';
import type { SqlFragment } from './store.ts';

const sorts = {
  start_time: { sql: 'toUnixTimestamp64Nano(start_time)', type: 'Int64' },
  duration: { sql: 'elapsed_ns', type: 'Int64' },
  // Not known sorts below everything that is.
  cost: {
    sql: 'ifNull(toDecimal128(cost_usd, 12), toDecimal128(-1, 12))',
    type: 'Decimal(38, 12)',
  },
  tokens: { sql: 'ifNull(total_tokens, -1)', type: 'Int64' },
  errors: { sql: 'toInt64(error_count)', type: 'Int64' },
  findings: { sql: 'toInt64(length(finding_kinds))', type: 'Int64' },
} as const;

export type RunPageQuery = RunScope & {
  readonly sort: keyof typeof sorts;
  readonly order: 'asc' | 'desc';
  /** The last row of the page before. */
  readonly after: { readonly value: string; readonly runId: string } | null;
  readonly limit: number;
};

/** Columns by the names of the table, with a few of their own; nanoseconds and money are text. */
export type RunRow = Readonly<Record<string, unknown>>;

const summaryColumns = `run_id, workflow, workflow_version, root_name, root_trace_id, root_span_id,
  toString(status) AS status_word, status_reason, error_type, pattern,
  toString(toUnixTimestamp64Nano(start_time)) AS started, toString(toUnixTimestamp64Nano(end_time)) AS ended,
  toString(toUnixTimestamp64Nano(last_activity)) AS heard, toString(elapsed_ns) AS elapsed,
  toString(active_ns) AS active, toString(waiting_ns) AS waiting,
  length(trace_ids) AS trace_count, services, environment, agents, models, conversation_id, user_id, tags,
  span_count, error_count, tool_call_count, retry_count,
  length(model_call_models) AS model_call_count, length(handoff_tos) AS handoff_count,
  input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, total_tokens,
  toString(cost_usd) AS cost, unpriced_call_count, finding_kinds, finding_severities`;

export async function readRunPage(
  reader: Reader,
  projectId: string,
  query: RunPageQuery,
): Promise<RunRow[]> {
  return readRows(reader, projectId, toRunPageSql(query));
}

export function toRunPageSql(query: RunPageQuery): SqlFragment {
  const { sort, order, after, limit } = query;
  const { sql, type } = sorts[sort];
  const select = `${summaryColumns},\n  ${sql} AS sort_value`;
  const past = order === 'desc' ? '<' : '>';
  const where =
    after === null
      ? ''
      : `\nWHERE (sort_value, run_id) ${past} ({afterValue:${type}}, {afterRunId:String})`;
  const direction = order.toUpperCase();
  return {
    sql: `SELECT *, toString(sort_value) AS sort_text
FROM ${fromRuns(select, query)}${where}
ORDER BY sort_value ${direction}, run_id ${direction}
LIMIT {limit:UInt32}`,
    params: {
      ...toScopeParams(query),
      limit,
      ...(after !== null && { afterValue: after.value, afterRunId: after.runId }),
    },
  };
}

const detailColumns = `${summaryColumns},
  toString(version) AS version_ms, analysis_version, pattern_reason, trace_ids, left_out_span_count, failed_detectors,
  agent_call_agents, arrayMap(t -> toString(toUnixTimestamp64Nano(t)), agent_call_starts) AS agent_call_times,
  arrayMap(d -> toString(d), agent_call_durations) AS agent_call_lasted, agent_call_failed, agent_call_traces, agent_call_span_ids,
  handoff_froms, handoff_tos, arrayMap(t -> toString(toUnixTimestamp64Nano(t)), handoff_times) AS handoff_moments,
  handoff_outcomes, handoff_latencies, handoff_context_tokens, handoff_traces, handoff_span_ids,
  breaker_names, breaker_states, arrayMap(t -> toString(toUnixTimestamp64Nano(t)), breaker_times) AS breaker_moments,
  breaker_traces, breaker_span_ids,
  queue_names, arrayMap(t -> toString(toUnixTimestamp64Nano(t)), queue_times) AS queue_moments, queue_waits,
  queue_failed, queue_traces, queue_span_ids,
  critical_kinds, critical_agents, critical_durations, arrayMap(c -> toString(c), critical_costs) AS critical_paid,
  toString(critical_cost_usd) AS critical_cost, slack,
  toString(ifNull(cost_usd, 0) - critical_cost_usd) AS off_path_cost,
  finding_variants, finding_subjects, finding_waste_ms, finding_waste_tokens,
  arrayMap(c -> toString(c), finding_waste_usd) AS finding_waste_paid, finding_details`;

/** The whole of time: an id tells nothing about when. */
function toAnyTime(conditions: readonly SqlFragment[], nowUnixNano: bigint): RunScope {
  return { fromUnixNano: 0n, toUnixNano: 4_294_967_295_000_000_000n, conditions, nowUnixNano };
}

/** Empty when there is no such run. */
export async function readRun(
  reader: Reader,
  projectId: string,
  runId: string,
  nowUnixNano: bigint,
): Promise<RunRow[]> {
  const condition = { sql: 'run_id = {runId:String}', params: { runId } };
  return readRows(reader, projectId, toRunSql(toAnyTime([condition], nowUnixNano)));
}

/** Of whole runs, newest first; at most 20. */
export function toRunSql(scope: RunScope): SqlFragment {
  return {
    sql: `SELECT * FROM ${fromRuns(detailColumns, scope)}\nORDER BY started DESC, run_id\nLIMIT 20`,
    params: toScopeParams(scope),
  };
}

/** Those that a trace is part of. */
export async function readRunsOfTrace(
  reader: Reader,
  projectId: string,
  runIds: readonly string[],
  nowUnixNano: bigint,
): Promise<RunRow[]> {
  if (runIds.length === 0) return [];
  const condition = { sql: 'run_id IN {runIds:Array(String)}', params: { runIds: [...runIds] } };
  return readRows(reader, projectId, toRunSql(toAnyTime([condition], nowUnixNano)));
}

/** ISO text of the start of the newest run, null when the project has none. */
export async function readNewestRunTime(reader: Reader, projectId: string): Promise<string | null> {
  const scope = toAnyTime([], 0n);
  const [row] = await readRows(reader, projectId, {
    sql: `SELECT toString(max(started)) AS newest FROM ${fromRuns('toUnixTimestamp64Nano(start_time) AS started', scope)}`,
    params: toScopeParams(scope),
  });
  const nanoseconds = BigInt(String(row?.['newest'] ?? '0'));
  return nanoseconds <= 0n ? null : new Date(Number(nanoseconds / 1_000_000n)).toISOString();
}
