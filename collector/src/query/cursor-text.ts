/** What cursors of lists of runs are made of. */
import { z } from 'zod';

const largestInt64 = 9_223_372_036_854_775_807n;

/** Nanoseconds since the epoch. */
export const cursorMoment = z
  .string()
  .regex(/^\d{1,19}$/)
  .refine((digits) => BigInt(digits) <= largestInt64);

/** What rows are sorted by: a whole number, or money. */
export const cursorValue = z
  .string()
  .regex(/^-?\d{1,19}(\.\d{1,12})?$/)
  .refine((digits) => BigInt(digits.replace(/\..*|-/g, '')) <= largestInt64);

export function toCursorText(cursor: object): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Undefined when the text is not a cursor of that shape. */
export function fromCursorText<S extends z.ZodType>(
  text: string,
  shape: S,
): z.output<S> | undefined {
  try {
    const parsed = shape.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Not JSON: the same answer as for JSON of another shape.
    return undefined;
  }
}
