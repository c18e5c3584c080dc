/** Where a page of runs ended. Opaque to clients; nothing in it is trusted when it comes back. */
import { z } from 'zod';
import { runSort } from '../contract.ts';

const largestInt64 = 9_223_372_036_854_775_807n;
const moment = z
  .string()
  .regex(/^\d{1,19}$/)
  .refine((digits) => BigInt(digits) <= largestInt64);

const shape = z.object({
  sort: runSort,
  order: z.enum(['asc', 'desc']),
  /** The range the first page resolved `now` to, so that the pages of one list are of one list. */
  from: moment,
  to: moment,
  now: moment,
  value: z
    .string()
    .regex(/^-?\d{1,19}(\.\d{1,12})?$/)
    .refine((digits) => BigInt(digits.replace(/\..*|-/g, '')) <= largestInt64),
  runId: z.string().max(400),
});
export type RunCursor = z.infer<typeof shape>;

export function toRunCursorText(cursor: RunCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Undefined when the text is not a cursor of ours. */
export function fromRunCursorText(text: string): RunCursor | undefined {
  try {
    const parsed = shape.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Not JSON: the same answer as for JSON of another shape.
    return undefined;
  }
}
