/** Numbers over time. */
import { z } from 'zod';
import { runRange } from './parts.ts';

export const metricName = z.enum([
  'agent_latency',
  'error_rate',
  'token_cost_per_task',
  'loop_rate',
  'handoff_success',
  'end_to_end_latency',
  'breaker_opens',
  'runs_started',
  'runs_finished',
  'active_runs',
  'queue_wait',
  'retry_rate',
  'cache_hit_share',
  'time_to_first_token',
  'tokens_per_second',
  'tokens',
  'cost',
  'findings',
  'failed_runs',
  'failed_run_share',
  'run_cost',
  'agent_calls',
  'failed_agent_calls',
  'model_calls',
  'model_latency',
  'model_error_rate',
  'handoffs',
  'tool_calls',
  'failed_tool_calls',
  'retries',
  'queue_failures',
]);
export type MetricName = z.infer<typeof metricName>;

// What a series can be split by; which of them fit a metric is told when they do not.
export const metricGroup = z.enum([
  'none',
  'workflow',
  'agent',
  'model',
  'handoff',
  'breaker',
  'queue',
  'environment',
  'version',
  'status',
  'finding',
  'severity',
]);
export type MetricGroup = z.infer<typeof metricGroup>;

export const metricQuery = z.object({
  ...runRange,
  step: z
    .string()
    .regex(/^(auto|\d{1,4}[smhd])$/, 'Write auto, or a step such as 1m, 5m, 1h, 1d.')
    .default('auto')
    .describe('Width of a window; at most 1,000 windows fit a range.'),
  groupBy: metricGroup.default('none').describe('One series a name; those with most samples.'),
  limit: z.coerce.number().int().min(1).max(50).default(10).describe('Series at most.'),
});
export type MetricQuery = z.infer<typeof metricQuery>;

/** One window of one series. `samples` counts what the value was made of. */
export const metricSeries = z.object({
  /** Empty when not grouped; `from -> to` of a handoff. */
  group: z.string(),
  /** Over the whole range: exact, not an average of windows. */
  total: z.object({
    value: z.number().nullable(),
    p50: z.number().nullable(),
    p95: z.number().nullable(),
    p99: z.number().nullable(),
    samples: z.int(),
  }),
  /** One entry a window; null where there were no samples. Of latencies `value` is the p95. */
  value: z.array(z.number().nullable()),
  p50: z.array(z.number().nullable()),
  p99: z.array(z.number().nullable()),
  samples: z.array(z.int()),
});
export type MetricSeries = z.infer<typeof metricSeries>;

export const metricAnswer = z.object({
  name: metricName,
  /** ms | share | usd | count | tokens | tokens/s */
  unit: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  stepSeconds: z.number(),
  /** Start of each window. */
  times: z.array(z.iso.datetime()),
  series: z.array(metricSeries),
  /** Series that were left out, over `limit`. */
  otherSeries: z.int(),
});
export type MetricAnswer = z.infer<typeof metricAnswer>;
