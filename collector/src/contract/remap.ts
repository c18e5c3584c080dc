/** Mapping history again: POST /api/remap. */
import { z } from 'zod';
import { timeExpression, timeForms } from './parts.ts';

export const remapRequest = z.strictObject({
  project: z.string().min(1).max(128).nullable().default(null).describe('All of them when null.'),
  from: timeExpression.nullable().default(null).describe(`Start of the range. ${timeForms}`),
  to: timeExpression.nullable().default(null).describe(`End of the range. ${timeForms}`),
  dryRun: z.boolean().default(false).describe('Count what would change, and write nothing.'),
});
export type RemapRequest = z.infer<typeof remapRequest>;

/** The answer is one of these a line: progress while it goes on, and a summary or an error at its end. */
export const remapLine = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    project: z.string(),
    /** Days are walked newest first. */
    day: z.iso.date(),
    /** Rows of that day which an older mapping made, copies of a span counted too. */
    rows: z.int(),
    /** Spans of that day so far. */
    read: z.int(),
    changed: z.int(),
    /** The day is done. */
    done: z.boolean(),
  }),
  z.object({
    type: z.literal('summary'),
    dryRun: z.boolean(),
    mapperVersion: z.int(),
    /** Spans that an older mapping made. */
    read: z.int(),
    changed: z.int(),
    /** Spans that would have lost something, and stay as they are. */
    kept: z.array(z.object({ reason: z.string(), count: z.int() })),
    /** Most changed first. */
    columns: z.array(z.object({ column: z.string(), count: z.int() })),
    /** Changed spans by what their dialect was taken for, and is. */
    dialects: z.array(z.object({ before: z.string(), after: z.string(), count: z.int() })),
  }),
  z.object({ type: z.literal('error'), message: z.string() }),
]);
export type RemapLine = z.infer<typeof remapLine>;
