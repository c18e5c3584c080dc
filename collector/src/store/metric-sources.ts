/**
 * The numbers of a range, made from runs alone: each run once, each call once. A metric names its samples (a time, a
 * group and a value each) and how they become one number.
 */
import { openDuration } from './run-row.ts';

export type MetricUnit = 'ms' | 'share' | 'usd' | 'count' | 'tokens' | 'tokens/s';

/**
 * `quantile`: p50, p95 and p99 of the values. `ratio`: sum of the values over the sum of the weights. `sum`: sum of the
 * values, 0 where there are none. `active`: how many intervals, from the time to the value, are open when a window ends.
 */
export type MetricShape = 'quantile' | 'ratio' | 'sum' | 'active';

export type MetricSource = {
  readonly unit: MetricUnit;
  readonly shape: MetricShape;
  /** Which of p50, p95 is the value of a quantile. */
  readonly headline?: 'p50' | 'p95';
  /** Columns of a run that the samples need, as `expression AS name`. */
  readonly columns: readonly string[];
  /** Arrays of one length, joined into one sample each; empty = one sample a run. */
  readonly join: readonly string[];
  /** Nanoseconds since the epoch. */
  readonly time: string;
  /** Which samples there are. */
  readonly where: string;
  /** Of times: nanoseconds. */
  readonly value: string;
  /** Of ratios. */
  readonly weight?: string;
  /** Of ratios of samples that are good or bad: where the bad ones stand, in the value or in the rest. */
  readonly bad?: 'numerator' | 'rest';
  /** Of costs: the samples with and without a price, how many calls each has, and how many of known price. */
  readonly priced?: { readonly among: string; readonly calls: string; readonly known: string };
  readonly groups: Readonly<Record<string, string>>;
};

const runGroups = {
  workflow: 'workflow',
  environment: 'environment',
  version: 'version_name',
  status: 'status_word',
} as const;

const runColumns = [
  'workflow',
  'environment',
  "if(workflow_version != '', workflow_version, service_version) AS version_name",
  'toString(status) AS status_word',
  'toUnixTimestamp64Nano(start_time) AS started',
  'toUnixTimestamp64Nano(end_time) AS ended',
  'toUnixTimestamp64Nano(last_activity) AS heard',
];

const agentCalls = {
  columns: [
    ...runColumns,
    'agent_call_agents',
    'agent_call_starts',
    'agent_call_durations',
    'agent_call_failed',
  ],
  join: [
    'agent_call_agents AS agent',
    'agent_call_starts AS call_start',
    'agent_call_durations AS lasted',
    'agent_call_failed AS failed',
  ],
  time: 'toUnixTimestamp64Nano(call_start) + toInt64(lasted)',
  where: `lasted != ${openDuration}`,
  groups: { ...runGroups, agent: 'agent' },
} as const;

const modelCalls = {
  columns: [
    ...runColumns,
    'model_call_models',
    'model_call_agents',
    'model_call_starts',
    'model_call_durations',
    'model_call_first_tokens',
    'model_call_input_tokens',
    'model_call_cache_read_tokens',
    'model_call_cache_write_tokens',
    'model_call_output_tokens',
    'model_call_reasoning_tokens',
    'model_call_costs',
  ],
  join: [
    'model_call_models AS model',
    'model_call_agents AS agent',
    'model_call_starts AS call_start',
    'model_call_durations AS lasted',
    'model_call_first_tokens AS first_token',
    'model_call_input_tokens AS fresh',
    'model_call_cache_read_tokens AS cache_read',
    'model_call_cache_write_tokens AS cache_write',
    'model_call_output_tokens AS output',
    'model_call_reasoning_tokens AS reasoning',
    'model_call_costs AS call_cost',
  ],
  time: 'toUnixTimestamp64Nano(call_start)',
  groups: { ...runGroups, agent: 'agent', model: 'model' },
} as const;

const handoffs = {
  columns: [...runColumns, 'handoff_froms', 'handoff_tos', 'handoff_times', 'handoff_outcomes'],
  join: [
    'handoff_froms AS from_agent',
    'handoff_tos AS to_agent',
    'handoff_times AS handed',
    'handoff_outcomes AS outcome',
  ],
  time: 'toUnixTimestamp64Nano(handed)',
  groups: { ...runGroups, handoff: "concat(from_agent, ' -> ', to_agent)", agent: 'to_agent' },
} as const;

const input = '(ifNull(fresh, 0) + ifNull(cache_read, 0) + ifNull(cache_write, 0))';
const output = '(ifNull(output, 0) + ifNull(reasoning, 0))';
/** When a run was judged by: its end, or what was heard of it last. */
const judged = "if(status_word = 'running', heard, ended)";
const isOpenAtEnd = "(status_word = 'running' OR ended >= {to:Int64})";
const isEnded = "status_word NOT IN ('running', 'suspended')";

