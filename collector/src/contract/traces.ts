/** Traces as a list. */
import { z } from 'zod';
import { nanoseconds, project, timeExpression, timeForms, traceId, usd } from './parts.ts';
import { spanKind, spanStatus } from './words.ts';

export const traceSort = z.enum(['start_time', 'duration', 'spans', 'errors', 'tokens', 'cost']);
export type TraceSort = z.infer<typeof traceSort>;

/** Descriptions of parameters go into `/api/openapi.json`. */
export const tracesQuery = z.object({
  project,
  from: timeExpression.default('now-24h').describe(`Start of the range. ${timeForms}`),
  to: timeExpression.default('now').describe(`End of the range. ${timeForms}`),
  q: z
    .string()
    .max(2000)
    .default('')
    .describe('Filter, e.g. agent:planner status:error cost>0.1 duration>5s.'),
  sort: traceSort.default('start_time').describe('What the traces are sorted by.'),
  order: z.enum(['asc', 'desc']).default('desc').describe('Which end comes first.'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Traces a page.'),
  cursor: z.string().max(400).optional().describe('The nextCursor of the page before.'),
});
export type TracesQuery = z.infer<typeof tracesQuery>;

export const traceSummary = z.object({
  traceId,
  /** Name of the root span, or of the earliest span when the root has not arrived. */
  name: z.string(),
  rootKind: spanKind,
  rootReceived: z.boolean(),
  services: z.array(z.string()),
  /** At most 8, most active first. */
  agents: z.array(z.string()),
  models: z.array(z.string()),
  startTimeUnixNano: nanoseconds,
  /** From first start to last end; still growing when `running`. */
  durationMs: z.number(),
  running: z.boolean(),
  status: spanStatus,
  /** The error type of the earliest failing span, empty when none failed. */
  errorType: z.string(),
  spanCount: z.int(),
  errorCount: z.int(),
  llmCalls: z.int(),
  toolCalls: z.int(),
  inputTokens: z.int().nullable(),
  outputTokens: z.int().nullable(),
  /** Sum over the calls whose cost is known. */
  costUsd: usd.nullable(),
  /** Model calls for which no cost is known, but for those that failed before they told any tokens: with any, `costUsd` is less than what was spent. */
  unpricedCalls: z.int(),
  conversationId: z.string(),
  userId: z.string(),
});
export type TraceSummary = z.infer<typeof traceSummary>;

export const traceList = z.object({
  traces: z.array(traceSummary),
  /** Ask again with `cursor` for the next page; null on the last. */
  nextCursor: z.string().nullable(),
  /** The range the relative times stood for. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** When nothing matched: start of the newest trace of the project at all, null when it has none. */
  newestTraceAt: z.iso.datetime().nullable(),
});
export type TraceList = z.infer<typeof traceList>;
