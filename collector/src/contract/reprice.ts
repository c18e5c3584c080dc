/** Pricing history again: GET and POST /api/reprice. */
import { z } from 'zod';
import { count, timeExpression, timeForms, usd } from './parts.ts';

export const repriceRequest = z.strictObject({
  project: z.string().min(1).max(128).nullable().default(null).describe('All of them when null.'),
  from: timeExpression.nullable().default(null).describe(`Start of the range. ${timeForms}`),
  to: timeExpression.nullable().default(null).describe(`End of the range. ${timeForms}`),
  dryRun: z.boolean().default(false).describe('Tell the difference, and write nothing.'),
});
export type RepriceRequest = z.infer<typeof repriceRequest>;

/** Of what is shown as cost: what senders reported is in both sums, and the same in both. */
export const priceDifference = z.object({
  calls: count,
  /** Calls whose cost is another one than before. */
  changed: count,
  beforeUsd: usd,
  afterUsd: usd,
  /** Calls that had no cost, and have one. */
  newlyPriced: count,
  /** Calls that had a cost, and have none. */
  noLongerPriced: count,
});
export type PriceDifference = z.infer<typeof priceDifference>;

export const modelDifference = z.object({
  provider: z.string(),
  model: z.string(),
  ...priceDifference.shape,
});
export type ModelDifference = z.infer<typeof modelDifference>;

const outcome = {
  dryRun: z.boolean(),
  // Largest difference first, at most 200; models of which nothing changed are left out.
  models: z.array(modelDifference),
  total: priceDifference,
  // Rows that were written, or would be: a price may have another name and the same amount.
  rows: count,
};

/** The answer is one of these a line: progress while it goes on, and a summary or an error at its end. */
export const repriceLine = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    project: z.string(),
    /** Days are walked newest first. */
    day: z.iso.date(),
    /** Calls of that day, copies of a span counted too. */
    calls: z.int(),
    /** Calls of that day so far. */
    read: z.int(),
    /** Rows of that day that were written, or would be. */
    rows: z.int(),
    /** The day is done. */
    done: z.boolean(),
  }),
  z.object({ type: z.literal('summary'), ...outcome }),
  z.object({ type: z.literal('error'), message: z.string() }),
]);
export type RepriceLine = z.infer<typeof repriceLine>;

/** That somebody priced history again, or looked what that would give. */
export const repricing = z.object({
  startedAt: z.iso.datetime(),
  by: z.string(),
  /** As it was asked for; null = as far as there is any. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** `running` also of one that was killed: what it had written by then stays. */
  state: z.enum(['running', 'done', 'failed']),
  ...outcome,
});
export type Repricing = z.infer<typeof repricing>;

/** Newest first, at most 200. */
export const repricingList = z.object({ repricings: z.array(repricing) });
export type RepricingList = z.infer<typeof repricingList>;
