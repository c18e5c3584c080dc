/** Where a page of traces ended. Opaque to clients; nothing in it is trusted when it comes back. */
import { z } from 'zod';
import { traceSort } from '../contract.ts';

const shape = z.object({
  sort: traceSort,
  order: z.enum(['asc', 'desc']),
  /** The range the first page resolved `now` to, so that the pages of one list are of one list. */
  from: z.string().regex(/^\d{1,19}$/),
  to: z.string().regex(/^\d{1,19}$/),
  value: z.string().regex(/^-?\d{1,26}(\.\d{1,12})?$/),
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
});
export type Cursor = z.infer<typeof shape>;

export function toCursorText(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Undefined when the text is not a cursor of ours. */
export function fromCursorText(text: string): Cursor | undefined {
  try {
    const parsed = shape.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return parsed.success && isInt64(parsed.data) ? parsed.data : undefined;
  } catch {
    // Not JSON: the same answer as for JSON of another shape.
    return undefined;
  }
}

const largestInt64 = 9_223_372_036_854_775_807n;

function isInt64(cursor: Cursor): boolean {
  return [cursor.from, cursor.to, cursor.value.replace(/\..*/, '').replace('-', '')].every(
    (digits) => BigInt(digits) <= largestInt64,
  );
}
