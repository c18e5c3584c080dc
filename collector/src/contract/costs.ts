/** What was spent, by whom: GET /api/cost. */
import { z } from 'zod';
import { count, runRange, timeExpression, timeForms, usd } from './parts.ts';

/** What spending can be told by. `tool` = the tool that a model was called under; `tag` counts a run under each of its tags. */
export const costDimension = z.enum([
  'project',
  'workflow',
  'agent',
  'model',
  'provider',
  'tool',
  'user',
  'session',
  'tag',
  'environment',
  'version',
]);
export type CostDimension = z.infer<typeof costDimension>;

export const costMeasure = z.enum([
  'cost',
  'tokens',
  'cost_per_run',
  'cost_per_successful_run',
  'cost_per_handoff',
  'cost_per_user',
]);
export type CostMeasure = z.infer<typeof costMeasure>;

export const costQuery = z.object({
  ...runRange,
  from: timeExpression.default('now-7d').describe(`Start of the range. ${timeForms}`),
  by: z
    .string()
    .regex(/^[a-z]*(,[a-z]+)?$/, 'Name one or two dimensions, e.g. workflow,model.')
    .default('workflow')
    .describe('One or two dimensions, comma-separated; empty = the total alone.'),
  step: z
    .string()
    .regex(/^(auto|\d{1,4}[smhd])$/, 'Write auto, or a step such as 1h, 1d.')
    .default('auto')
    .describe('Width of a window; at most 1,000 windows fit a range.'),
  sort: z
    .enum(['cost', 'tokens', 'change', 'waste', 'runs'])
    .default('cost')
    .describe('Largest first.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(50).describe('Rows at most.'),
  users: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Whether to count users: it reads every call of the range, which takes longer.'),
});
export type CostQuery = z.infer<typeof costQuery>;

/** Tokens in buckets that add up. */
export const costTokens = z.object({
  input: count,
  cacheRead: count,
  cacheWrite: count,
  output: count,
  reasoning: count,
});
export type CostTokens = z.infer<typeof costTokens>;

/** Sums over calls, each counted once. A share or a unit cost is null where there is nothing to divide by. */
export const costFigures = z.object({
  /** Of the calls that have a price; `coverage` says how many of all. */
  costUsd: usd,
  /** Of `costUsd`: what senders said themselves. */
  reportedUsd: usd,
  /** What the price list says of the same calls, reported ones too; null = it has none of them. */
  computedUsd: usd.nullable(),
  /** Calls of `calls` that have both, a reported cost and one of the list; and the sums of these alone, to be held against each other. */
  comparedCalls: count,
  comparedReportedUsd: usd,
  comparedComputedUsd: usd,
  /** Of `costUsd`: priced by the family of the model alone. */
  estimatedUsd: usd,
  calls: count,
  pricedCalls: count,
  /** Priced calls of all calls. */
  coverage: z.number().nullable(),
  tokens: costTokens,
  /** Each counted where its first call with these values lies, so that the figures of two ranges add up. */
  runs: count,
  successfulRuns: count,
  handoffs: count,
  /** Null when it was not asked for, by `users=true`. */
  users: count.nullable(),
  costPerRunUsd: usd.nullable(),
  /** All that was spent, over the runs that succeeded. */
  costPerSuccessfulRunUsd: usd.nullable(),
  costPerHandoffUsd: usd.nullable(),
  costPerUserUsd: usd.nullable(),
  /** Cache reads of all input tokens. */
  cacheHitShare: z.number().nullable(),
  /** At the prices in force for the day of each call: the same input without a cache, less what it cost with one. Negative when writes cost more than reads saved. */
  savedByCacheUsd: usd.nullable(),
  /** Of `costUsd`, in exclusive classes. */
  wasteUsd: usd,
});
export type CostFigures = z.infer<typeof costFigures>;

/** What is odd in the numbers, and visible wherever they stand. */
export const costFlag = z.enum([
  'unpriced_calls',
  'usage_missing',
  'usage_conflict',
  'reported_differs',
  'free_override',
  'tags_overlap',
]);
export type CostFlag = z.infer<typeof costFlag>;

export const costRow = z.object({
  /** One a dimension; empty text = not told. */
  keys: z.array(z.string()),
  figures: costFigures,
  /** Of the range before, as long as this one. Null when nothing was spent then. */
  previousCostUsd: usd.nullable(),
  /** Of the total's cost. */
  share: z.number().nullable(),
  /** Cost of each window, in USD. */
  series: z.array(z.number()),
  /** Shows the runs behind it in the list of runs. */
  runsFilter: z.string(),
  flags: z.array(costFlag),
});
export type CostRow = z.infer<typeof costRow>;

export const costReport = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  previousFrom: z.iso.datetime(),
  by: z.array(costDimension),
  stepSeconds: z.number(),
  /** Start of each window. */
  times: z.array(z.iso.datetime()),
  rows: z.array(costRow),
  /** Of the rows beyond the limit; null when there are none. */
  other: z.object({ rows: count, costUsd: usd, series: z.array(z.number()) }).nullable(),
  total: costFigures,
  previousCostUsd: usd.nullable(),
  flags: z.array(costFlag),
});
export type CostReport = z.infer<typeof costReport>;
