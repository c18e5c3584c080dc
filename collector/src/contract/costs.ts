/** What was spent, by whom, what of it was wasted, and what it ought to have been. */
import { z } from 'zod';
import { count, project, runRange, slug, timeExpression, timeForms, usd } from './parts.ts';
import { findingKind } from './runs.ts';

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

/* Waste. */

/**
 * Why it need not have been spent. A call is in one class at most, the first of these that fits, so they never add up to
 * more than was spent.
 */
export const wasteClass = z.enum([
  'abandoned_run',
  'failed_run',
  'loop_iteration',
  'retried_attempt',
  'repeated_prompt',
  'unused_tool_result',
  'unread_cache_write',
  'uncached_context',
]);
export type WasteClass = z.infer<typeof wasteClass>;

export const wasteRow = z.object({
  class: wasteClass,
  /** One sentence: what counts. */
  rule: z.string(),
  costUsd: usd,
  tokens: count,
  calls: count,
  runs: count,
  /** Of all that was spent. */
  share: z.number().nullable(),
  /** Kinds of findings that tell of the same. */
  findings: z.array(findingKind),
  runsFilter: z.string(),
  /** Most wasteful first, at most 5. */
  examples: z.array(
    z.object({ runId: z.string(), traceId: z.string(), workflow: z.string(), costUsd: usd }),
  ),
});
export type WasteRow = z.infer<typeof wasteRow>;

export const wasteReport = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  totalUsd: usd,
  wasteUsd: usd,
  classes: z.array(wasteRow),
});
export type WasteReport = z.infer<typeof wasteReport>;
export const wasteQuery = z.object({
  ...runRange,
  from: timeExpression.default('now-7d').describe(`Start of the range. ${timeForms}`),
});

/* Budgets. */

const amount = z
  .string()
  .regex(
    /^\d{1,9}(\.\d{1,12})?$/,
    'Write an amount of USD such as 250 or 0.5, and not below zero.',
  );

/** What a person sets. Its alerts go through the rules of alerting. */
export const budget = z.strictObject({
  id: slug,
  title: z.string().min(1).max(200),
  /** Filter on runs that it is for; empty = all of the project. */
  filter: z.string().max(2_000).default(''),
  /** USD of one period. */
  amountUsd: amount,
  /** `month` = calendar month of the time zone; otherwise a trailing window. */
  period: z.enum(['month', '1d', '7d', '30d']).default('month'),
  timeZone: z.string().min(1).max(64).default('UTC'),
  /** Shares at which somebody is told. */
  alertAt: z.array(z.number().positive().max(10)).max(10).default([0.5, 0.8, 1]),
  /** Told when the forecast passes the amount. */
  alertOnForecast: z.boolean().default(true),
  channels: z.array(slug).max(20).default([]),
  owner: z.string().max(200).default(''),
  enabled: z.boolean().default(true),
});
export type Budget = z.infer<typeof budget>;

/** What is to be expected of the period, and how far such forecasts were off. */
export const budgetForecast = z.object({
  /** At the end of the period. */
  expectedUsd: usd,
  /** Between these with 80 %. */
  lowUsd: usd,
  highUsd: usd,
  /** Mean absolute share by which the same forecast missed, made for each day of the last weeks; null = too little history. */
  error: z.number().nullable(),
  /** Days it was tried on. */
  triedDays: count,
});
export type BudgetForecast = z.infer<typeof budgetForecast>;

export const budgetStatus = z.object({
  budget,
  periodFrom: z.iso.datetime(),
  /** Null of a trailing window: it has no end. */
  periodTo: z.iso.datetime().nullable(),
  spentUsd: usd,
  /** Null of a budget of zero. */
  usedShare: z.number().nullable(),
  remainingUsd: usd,
  coverage: z.number().nullable(),
  /** Null of a trailing window. */
  forecast: budgetForecast.nullable(),
  /** One entry a day of the period: spent until its end, and what is expected after today. */
  burnDown: z.array(
    z.object({
      day: z.iso.date(),
      spentUsd: usd.nullable(),
      expectedUsd: usd.nullable(),
      lowUsd: usd.nullable(),
      highUsd: usd.nullable(),
    }),
  ),
  state: z.enum(['within', 'warned', 'exceeded', 'off']),
  flags: z.array(costFlag),
});
export type BudgetStatus = z.infer<typeof budgetStatus>;
export const budgetList = z.object({ budgets: z.array(budgetStatus) });
export type BudgetList = z.infer<typeof budgetList>;
export const budgetChange = z.strictObject({ project, budget });
export type BudgetChange = z.infer<typeof budgetChange>;

// An orchestrator asks before it spends.
export const budgetCheckQuery = z.object({
  project,
  budget: z.string().max(64).default('').describe('Id of a budget; empty = every one that fits.'),
  workflow: z.string().max(256).default('').describe('Workflow that is about to run.'),
  agent: z.string().max(256).default('').describe('Agent that is about to run.'),
  user: z.string().max(256).default('').describe('User it is for.'),
  usd: amount.default('0').describe('What is about to be spent.'),
});
export type BudgetCheckQuery = z.infer<typeof budgetCheckQuery>;