/** A run whose calls have no price at all tells nothing of costs, and yet that something is not known. */
const pricedRuns = {
  columns: [...runColumns, 'cost_usd', 'model_call_costs'],
  join: [],
  time: 'ended',
  where: `${isEnded} AND isNotNull(cost_usd)`,
  value: 'toDecimal128(assumeNotNull(cost_usd), 12)',
  priced: {
    among: isEnded,
    calls: 'length(model_call_costs)',
    known: 'arrayCount(cost -> isNotNull(cost), model_call_costs)',
  },
  groups: runGroups,
} as const;

export const metricSources = {
  agent_latency: {
    ...agentCalls,
    unit: 'ms',
    shape: 'quantile',
    headline: 'p95',
    value: 'toInt64(lasted)',
  },
  error_rate: {
    ...agentCalls,
    unit: 'share',
    shape: 'ratio',
    value: 'failed',
    weight: '1',
    bad: 'numerator',
  },
  token_cost_per_task: {
    unit: 'usd',
    shape: 'ratio',
    ...pricedRuns,
    weight: '1',
  },
  loop_rate: {
    unit: 'share',
    shape: 'ratio',
    columns: [...runColumns, 'finding_kinds'],
    join: [],
    time: judged,
    where: '1',
    value: "has(finding_kinds, 'loop')",
    weight: '1',
    bad: 'numerator',
    groups: runGroups,
  },
  handoff_success: {
    ...handoffs,
    unit: 'share',
    shape: 'ratio',
    where: "outcome != 'pending'",
    value: "outcome = 'accepted'",
    weight: '1',
    bad: 'rest',
  },
  // A run that is open where the range ends counts there, as old as it is then: a hung run has no other end.
  end_to_end_latency: {
    unit: 'ms',
    shape: 'quantile',
    headline: 'p95',
    columns: [...runColumns, 'elapsed_ns'],
    join: [],
    time: `if(${isOpenAtEnd}, least({now:Int64}, {to:Int64} - 1), ended)`,
    where: "status_word != 'suspended'",
    value: `if(${isOpenAtEnd}, greatest(least({now:Int64}, {to:Int64}) - started, 0), elapsed_ns)`,
    groups: runGroups,
  },
  breaker_opens: {
    unit: 'count',
    shape: 'sum',
    columns: [...runColumns, 'breaker_names', 'breaker_states', 'breaker_times'],
    join: ['breaker_names AS breaker', 'breaker_states AS state', 'breaker_times AS changed'],
    time: 'toUnixTimestamp64Nano(changed)',
    where: "state = 'open'",
    value: '1',
    groups: { ...runGroups, breaker: 'breaker' },
  },
  runs_started: {
    unit: 'count',
    shape: 'sum',
    columns: runColumns,
    join: [],
    time: 'started',
    where: '1',
    value: '1',
    groups: runGroups,
  },
  runs_finished: {
    unit: 'count',
    shape: 'sum',
    columns: runColumns,
    join: [],
    time: 'ended',
    where: isEnded,
    value: '1',
    groups: runGroups,
  },
  active_runs: {
    unit: 'count',
    shape: 'active',
    columns: runColumns,
    join: [],
    time: 'started',
    where: '1',
    value: "if(status_word = 'running', 9223372036854775807, ended)",
    groups: runGroups,
  },
  queue_wait: {
    unit: 'ms',
    shape: 'quantile',
    headline: 'p95',
    columns: [...runColumns, 'queue_names', 'queue_times', 'queue_waits'],
    join: ['queue_names AS queue', 'queue_times AS taken', 'queue_waits AS wait'],
    time: 'toUnixTimestamp64Nano(taken)',
    where: 'isNotNull(wait)',
    value: 'toInt64(assumeNotNull(wait))',
    groups: { ...runGroups, queue: 'queue' },
  },
  retry_rate: {
    unit: 'count',
    shape: 'ratio',
    columns: [...runColumns, 'retry_count'],
    join: [],
    time: judged,
    where: '1',
    value: 'retry_count',
    weight: '1',
    groups: runGroups,
  },
  cache_hit_share: {
    ...modelCalls,
    unit: 'share',
    shape: 'ratio',
    where: `${input} > 0`,
    value: 'ifNull(cache_read, 0)',
    weight: input,
  },
  time_to_first_token: {
    ...modelCalls,
    unit: 'ms',
    shape: 'quantile',
    headline: 'p95',
    where: 'isNotNull(first_token)',
    value: 'toInt64(assumeNotNull(first_token))',
  },
  tokens_per_second: {
    ...modelCalls,
    unit: 'tokens/s',
    shape: 'quantile',
    headline: 'p50',
    where: `lasted != ${openDuration} AND lasted > 0 AND ${output} > 0`,
    value: `${output} * 1e9 / lasted`,
  },
  tokens: {
    ...modelCalls,
    unit: 'tokens',
    shape: 'sum',
    where: '1',
    value: `${input} + ${output}`,
  },
  cost: {
    ...modelCalls,
    unit: 'usd',
    shape: 'sum',
    where: 'isNotNull(call_cost)',
    value: 'toDecimal128(assumeNotNull(call_cost), 12)',
    priced: { among: '1', calls: '1', known: 'isNotNull(call_cost)' },
  },
} as const satisfies Readonly<Record<string, MetricSource>>;
