/** One trace, as columns. */
import { z } from 'zod';
import { column, nanoseconds, project, traceId, usd } from './parts.ts';
import { spanKind } from './words.ts';

export const skeletonColumns = z.object({
  /** Row of the parent; -1 = root; -2 = a parent was named but not received. */
  parent: column,
  /** Index into `strings`. */
  name: column,
  /** Index into `kinds`. */
  kind: column,
  /** Indexes into `strings`; -1 = none. */
  agent: column,
  model: column,
  service: column,
  errorType: column,
  /** Nanoseconds since `startTimeUnixNano`: exact in a double for 104 days. */
  start: column,
  /** Nanoseconds; -1 = still running. */
  duration: column,
  /** 0 unset, 1 ok, 2 error. */
  status: column,
  /** -1 = not told. Model calls and embeddings only, so that a column may be summed. */
  inputTokens: column,
  outputTokens: column,
  /** Millionths of a USD; -1 = not known. */
  costMicroUsd: column,
  /** 1 = first try, 0 = not told. */
  attempt: column,
  /** 1-based, 0 = not in a loop. */
  loopIteration: column,
  /** Bits: 1 running, 2 end before start, 4 bad time, 8 truncated, 16 wait, 32 no service name. */
  flags: column,
});
export type SkeletonColumns = z.infer<typeof skeletonColumns>;

export const noticeCode = z.enum([
  'orphans',
  'several_roots',
  'cycle',
  'clock_skew',
  'end_before_start',
  'bad_time',
  'running',
  'truncated',
  'no_service_name',
  'omitted',
]);
export type NoticeCode = z.infer<typeof noticeCode>;

export const traceSkeleton = z.object({
  traceId,
  projectId: z.string(),
  startTimeUnixNano: nanoseconds,
  /** The latest time seen in the trace; a running trace goes on to now. */
  endTimeUnixNano: nanoseconds,
  kinds: z.array(spanKind),
  strings: z.array(z.string()),
  /** 16 hex characters a span, one after the other. */
  spanIds: z.string(),
  columns: skeletonColumns,
  /** Span events worth a mark, at most 5,000: row, nanoseconds since the trace start, index into `strings`. */
  events: z.object({ row: column, time: column, name: column }),
  /** Links between two spans of this trace: from the span that carries the link, to the one it names. */
  links: z.object({ from: column, to: column, rel: column }),
  /** Always of the whole trace, also when rows were omitted. */
  totals: z.object({
    spans: z.int(),
    errors: z.int(),
    llmCalls: z.int(),
    toolCalls: z.int(),
    inputTokens: z.int().nullable(),
    outputTokens: z.int().nullable(),
    costUsd: usd.nullable(),
    /** Model calls for which no cost is known, but for those that failed before they told any tokens. */
    unpricedCalls: z.int(),
    agents: z.array(z.string()),
  }),
  /** Spans the server left out, by parent row. Empty below 250,000 spans. */
  omitted: z.object({ parent: column, count: column, durationNs: column, costMicroUsd: column }),
  /** What is odd about this trace, for people to read. */
  notices: z.array(z.object({ code: noticeCode, count: z.int(), message: z.string() })),
});
export type TraceSkeleton = z.infer<typeof traceSkeleton>;

export const traceQuery = z.object({ project });
export type TraceQuery = z.infer<typeof traceQuery>;
