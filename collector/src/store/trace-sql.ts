/** The pieces that every query over traces is made of. Pure text: golden files show the whole. */
import { fromProject } from './read-rows.ts';

/**
 * Follows FROM: the spans of the traces that `traceIds` selects (a subquery or an array parameter).
 * Only the days these traces lived in are opened, and the day where spans without a start time lie.
 */
export function fromSpansOf(traceIds: string): string {
  const times = `${fromProject('trace_time')} AND trace_id IN ${traceIds}`;
  return `${fromProject('spans')}
    AND trace_id IN ${traceIds}
    AND (
      start_time BETWEEN (SELECT min(first_start) FROM ${times}) AND (SELECT max(last_start) FROM ${times})
      OR start_time < toDateTime64('1971-01-01 00:00:00', 9, 'UTC')
    )`;
}

/**
 * Expressions over one span, by the name the outer query knows them by. None may be NULL: argMax skips NULLs, and
 * would take the value of an older copy.
 */
export const figureFacts = {
  started: 'start_time',
  ended: 'greatest(start_time, end_time)',
  is_root: "parent_span_id = ''",
  is_bad_time: 'bitTest(flags, 2)',
  is_running: 'bitTest(flags, 0)',
  is_error: "status = 'error'",
  is_ok: "status = 'ok'",
  is_llm: "kind = 'llm'",
  is_tool: "kind = 'tool'",
  // Agents and workflows often repeat the sum of their calls: only calls are counted.
  is_model_call: "kind IN ('llm', 'embedding')",
  knows_input: 'isNotNull(input_tokens)',
  knows_output: 'isNotNull(output_tokens)',
  knows_cost: 'isNotNull(cost_usd)',
  span_input: 'ifNull(input_tokens, 0)',
  span_output: 'ifNull(output_tokens, 0)',
  span_cost: 'ifNull(cost_usd, 0)',
} as const;

/** What a summary tells besides figures. */
export const summaryFacts = {
  span_name: 'name',
  span_kind: 'kind',
  span_error_type: 'error_type',
  service: 'service_name',
  agent: 'agent_name',
  model: "if(model_answered != '', model_answered, model_requested)",
  conversation: 'conversation_id',
  user: 'user_id',
} as const;

/** Among copies of one span the highest is shown: it ended last, the newest mapping made it, and it was priced last. */
export const latest = '(version, mapper_version, price_edition)';

/** Follows FROM: each span once, its latest copy, whatever merges have done so far. */
export function fromLatestSpans(traceIds: string, facts: Readonly<Record<string, string>>): string {
  const columns = Object.entries(facts).map(
    ([name, sql]) => `    argMax(${sql}, ${latest}) AS ${name}`,
  );
  return `(
  SELECT trace_id, span_id,
${columns.join(',\n')}
  FROM ${fromSpansOf(traceIds)}
  GROUP BY trace_id, span_id
)`;
}

/** Figures of a trace over its latest spans, by name. Bad times do not stretch a trace, unless it has no others. */
export const traceFigures = {
  began: 'if(countIf(NOT is_bad_time) = 0, min(started), minIf(started, NOT is_bad_time))',
  ended_last: 'if(countIf(NOT is_bad_time) = 0, max(ended), maxIf(ended, NOT is_bad_time))',
  duration_ns: 'toUnixTimestamp64Nano(ended_last) - toUnixTimestamp64Nano(began)',
  span_count: 'toInt64(count())',
  error_count: 'toInt64(countIf(is_error))',
  llm_calls: 'toInt64(countIf(is_llm))',
  tool_calls: 'toInt64(countIf(is_tool))',
  root_count: 'countIf(is_root)',
  running_count: 'countIf(is_running)',
  trace_status: `multiIf(
      countIf(is_root AND is_error) > 0 OR (root_count = 0 AND error_count > 0), 'error',
      countIf(is_root AND is_ok) > 0, 'ok',
      'unset')`,
  input_tokens_or_minus: `if(countIf(is_model_call AND knows_input) = 0, -1, toInt64(sumIf(span_input, is_model_call)))`,
  output_tokens_or_minus: `if(countIf(is_model_call AND knows_output) = 0, -1, toInt64(sumIf(span_output, is_model_call)))`,
  // Not told is below zero, so that it sorts last.
  total_tokens: `if(input_tokens_or_minus < 0 AND output_tokens_or_minus < 0, -1,
      greatest(input_tokens_or_minus, 0) + greatest(output_tokens_or_minus, 0))`,
  priced_calls: 'countIf(is_model_call AND knows_cost)',
  total_cost: 'if(priced_calls = 0, toDecimal128(-1, 12), sumIf(span_cost, is_model_call))',
} as const;

export function selectList(columns: Readonly<Record<string, string>>): string {
  return Object.entries(columns)
    .map(([name, sql]) => (name === sql ? `  ${name}` : `  ${sql} AS ${name}`))
    .join(',\n');
}