export const budgetCheck = z.object({
  allowed: z.boolean(),
  /** Of the tightest budget; null when none fits. */
  remainingUsd: usd.nullable(),
  /** The tightest; empty when none fits. */
  budget: z.string(),
  /** One sentence. */
  reason: z.string(),
  /** Seconds for which the answer may be kept. */
  validForSeconds: z.number(),
});
export type BudgetCheck = z.infer<typeof budgetCheck>;

/* Prices. */

/** USD for a million tokens; null = as the whole it is part of. */
export const tokenPrices = z.strictObject({
  input: z.number().min(0).max(1_000_000),
  output: z.number().min(0).max(1_000_000),
  cacheRead: z.number().min(0).max(1_000_000).nullable().default(null),
  cacheWrite: z.number().min(0).max(1_000_000).nullable().default(null),
  cacheWrite1h: z.number().min(0).max(1_000_000).nullable().default(null),
  reasoning: z.number().min(0).max(1_000_000).nullable().default(null),
  inputAudio: z.number().min(0).max(1_000_000).nullable().default(null),
  cacheReadAudio: z.number().min(0).max(1_000_000).nullable().default(null),
  outputAudio: z.number().min(0).max(1_000_000).nullable().default(null),
  inputImage: z.number().min(0).max(1_000_000).nullable().default(null),
  cacheReadImage: z.number().min(0).max(1_000_000).nullable().default(null),
  outputImage: z.number().min(0).max(1_000_000).nullable().default(null),
});
export type TokenPrices = z.infer<typeof tokenPrices>;

const namedPrices = tokenPrices.extend({
  input: tokenPrices.shape.input.nullable().default(null),
  output: tokenPrices.shape.output.nullable().default(null),
});

/** What a person sets for a model, of one project or of all. It wins over the list. */
export const priceOverride = z.strictObject({
  /** Empty = any. */
  provider: z.string().max(100).default(''),
  /** One `*` may stand at its end; alone it is every model. */
  model: z
    .string()
    .regex(/^([^*]*[^*\s][^*]*\*?|\*)$/, 'Name a model; one * may stand at its end.')
    .max(256),
  /** From that day on, in UTC; null = always. */
  from: z.iso.date().nullable().default(null),
  /** `batch`, `flex`, `priority` ...; empty = any. */
  serviceTier: z.string().max(64).default(''),
  /** Whether what is not named is what the bundled list says of the model; otherwise this is the whole price. */
  inherit: z.boolean().default(false),
  /** Input and output may be null where the rest is inherited. */
  usdPerMillionTokens: namedPrices.nullable().default(null),
  /** Of a model at home: USD of an hour of its hardware, and how many calls share it. */
  usdPerHour: z
    .strictObject({
      usd: z.number().min(0).max(100_000),
      concurrency: z.number().min(0.001).max(1_000_000).default(1),
    })
    .nullable()
    .default(null),
  /** Null = none, or that of the list where the rest is inherited. */
  usdPerRequest: z.number().min(0).max(100_000).nullable().default(null),
  /** USD of one use of a tool of the provider, by its name, e.g. `web_search`. */
  usdPerToolUse: z
    .record(
      z
        .string()
        .regex(/^\w[\w.:-]{0,63}$/, 'Name a tool with at most 64 letters, digits and . : _ -'),
      z.number().min(0).max(100_000),
    )
    .default({}),
  note: z.string().max(500).default(''),
});
export type PriceOverride = z.infer<typeof priceOverride>;

/** A model that was used in the range, and what it is priced by. */
export const pricedModel = z.object({
  provider: z.string(),
  model: z.string(),
  calls: count,
  unpricedCalls: count,
  tokens: costTokens,
  costUsd: usd,
  match: z.enum(['none', 'exact', 'alias', 'prefix']),
  /** `list`, `file`, `override`, `none`. */
  source: z.enum(['list', 'file', 'override', 'none']),
  /** Of the list: its package and version; of others: a hash. */
  version: z.string(),
  /** Day that the price holds from; null = not told. */
  since: z.iso.date().nullable(),
  /** Null where the model is paid by the hour. Of a part that has no price of its own: null. */
  usdPerMillionTokens: tokenPrices
    .extend({ input: z.number().nullable(), output: z.number().nullable() })
    .nullable(),
  /** Which of them the bundled list says, where the source is another: an override that inherits. */
  inherited: z.array(tokenPrices.keyof()),
  /** Of inputs beyond so many tokens another price holds. */
  hasTiers: z.boolean(),
  hasHours: z.boolean(),
});
export type PricedModel = z.infer<typeof pricedModel>;

export const priceTable = z.object({
  /** Those without a price first, then by cost. */
  models: z.array(pricedModel),
  overrides: z.array(priceOverride),
  listVersion: z.string(),
  listDate: z.iso.date().nullable(),
});
export type PriceTable = z.infer<typeof priceTable>;

/** PUT: takes the place of all overrides of the project. */
export const priceChange = z.strictObject({
  project,
  overrides: z.array(priceOverride).max(1_000),
  /** Asked for when a change would make everything free. */
  confirmFree: z.boolean().default(false),
});
export type PriceChange = z.infer<typeof priceChange>;
