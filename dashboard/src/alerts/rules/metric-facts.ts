/** What a person choosing a metric needs to know of it. */
import type { AlertMetric, MetricGroup } from 'orchescope/contract';

export type MetricFacts = {
  readonly label: string;
  readonly unit: string;
  /** How many samples become one number. */
  readonly shape: 'quantile' | 'ratio' | 'sum' | 'active' | 'fact';
  /** What it can be split by, besides nothing. */
  readonly groups: readonly MetricGroup[];
};

const ofRuns = ['workflow', 'environment', 'version', 'status'] as const;
const ofCalls = [...ofRuns, 'agent', 'model'] as const;

/** Rules on them are made of budgets, and of nothing else. */
type BudgetMetric = 'budget_used' | 'budget_forecast';
const ofBudgets: ReadonlySet<string> = new Set<BudgetMetric>(['budget_used', 'budget_forecast']);

export const metricFacts: Readonly<Record<AlertMetric | BudgetMetric, MetricFacts>> = {
  agent_latency: {
    label: 'Agent latency',
    unit: 'ms',
    shape: 'quantile',
    groups: [...ofRuns, 'agent'],
  },
  error_rate: {
    label: 'Share of agent calls that failed',
    unit: 'share',
    shape: 'ratio',
    groups: [...ofRuns, 'agent'],
  },
  token_cost_per_task: { label: 'Mean cost of a run', unit: 'usd', shape: 'ratio', groups: ofRuns },
  loop_rate: { label: 'Share of runs with a loop', unit: 'share', shape: 'ratio', groups: ofRuns },
  handoff_success: {
    label: 'Share of handoffs that succeed',
    unit: 'share',
    shape: 'ratio',
    groups: [...ofRuns, 'agent', 'handoff'],
  },
  end_to_end_latency: {
    label: 'End-to-end latency',
    unit: 'ms',
    shape: 'quantile',
    groups: ofRuns,
  },
  breaker_opens: {
    label: 'Circuit breaker opens',
    unit: 'count',
    shape: 'sum',
    groups: [...ofRuns, 'breaker'],
  },
  runs_started: { label: 'Runs started', unit: 'count', shape: 'sum', groups: ofRuns },
  runs_finished: { label: 'Runs finished', unit: 'count', shape: 'sum', groups: ofRuns },
  active_runs: { label: 'Active runs', unit: 'count', shape: 'active', groups: ofRuns },
  queue_wait: {
    label: 'Wait in queues',
    unit: 'ms',
    shape: 'quantile',
    groups: [...ofRuns, 'queue'],
  },
  retry_rate: { label: 'Retries per run', unit: 'count', shape: 'ratio', groups: ofRuns },
  cache_hit_share: {
    label: 'Share of input read from the cache',
    unit: 'share',
    shape: 'ratio',
    groups: ofCalls,
  },
  time_to_first_token: {
    label: 'Time to first token',
    unit: 'ms',
    shape: 'quantile',
    groups: ofCalls,
  },
  tokens_per_second: {
    label: 'Output tokens per second',
    unit: 'tokens/s',
    shape: 'quantile',
    groups: ofCalls,
  },
  tokens: { label: 'Tokens', unit: 'tokens', shape: 'sum', groups: ofCalls },
  cost: { label: 'Cost', unit: 'usd', shape: 'sum', groups: ofCalls },
  findings: {
    label: 'Findings',
    unit: 'count',
    shape: 'sum',
    groups: [...ofRuns, 'finding', 'severity'],
  },
  failed_runs: { label: 'Runs that failed', unit: 'count', shape: 'sum', groups: ofRuns },
  failed_run_share: {
    label: 'Share of runs that failed',
    unit: 'share',
    shape: 'ratio',
    groups: ofRuns,
  },
  run_cost: { label: 'Cost of a run', unit: 'usd', shape: 'quantile', groups: ofRuns },
  agent_calls: {
    label: 'Agent calls',
    unit: 'count',
    shape: 'sum',
    groups: [...ofRuns, 'agent'],
  },
  failed_agent_calls: {
    label: 'Agent calls that failed',
    unit: 'count',
    shape: 'sum',
    groups: [...ofRuns, 'agent'],
  },
  model_calls: { label: 'Model calls', unit: 'count', shape: 'sum', groups: ofCalls },
  model_latency: { label: 'Model latency', unit: 'ms', shape: 'quantile', groups: ofCalls },
  model_error_rate: {
    label: 'Share of model calls that failed',
    unit: 'share',
    shape: 'ratio',
    groups: ofCalls,
  },
  handoffs: {
    label: 'Handoffs',
    unit: 'count',
    shape: 'sum',
    groups: [...ofRuns, 'agent', 'handoff'],
  },
  tool_calls: { label: 'Tool calls', unit: 'count', shape: 'sum', groups: ofRuns },
  failed_tool_calls: {
    label: 'Tool calls that failed',
    unit: 'count',
    shape: 'sum',
    groups: ofRuns,
  },
  retries: { label: 'Retries', unit: 'count', shape: 'sum', groups: ofRuns },
  queue_failures: {
    label: 'Failures in queues',
    unit: 'count',
    shape: 'sum',
    groups: [...ofRuns, 'queue'],
  },
  ingest_silence: { label: 'Silence of ingest', unit: 's', shape: 'fact', groups: [] },
  rejected_share: { label: 'Share of records rejected', unit: 'share', shape: 'fact', groups: [] },
  unpriced_share: {
    label: 'Share of calls without a price',
    unit: 'share',
    shape: 'fact',
    groups: [],
  },
  wal_age: { label: 'Age of what waits for the store', unit: 's', shape: 'fact', groups: [] },
  disk_used_share: { label: 'Share of the disk in use', unit: 'share', shape: 'fact', groups: [] },
  evaluation_age: {
    label: 'Time since rules were evaluated',
    unit: 's',
    shape: 'fact',
    groups: [],
  },
  dead_letters: {
    label: 'Notifications that were given up',
    unit: 'count',
    shape: 'fact',
    groups: [],
  },
  budget_used: { label: 'Share of a budget spent', unit: 'share', shape: 'fact', groups: [] },
  budget_forecast: {
    label: 'Share of a budget expected to be spent',
    unit: 'share',
    shape: 'fact',
    groups: [],
  },
};

