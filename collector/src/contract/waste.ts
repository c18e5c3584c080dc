/** What was spent for nothing: GET /api/cost/waste. */
import { z } from 'zod';
import { count, runRange, timeExpression, timeForms, usd } from './parts.ts';
import { findingKind } from './runs.ts';

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
