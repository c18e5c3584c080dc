/** Where a page of findings ended. Opaque to clients; nothing in it is trusted when it comes back. */
import { z } from 'zod';
import { findingListQuery } from '../contract.ts';
import { cursorMoment, cursorValue, fromCursorText } from './cursor-text.ts';

const shape = z.object({
  sort: findingListQuery.shape.sort,
  /** The range the first page resolved `now` to, so that the pages of one list are of one list. */
  from: cursorMoment,
  to: cursorMoment,
  now: cursorMoment,
  value: cursorValue,
  runId: z.string().max(400),
  position: z.int().min(0).max(1_000_000),
});
export type FindingCursor = z.infer<typeof shape>;

/** Undefined when the text is not a cursor of ours. */
export function fromFindingCursorText(text: string): FindingCursor | undefined {
  return fromCursorText(text, shape);
}
