/** Where a page of runs ended. Opaque to clients; nothing in it is trusted when it comes back. */
import { z } from 'zod';
import { runSort } from '../contract.ts';
import { cursorMoment, cursorValue, fromCursorText } from './cursor-text.ts';

const shape = z.object({
  sort: runSort,
  order: z.enum(['asc', 'desc']),
  /** The range the first page resolved `now` to, so that the pages of one list are of one list. */
  from: cursorMoment,
  to: cursorMoment,
  now: cursorMoment,
  value: cursorValue,
  runId: z.string().max(400),
});
export type RunCursor = z.infer<typeof shape>;

/** Undefined when the text is not a cursor of ours. */
export function fromRunCursorText(text: string): RunCursor | undefined {
  return fromCursorText(text, shape);
}
