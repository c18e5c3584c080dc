/** The live feed: server-sent events. */
import { z } from 'zod';
import { project, traceId } from './parts.ts';

export const liveQuery = z.object({
  project,
  trace: traceId.optional().describe('Only this trace.'),
});
export type LiveQuery = z.infer<typeof liveQuery>;

/** `event: hello` once, at the start. `event: spans` at most twice a second, when spans became visible. */
export const liveHello = z.object({ version: z.string() });
export type LiveHello = z.infer<typeof liveHello>;

export const liveSpans = z.object({
  /** Traces that received spans since the last event, at most 500 named; `spanCount` counts them all. */
  traces: z.array(z.object({ traceId, spanCount: z.int() })),
  spanCount: z.int(),
});
export type LiveSpans = z.infer<typeof liveSpans>;
