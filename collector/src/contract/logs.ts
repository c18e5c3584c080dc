/** Log records of a trace. */
import { z } from 'zod';
import { nanoseconds, project, spanId, traceId, usd } from './parts.ts';
import { attribute, message, payload, usage } from './span.ts';
import { spanKind, spanStatus } from './words.ts';

/** `gen_ai.evaluation.result`: what somebody thinks of the answer of a span. */
export const evaluation = z.object({
  name: z.string(),
  /** null when only a label was told. */
  score: z.number().nullable(),
  label: z.string(),
  explanation: z.string(),
});
export type Evaluation = z.infer<typeof evaluation>;

export const spanEvaluation = evaluation.extend({
  timeUnixNano: nanoseconds,
  /** Why there is no score; empty when the evaluation did not fail. */
  errorType: z.string(),
  /** The answer that was judged, as its judge named it; empty when it named the span alone. */
  responseId: z.string(),
  /** The log record that told it. */
  logId: z.string(),
});
export type SpanEvaluation = z.infer<typeof spanEvaluation>;

/** What a record tells. Tokens and costs may be summed over `llm_call` alone. */
export const logFact = z.enum(['other', 'message', 'evaluation', 'llm_call', 'tool_call', 'error']);
export type LogFact = z.infer<typeof logFact>;

export const logEntry = z.object({
  /** The same after every retry of its sender. */
  id: z.string(),
  /** Empty when the record belongs to the trace as a whole. */
  spanId: z.string(),
  timeUnixNano: nanoseconds,
  observedTimeUnixNano: nanoseconds.nullable(),
  /** OpenTelemetry's: 1-4 trace, 5-8 debug, 9-12 info, 13-16 warn, 17-20 error, 21-24 fatal, 0 not told. */
  severityNumber: z.int(),
  severityText: z.string(),
  eventName: z.string(),
  /** Bits: 4 bad time, 8 truncated, 32 no service name, 64 told no time of its own. */
  flags: z.int(),
  serviceName: z.string(),
  scopeName: z.string(),
  dialect: z.string(),
  body: attribute,
  attributes: z.array(attribute),
  /** Messages and payloads that the record carries as attributes. */
  content: z.array(payload),
  droppedAttributes: z.int(),
  fact: logFact,
  conversationId: z.string(),
  userId: z.string(),
  agentName: z.string(),
  provider: z.string(),
  modelRequested: z.string(),
  modelAnswered: z.string(),
  toolName: z.string(),
  toolCallId: z.string(),
  responseId: z.string(),
  errorType: z.string(),
  usage,
  costUsd: usd.nullable(),
  costSource: z.enum(['none', 'reported', 'computed']),
  durationMs: z.number().nullable(),
  evaluation: evaluation.nullable(),
});
export type LogEntry = z.infer<typeof logEntry>;

export const logsQuery = z.object({
  project,
  limit: z.coerce.number().int().min(1).max(1000).default(200).describe('The newest so many.'),
});
export type LogsQuery = z.infer<typeof logsQuery>;

export const traceLogs = z.object({
  /** In the order they happened. */
  logs: z.array(logEntry),
  /** There are older ones: ask with a higher `limit`. */
  hasOlder: z.boolean(),
});
export type TraceLogs = z.infer<typeof traceLogs>;

export const spanDetail = z.object({
  traceId,
  spanId,
  parentSpanId: z.string(),
  name: z.string(),
  kind: spanKind,
  rawKind: z.string(),
  dialect: z.string(),
  otelKind: z.enum(['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']),
  traceState: z.string(),
  startTimeUnixNano: nanoseconds,
  /** null while running. */
  endTimeUnixNano: nanoseconds.nullable(),
  durationNs: z.number().nullable(),
  status: spanStatus,
  statusMessage: z.string(),
  errorType: z.string(),
  flags: z.int(),
  serviceName: z.string(),
  scopeName: z.string(),
  scopeVersion: z.string(),
  runId: z.string(),
  workflowName: z.string(),
  agentName: z.string(),
  toolName: z.string(),
  toolCallId: z.string(),
  conversationId: z.string(),
  userId: z.string(),
  provider: z.string(),
  modelRequested: z.string(),
  modelAnswered: z.string(),
  responseId: z.string(),
  finishReasons: z.array(z.string()),
  usage,
  /** What the sender reported, else what was computed. */
  costUsd: usd.nullable(),
  costSource: z.enum(['none', 'reported', 'computed']),
  /** By the price list of `priceVersion`, also where the sender reported another. */
  computedCostUsd: usd.nullable(),
  /** Empty when nothing was computed. */
  priceVersion: z.string(),
  /** `prefix` = by the model's family: an estimate. */
  priceMatch: z.enum(['none', 'exact', 'alias', 'prefix']),
  timeToFirstChunkMs: z.number().nullable(),
  attempt: z.int(),
  loopIteration: z.int(),
  handoffFrom: z.string(),
  handoffTo: z.string(),

  systemInstructions: z.array(message),
  inputMessages: z.array(message),
  outputMessages: z.array(message),
  toolDefinitions: payload.nullable(),
  toolArguments: payload.nullable(),
  toolResult: payload.nullable(),
  documents: payload.nullable(),
  input: payload.nullable(),
  output: payload.nullable(),
  /** Content that could not be read as messages, as it came. */
  unreadContent: z.array(payload),
  /** Told in log records, also days later. */
  evaluations: z.array(spanEvaluation),
  /** The newest 200 log records of the span, in the order they happened. */
  logs: z.array(logEntry),
  /** There are older ones. */
  hasOlderLogs: z.boolean(),

  attributes: z.array(attribute),
  resourceAttributes: z.array(attribute),
  scopeAttributes: z.array(attribute),
  events: z.array(
    z.object({ name: z.string(), timeUnixNano: nanoseconds, attributes: z.array(attribute) }),
  ),
  links: z.array(
    z.object({
      traceId: z.string(),
      spanId: z.string(),
      rel: z.string(),
      attributes: z.array(attribute),
    }),
  ),
  droppedAttributes: z.int(),
  droppedEvents: z.int(),
  droppedLinks: z.int(),
});
export type SpanDetail = z.infer<typeof spanDetail>;
