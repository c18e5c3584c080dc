/** Judging history again: POST /api/analyze. */
import { z } from 'zod';
import { timeExpression, timeForms } from './parts.ts';

export const analyzeRequest = z.strictObject({
  project: z.string().min(1).max(128).nullable().default(null).describe('All of them when null.'),
  from: timeExpression.nullable().default(null).describe(`Start of the range. ${timeForms}`),
  to: timeExpression.nullable().default(null).describe(`End of the range. ${timeForms}`),
});
export type AnalyzeRequest = z.infer<typeof analyzeRequest>;

export const analyzeLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), traces: z.int(), done: z.int() }),
  z.object({
    type: z.literal('summary'),
    traces: z.int(),
    /** Of the server since then: traces that could not be analysed, see its log. */
    failed: z.int(),
    analysisVersion: z.int(),
  }),
  z.object({ type: z.literal('error'), message: z.string() }),
]);
export type AnalyzeLine = z.infer<typeof analyzeLine>;
