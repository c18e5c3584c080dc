/** What models are priced by: GET and PUT /api/prices. */
import { z } from 'zod';
import { costTokens } from './costs.ts';
import { count, project, timeExpression, timeForms, usd } from './parts.ts';

export const priceQuery = z.object({
  project,
  from: timeExpression.default('now-30d').describe(`Start of the range. ${timeForms}`),
  to: timeExpression.default('now').describe(`End of the range. ${timeForms}`),
});
export type PriceQuery = z.infer<typeof priceQuery>;

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