const judged: ReadonlySet<AlertMetric> = new Set<AlertMetric>([
  'error_rate',
  'loop_rate',
  'handoff_success',
  'failed_run_share',
  'model_error_rate',
]);

/** Its samples are good or bad, so that a budget of bad ones can be spoken of. */
export function hasBad(metric: AlertMetric): boolean {
  return judged.has(metric);
}

const paid: ReadonlySet<AlertMetric> = new Set<AlertMetric>([
  'token_cost_per_task',
  'cost',
  'run_cost',
]);

/** Its samples can lack a price. */
export function hasPrices(metric: AlertMetric): boolean {
  return paid.has(metric);
}

/** Of Orchescope itself: it has no runs behind it, so there is nothing to filter. */
export function isPlatform(metric: AlertMetric): boolean {
  return metricFacts[metric].shape === 'fact';
}

/** What somebody who writes a rule may choose. */
export const choosableMetrics = (Object.keys(metricFacts) as AlertMetric[]).filter(
  (metric) => !ofBudgets.has(metric),
);

export const groupLabels: Readonly<Record<MetricGroup, string>> = {
  none: 'nothing: one value',
  workflow: 'workflow',
  agent: 'agent',
  model: 'model',
  handoff: 'handoff',
  breaker: 'circuit breaker',
  queue: 'queue',
  environment: 'environment',
  version: 'version',
  status: 'status',
  finding: 'kind of finding',
  severity: 'severity',
};
