/**
 * The numbers of a range, made from runs alone: each run once, each call once. A metric names its samples (a time, a
 * group and a value each) and how they become one number.
 */
import {
  agentCalls,
  endedModelCalls,
  endedRuns,
  handoffs,
  input,
  isEnded,
  isOpenAtEnd,
  judged,
  modelCalls,
  ofRuns,
  output,
  pricedRuns,
  runColumns,
  runGroups,
} from './metric-samples.ts';
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
  /** Of samples that wait for no end: what is open when a window ends counts in it, and how old it is then. */
  readonly open?: OpenSamples;
  readonly groups: Readonly<Record<string, string>>;
};

/** The same samples for any number of windows: those that are over as others are, and the open ones apart. */
export type OpenSamples = {
  readonly over: Pick<MetricSource, 'time' | 'where' | 'value'>;
  readonly where: string;
  /** Nanoseconds since the epoch: from when on it is open, and until when. */
  readonly since: string;
  readonly until: string;
};

/** Of what has not ended. */
const never = '9223372036854775807';

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
    open: {
      over: { time: 'ended', where: isEnded, value: 'elapsed_ns' },
      where: "status_word != 'suspended'",
      since: 'started',
      until: `if(status_word = 'running', ${never}, ended)`,
    },
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
    value: `if(status_word = 'running', ${never}, ended)`,
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
  findings: {
    unit: 'count',
    shape: 'sum',
    columns: [...runColumns, 'finding_kinds', 'finding_severities'],
    join: ['finding_kinds AS finding', 'finding_severities AS severity'],
    time: judged,
    where: '1',
    value: '1',
    groups: { ...runGroups, finding: 'finding', severity: 'severity' },
  },
  failed_runs: {
    ...endedRuns,
    unit: 'count',
    shape: 'sum',
    where: "status_word = 'failed'",
    value: '1',
  },
  failed_run_share: {
    ...endedRuns,
    unit: 'share',
    shape: 'ratio',
    value: "status_word = 'failed'",
    weight: '1',
    bad: 'numerator',
  },
  run_cost: { ...pricedRuns, unit: 'usd', shape: 'quantile', headline: 'p95' },
  agent_calls: { ...agentCalls, unit: 'count', shape: 'sum', value: '1' },
  failed_agent_calls: { ...agentCalls, unit: 'count', shape: 'sum', value: 'failed' },
  model_calls: { ...modelCalls, unit: 'count', shape: 'sum', where: '1', value: '1' },
  model_latency: {
    ...endedModelCalls,
    unit: 'ms',
    shape: 'quantile',
    headline: 'p95',
    value: 'toInt64(lasted)',
  },
  model_error_rate: {
    ...endedModelCalls,
    unit: 'share',
    shape: 'ratio',
    value: 'failed',
    weight: '1',
    bad: 'numerator',
  },
  handoffs: { ...handoffs, unit: 'count', shape: 'sum', where: '1', value: '1' },
  tool_calls: {
    ...ofRuns('tool_call_count'),
    unit: 'count',
    shape: 'sum',
    value: 'tool_call_count',
  },
  failed_tool_calls: {
    ...ofRuns('failed_tool_call_count'),
    unit: 'count',
    shape: 'sum',
    value: 'failed_tool_call_count',
  },
  retries: { ...ofRuns('retry_count'), unit: 'count', shape: 'sum', value: 'retry_count' },
  queue_failures: {
    unit: 'count',
    shape: 'sum',
    columns: [...runColumns, 'queue_names', 'queue_times', 'queue_failed'],
    join: ['queue_names AS queue', 'queue_times AS taken', 'queue_failed AS failed'],
    time: 'toUnixTimestamp64Nano(taken)',
    where: 'failed',
    value: '1',
    groups: { ...runGroups, queue: 'queue' },
  },
} as const satisfies Readonly<Record<string, MetricSource>>;
