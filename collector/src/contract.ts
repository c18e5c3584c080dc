/**
 * What a reader may ask: schemas and types of the query API under `/api`. Imports zod alone.
 * The server validates with these, `/api/openapi.json` is made from them, the dashboard imports their types.
 *
 * Time is nanoseconds since the epoch as a decimal string, unless a name says otherwise; durations are in the
 * unit of their name; money is USD as a decimal string; null means not known, never zero.
 */
import { z } from 'zod';

export const spanKind = z.enum([
  'other',
  'workflow',
  'agent',
  'turn',
  'step',
  'llm',
  'embedding',
  'tool',
  'mcp',
  'retrieval',
  'rerank',
  'memory',
  'plan',
  'route',
  'handoff',
  'guardrail',
  'evaluation',
  'approval',
  'queue',
  'checkpoint',
]);
export type SpanKind = z.infer<typeof spanKind>;

export const spanStatus = z.enum(['unset', 'ok', 'error']);
export type SpanStatus = z.infer<typeof spanStatus>;

const nanoseconds = z.string().regex(/^\d{1,20}$/);
const usd = z.string().regex(/^-?\d+(\.\d+)?$/);
const traceId = z.string().regex(/^[0-9a-f]{32}$/, 'Write 32 lower-case hexadecimal characters.');
const spanId = z.string().regex(/^[0-9a-f]{16}$/);

/** Stable words; clients may branch on them. */
export const errorCode = z.enum([
  'invalid_request',
  'invalid_filter',
  'invalid_cursor',
  'unauthorized',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'conflict',
  'too_large',
  'unavailable',
  'internal',
]);
export type ErrorCode = z.infer<typeof errorCode>;

export const apiError = z.object({
  error: z.object({
    code: errorCode,
    /** A sentence that says what to change. */
    message: z.string(),
    /** Where in the filter text the error lies, in UTF-16 units. */
    position: z.object({ start: z.int(), end: z.int() }).optional(),
  }),
});
export type ApiError = z.infer<typeof apiError>;

/* ---------- projects ---------- */

export const projectList = z.object({
  projects: z.array(z.object({ id: z.string(), spanCount: z.int(), lastSeen: z.iso.datetime() })),
});
export type ProjectList = z.infer<typeof projectList>;

/* ---------- traces ---------- */

export const traceSort = z.enum(['start_time', 'duration', 'spans', 'errors', 'tokens', 'cost']);
export type TraceSort = z.infer<typeof traceSort>;

const timeForms =
  'Write an ISO time such as 2026-11-21T10:00:00Z, or now, now-15m, now-24h, now-7d.';

const timeExpression = z
  .string()
  .regex(/^(now(-\d{1,5}[smhdw])?|\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z)$/, timeForms);

const project = z
  .string()
  .min(1)
  .max(128)
  .default('default')
  .describe('Project that the spans were sent to.');

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

/* ---------- search ---------- */

export const searchQuery = z.object({
  project,
  q: z
    .string()
    .min(1)
    .max(500)
    .describe('Words in their order, whole and in any case; what stands between them is ignored.'),
  from: timeExpression.default('now-24h').describe(`Start of the range. ${timeForms}`),
  to: timeExpression.default('now').describe(`End of the range. ${timeForms}`),
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Hits a page.'),
  cursor: z.string().max(400).optional().describe('The nextCursor of the page before.'),
});
export type SearchQuery = z.infer<typeof searchQuery>;

export const searchResult = z.object({
  /** Newest first, one a span. */
  hits: z.array(
    z.object({
      traceId,
      spanId,
      /** Start of the span. */
      startTimeUnixNano: nanoseconds,
      /** Where the text stands: input_messages, tool_result and so on. */
      slot: z.string(),
      /** What stands around the match, as it was sent: mostly a piece of JSON. */
      before: z.string(),
      match: z.string(),
      after: z.string(),
    }),
  ),
  /** Ask again with `cursor` for the next page; null on the last. */
  nextCursor: z.string().nullable(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type SearchResult = z.infer<typeof searchResult>;

/* ---------- one trace, as columns ---------- */

/** Row numbers and dictionary numbers; -1 = none. Every column has one entry a span, rows in order of start time. */
const column = z.array(z.number());

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

/* ---------- one span ---------- */

/** Subsets are inside their whole: cache in input, reasoning in output. null = not told. */
export const usage = z.object({
  inputTokens: z.int().nullable(),
  outputTokens: z.int().nullable(),
  cacheReadTokens: z.int().nullable(),
  cacheWriteTokens: z.int().nullable(),
  reasoningTokens: z.int().nullable(),
});
export type Usage = z.infer<typeof usage>;

/** Part types as in OpenTelemetry's message schema; an unknown one keeps its own `type` and its JSON. */
export const messagePart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), content: z.string() }),
  z.object({ type: z.literal('reasoning'), content: z.string() }),
  z.object({
    type: z.literal('tool_call'),
    id: z.string(),
    name: z.string(),
    /** JSON text, or the text as it was. */
    arguments: z.string(),
  }),
  z.object({ type: z.literal('tool_call_response'), id: z.string(), response: z.string() }),
  z.object({
    type: z.literal('media'),
    /** `image`, `audio`, `video`, `file`. */
    modality: z.string(),
    mimeType: z.string(),
    /** A URI or file id; empty when the bytes were inline. Never loaded by itself. */
    reference: z.string(),
    sizeBytes: z.int().nullable(),
  }),
  z.object({ type: z.literal('other'), originalType: z.string(), json: z.string() }),
]);
export type MessagePart = z.infer<typeof messagePart>;

export const message = z.object({
  /** system, user, assistant, tool, or the sender's own word. */
  role: z.string(),
  name: z.string(),
  parts: z.array(messagePart),
  finishReason: z.string(),
});
export type Message = z.infer<typeof message>;

/** A payload as text; `json` says that the whole parses. `text` is cut when shorter than `totalChars`. */
export const payload = z.object({
  key: z.string(),
  json: z.boolean(),
  text: z.string(),
  totalChars: z.int(),
});
export type Payload = z.infer<typeof payload>;

/** Any AnyValue as JSON. 64-bit integers beyond 2^53 are decimal strings; bytes are base64. */
export const attribute = z.object({
  key: z.string(),
  type: z.enum(['string', 'int', 'double', 'bool', 'bytes', 'array', 'map', 'empty']),
  /** The value as text; arrays and maps as JSON. */
  value: z.string(),
});
export type Attribute = z.infer<typeof attribute>;

/* ---------- log records ---------- */

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

/* ---------- live feed (server-sent events) ---------- */

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

/* ---------- mapping history again (POST /api/remap) ---------- */

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

/* ---------- runs ---------- */

export const runStatus = z.enum([
  'running',
  'completed',
  'failed',
  'cancelled',
  'suspended',
  'partial',
]);
export type RunStatus = z.infer<typeof runStatus>;

export const runPattern = z.enum([
  'unknown',
  'single',
  'sequential',
  'concurrent',
  'router',
  'handoff',
  'supervisor',
  'hierarchical',
  'group_chat',
  'plan_first',
  'debate',
  'swarm',
  'mixed',
]);
export type RunPattern = z.infer<typeof runPattern>;

export const findingKind = z.enum([
  'loop',
  'retry_amplification',
  'error_escalation',
  'straggler',
  'synchronous_waterfall',
  'god_agent',
  'over_orchestration',
  'missing_error_boundary',
  'chatty_handoffs',
  'handoff_refused',
  'handoff_bounced',
  'deadlock',
  'conflicting_writes',
  'poison_message',
  'supervisor_saturation',
  'plan_deviation',
  'compensation_gap',
  'budget_exhausted',
  'context_bloat',
  'repeated_prompt',
  'slow_first_token',
  'abandoned_run',
]);
export type FindingKind = z.infer<typeof findingKind>;

export const findingSeverity = z.enum(['info', 'warning', 'critical']);
export type FindingSeverity = z.infer<typeof findingSeverity>;

const runFilterText =
  'Filter on runs, e.g. workflow:refund status:failed agent:planner finding:loop cost>0.1 duration>30s.';

const runRange = {
  project,
  from: timeExpression.default('now-24h').describe(`Start of the range. ${timeForms}`),
  to: timeExpression.default('now').describe(`End of the range. ${timeForms}`),
  q: z.string().max(2000).default('').describe(runFilterText),
};

export const runSort = z.enum(['start_time', 'duration', 'cost', 'tokens', 'errors', 'findings']);
export type RunSort = z.infer<typeof runSort>;

export const runsQuery = z.object({
  ...runRange,
  sort: runSort.default('start_time').describe('What the runs are sorted by.'),
  order: z.enum(['asc', 'desc']).default('desc').describe('Which end comes first.'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Runs a page.'),
  cursor: z.string().max(1200).optional().describe('The nextCursor of the page before.'),
});
export type RunsQuery = z.infer<typeof runsQuery>;

export const runQuery = z.object({ project });

/** Buckets that add up: cache is not in input, reasoning is not in output. */
export const tokenBuckets = z.object({
  input: z.int().nullable(),
  cacheRead: z.int().nullable(),
  cacheWrite: z.int().nullable(),
  output: z.int().nullable(),
  reasoning: z.int().nullable(),
});
export type TokenBuckets = z.infer<typeof tokenBuckets>;

/** Findings of one kind in a run. */
export const findingCount = z.object({
  kind: findingKind,
  /** The worst of them. */
  severity: findingSeverity,
  count: z.int(),
});
export type FindingCount = z.infer<typeof findingCount>;

/** One execution of a workflow, whatever number of traces, processes and pauses it took. */
export const runSummary = z.object({
  runId: z.string(),
  workflow: z.string(),
  workflowVersion: z.string(),
  rootName: z.string(),
  rootTraceId: traceId,
  /** Empty when the root has not arrived. */
  rootSpanId: z.string(),
  status: runStatus,
  /** Why it ended, waits or failed, in its sender's words. */
  statusReason: z.string(),
  errorType: z.string(),
  pattern: runPattern,
  startTimeUnixNano: nanoseconds,
  /** null while running. */
  endTimeUnixNano: nanoseconds.nullable(),
  lastActivityUnixNano: nanoseconds,
  /** With pauses; of a running run: until now. */
  durationMs: z.number(),
  /** Part of the duration in which something was at work, as far as it was seen. */
  activeMs: z.number(),
  waitingMs: z.number(),
  traceCount: z.int(),
  services: z.array(z.string()),
  environment: z.string(),
  agents: z.array(z.string()),
  models: z.array(z.string()),
  conversationId: z.string(),
  userId: z.string(),
  tags: z.array(z.string()),
  spanCount: z.int(),
  errorCount: z.int(),
  modelCallCount: z.int(),
  toolCallCount: z.int(),
  handoffCount: z.int(),
  /** Tries after the first. */
  retryCount: z.int(),
  tokens: tokenBuckets,
  totalTokens: z.int().nullable(),
  /** Sum over the calls whose cost is known. */
  costUsd: usd.nullable(),
  unpricedCallCount: z.int(),
  /** Worst first. */
  findings: z.array(findingCount),
});
export type RunSummary = z.infer<typeof runSummary>;

export const runList = z.object({
  runs: z.array(runSummary),
  /** Ask again with `cursor` for the next page; null on the last. */
  nextCursor: z.string().nullable(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** When nothing matched: start of the newest run of the project at all, null when it has none. */
  newestRunAt: z.iso.datetime().nullable(),
});
export type RunList = z.infer<typeof runList>;

export const spanRef = z.object({ traceId, spanId });
export type SpanRef = z.infer<typeof spanRef>;

/** What would not have been spent without the fault. */
export const waste = z.object({
  ms: z.number().nullable(),
  tokens: z.int().nullable(),
  usd: usd.nullable(),
});
export type Waste = z.infer<typeof waste>;

export const finding = z.object({
  kind: findingKind,
  /** Which shape of its kind, e.g. `cycle`; empty where the kind has one. */
  variant: z.string(),
  severity: findingSeverity,
  /** Whom it is about: an agent, a tool, a queue. */
  subject: z.string(),
  /** What happened. */
  sentence: z.string(),
  /** What to change. */
  advice: z.string(),
  /** The evidence, at most 100 of `spanCount`. */
  spans: z.array(spanRef),
  spanCount: z.int(),
  waste,
  /** The setting that decided, and what was measured against it. */
  threshold: z.object({ name: z.string(), value: z.number(), measured: z.number() }),
});
export type Finding = z.infer<typeof finding>;

export const agentCall = spanRef.extend({
  agent: z.string(),
  startTimeUnixNano: nanoseconds,
  /** null while running. */
  durationMs: z.number().nullable(),
  failed: z.boolean(),
});

export const handoffOutcome = z.enum(['accepted', 'refused', 'failed', 'pending']);

export const runHandoff = spanRef.extend({
  from: z.string(),
  to: z.string(),
  timeUnixNano: nanoseconds,
  /** `accepted` also means that the target did not fail. */
  outcome: handoffOutcome,
  /** From the decision until the target began. */
  latencyMs: z.number().nullable(),
  /** Input of the target's first model call. */
  contextTokens: z.int().nullable(),
});

export const breakerState = z.enum(['closed', 'half_open', 'open']);

export const breakerTransition = spanRef.extend({
  breaker: z.string(),
  state: breakerState,
  timeUnixNano: nanoseconds,
});

export const queueTake = spanRef.extend({
  queue: z.string(),
  timeUnixNano: nanoseconds,
  waitMs: z.number().nullable(),
  failed: z.boolean(),
});

/** A part of the critical path: what decided how long the run took. */
export const criticalShare = z.object({
  /** A span kind, or `waiting`. */
  kind: z.string(),
  agent: z.string(),
  ms: z.number(),
  /** Of the duration, 0 to 1. */
  share: z.number(),
  costUsd: usd,
});

export const runDetail = z.object({
  ...runSummary.omit({ findings: true }).shape,
  patternReason: z.string(),
  traceIds: z.array(traceId),
  findings: z.array(finding),
  agentCalls: z.array(agentCall),
  handoffs: z.array(runHandoff),
  breakerTransitions: z.array(breakerTransition),
  queueTakes: z.array(queueTake),
  criticalPath: z.object({
    /** Longest first. */
    shares: z.array(criticalShare),
    costOnPathUsd: usd,
    /** null when no call is priced. */
    costOffPathUsd: usd.nullable(),
    /** How much later a branch could have ended for nothing; widest first. */
    slack: z.array(spanRef.extend({ name: z.string(), slackMs: z.number() })),
  }),
  /** Spans that were too many to analyse. */
  leftOutSpanCount: z.int(),
  analysisVersion: z.int(),
  analysedAt: z.iso.datetime(),
  /** Detectors that broke on this run: their verdict is missing. */
  failedDetectors: z.array(z.string()),
});
export type RunDetail = z.infer<typeof runDetail>;

/** Runs that a trace is part of. */
export const traceRuns = z.object({ runs: z.array(runDetail) });
export type TraceRuns = z.infer<typeof traceRuns>;

/* ---------- findings ---------- */

export const findingsQuery = z.object(runRange);
export type FindingsQuery = z.infer<typeof findingsQuery>;

/** All findings of one kind in a range. Waste is summed where it is known. */
export const findingGroup = z.object({
  kind: findingKind,
  severity: findingSeverity,
  count: z.int(),
  runCount: z.int(),
  waste,
  /** Most frequent first, at most 8. */
  subjects: z.array(z.object({ subject: z.string(), count: z.int() })),
  workflows: z.array(z.object({ workflow: z.string(), count: z.int() })),
  lastSeenUnixNano: nanoseconds,
});
export type FindingGroup = z.infer<typeof findingGroup>;

export const findingGroups = z.object({
  /** Most wasted money first, then most time. */
  groups: z.array(findingGroup),
  /** Of the range, with and without findings. */
  runCount: z.int(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type FindingGroups = z.infer<typeof findingGroups>;

export const findingListQuery = z.object({
  ...runRange,
  kind: findingKind.optional().describe('Only findings of this kind.'),
  subject: z.string().max(200).optional().describe('Only those about this agent, tool or queue.'),
  sort: z.enum(['start_time', 'waste_usd', 'waste_ms']).default('start_time'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Findings a page.'),
  cursor: z.string().max(1200).optional().describe('The nextCursor of the page before.'),
});
export type FindingListQuery = z.infer<typeof findingListQuery>;

export const runFinding = finding.extend({
  runId: z.string(),
  workflow: z.string(),
  rootTraceId: traceId,
  runStatus,
  runStartTimeUnixNano: nanoseconds,
});
export type RunFinding = z.infer<typeof runFinding>;

export const findingList = z.object({
  findings: z.array(runFinding),
  nextCursor: z.string().nullable(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type FindingList = z.infer<typeof findingList>;

/* ---------- numbers over time ---------- */

export const metricName = z.enum([
  'agent_latency',
  'error_rate',
  'token_cost_per_task',
  'loop_rate',
  'handoff_success',
  'end_to_end_latency',
  'breaker_opens',
  'runs_started',
  'runs_finished',
  'active_runs',
  'queue_wait',
  'retry_rate',
  'cache_hit_share',
  'time_to_first_token',
  'tokens_per_second',
  'tokens',
  'cost',
]);
export type MetricName = z.infer<typeof metricName>;

// What a series can be split by; which of them fit a metric is told when they do not.
export const metricGroup = z.enum([
  'none',
  'workflow',
  'agent',
  'model',
  'handoff',
  'breaker',
  'queue',
  'environment',
  'version',
  'status',
]);
export type MetricGroup = z.infer<typeof metricGroup>;

export const metricQuery = z.object({
  ...runRange,
  step: z
    .string()
    .regex(/^(auto|\d{1,4}[smhd])$/, 'Write auto, or a step such as 1m, 5m, 1h, 1d.')
    .default('auto')
    .describe('Width of a window; at most 1,000 windows fit a range.'),
  groupBy: metricGroup.default('none').describe('One series a name; those with most samples.'),
  limit: z.coerce.number().int().min(1).max(50).default(10).describe('Series at most.'),
});
export type MetricQuery = z.infer<typeof metricQuery>;

/** One window of one series. `samples` counts what the value was made of. */
export const metricSeries = z.object({
  /** Empty when not grouped; `from -> to` of a handoff. */
  group: z.string(),
  /** Over the whole range: exact, not an average of windows. */
  total: z.object({
    value: z.number().nullable(),
    p50: z.number().nullable(),
    p95: z.number().nullable(),
    p99: z.number().nullable(),
    samples: z.int(),
  }),
  /** One entry a window; null where there were no samples. Of latencies `value` is the p95. */
  value: z.array(z.number().nullable()),
  p50: z.array(z.number().nullable()),
  p99: z.array(z.number().nullable()),
  samples: z.array(z.int()),
});
export type MetricSeries = z.infer<typeof metricSeries>;

export const metricAnswer = z.object({
  name: metricName,
  /** ms | share | usd | count | tokens | tokens/s */
  unit: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  stepSeconds: z.number(),
  /** Start of each window. */
  times: z.array(z.iso.datetime()),
  series: z.array(metricSeries),
  /** Series that were left out, over `limit`. */
  otherSeries: z.int(),
});
export type MetricAnswer = z.infer<typeof metricAnswer>;

/* ---------- where time goes, who passes to whom, what protects ---------- */

export const criticalPathQuery = z.object(runRange);

/** Of many runs: where their time went, and where that of the slowest went. */
export const criticalPathAnswer = z.object({
  runCount: z.int(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  /** Runs at the p95 and beyond. */
  slowRunCount: z.int(),
  shares: z.array(
    z.object({
      kind: z.string(),
      agent: z.string(),
      /** Mean a run, over all runs and over the slow ones. */
      meanMs: z.number(),
      slowMeanMs: z.number(),
      /** Of the duration, 0 to 1. */
      share: z.number(),
      slowShare: z.number(),
      costUsd: usd,
    }),
  ),
  costOnPathUsd: usd,
  costOffPathUsd: usd,
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type CriticalPathAnswer = z.infer<typeof criticalPathAnswer>;

export const handoffsQuery = z.object(runRange);

export const handoffEdge = z.object({
  from: z.string(),
  to: z.string(),
  count: z.int(),
  accepted: z.int(),
  refused: z.int(),
  failed: z.int(),
  pending: z.int(),
  /** Of those that are decided; null when none is. */
  success: z.number().nullable(),
  latencyP50Ms: z.number().nullable(),
  latencyP95Ms: z.number().nullable(),
  contextTokensP50: z.number().nullable(),
  contextTokensP95: z.number().nullable(),
  /** The newest that did not succeed, else the newest. */
  exampleRunId: z.string(),
});
export type HandoffEdge = z.infer<typeof handoffEdge>;

export const handoffMatrix = z.object({
  /** Most first. */
  edges: z.array(handoffEdge),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type HandoffMatrix = z.infer<typeof handoffMatrix>;

export const timelineQuery = z.object(runRange);

export const breakerTimelines = z.object({
  breakers: z.array(
    z.object({
      breaker: z.string(),
      opens: z.int(),
      /** After the last transition. */
      state: breakerState,
      /** In the order they happened, at most the last 500. */
      transitions: z.array(
        z.object({ state: breakerState, timeUnixNano: nanoseconds, runId: z.string(), spanId }),
      ),
    }),
  ),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type BreakerTimelines = z.infer<typeof breakerTimelines>;

export const queueTimelines = z.object({
  stepSeconds: z.number(),
  times: z.array(z.iso.datetime()),
  queues: z.array(
    z.object({
      queue: z.string(),
      taken: z.array(z.int()),
      failed: z.array(z.int()),
      waitP50Ms: z.array(z.number().nullable()),
      waitP95Ms: z.array(z.number().nullable()),
      /** From the sender's gauge, the last of each window; null where none was sent. */
      depth: z.array(z.number().nullable()),
    }),
  ),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type QueueTimelines = z.infer<typeof queueTimelines>;

/* ---------- what is set of detectors ---------- */

export const detectorSetting = z.strictObject({
  muted: z.boolean().optional(),
  /** Names that may do this; a `*` at the end stands for any rest. */
  allow: z.array(z.string().min(1).max(200)).max(200).optional(),
  thresholds: z.record(z.string().max(60), z.number()).optional(),
});
export type DetectorSetting = z.infer<typeof detectorSetting>;

export const detectorInfo = z.object({
  kind: findingKind,
  thresholds: z.array(
    z.object({
      name: z.string(),
      default: z.number(),
      min: z.number(),
      max: z.number(),
      unit: z.string(),
      description: z.string(),
    }),
  ),
});

export const detectorSettings = z.object({
  detectors: z.array(detectorInfo),
  /** Of the whole project. */
  project: z.partialRecord(findingKind, detectorSetting),
  /** By name of the workflow: goes before the project's. */
  workflows: z.record(z.string(), z.partialRecord(findingKind, detectorSetting)),
});
export type DetectorSettings = z.infer<typeof detectorSettings>;

/** PUT: takes the place of what was set of the workflow, or of the project. Empty takes it back. */
export const detectorSettingsChange = z.strictObject({
  project,
  /** Empty = the whole project. */
  workflow: z.string().max(200).default(''),
  settings: z.partialRecord(findingKind, detectorSetting),
});
export type DetectorSettingsChange = z.infer<typeof detectorSettingsChange>;

/* ---------- judging history again (POST /api/analyze) ---------- */

export const analyzeRequest = z.strictObject({
  project: z.string().min(1).max(128).nullable().default(null).describe('All of them when null.'),
  from: timeExpression.nullable().default(null).describe(`Start of the range. ${timeForms}`),
  to: timeExpression.nullable().default(null).describe(`End of the range. ${timeForms}`),
});
export type AnalyzeRequest = z.infer<typeof analyzeRequest>;

export const analyzeLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), traces: z.int(), done: z.int() }),
  z.object({
    type: z.literal('summary'),
    traces: z.int(),
    /** Of the server since then: traces that could not be analysed, see its log. */
    failed: z.int(),
    analysisVersion: z.int(),
  }),
  z.object({ type: z.literal('error'), message: z.string() }),
]);
export type AnalyzeLine = z.infer<typeof analyzeLine>;

/* ---------- the server about itself ---------- */

export const serverInfo = z.object({
  version: z.string(),
  /** `embedded` or `server`. */
  engine: z.enum(['embedded', 'server']),
  /** True when a key is needed to send and to read. */
  authentication: z.boolean(),
});
export type ServerInfo = z.infer<typeof serverInfo>;

/* ---------- how ingest is doing ---------- */

const count = z.number();
const milliseconds = z.number();

export const ingestSignal = z.object({
  signal: z.enum(['traces', 'logs', 'metrics']),
  /** Since the server started; records are spans, log records or data points. */
  requests: count,
  refusedRequests: count,
  acceptedRecords: count,
  rejectedRecords: count,
  wireBytes: count,
  inflatedBytes: count,
  decodeSeconds: count,
  /** One entry a minute, oldest first; the last minute is still running. */
  minutes: z.object({
    records: z.array(count),
    bytes: z.array(count),
    requests: z.array(count),
    refusedRequests: z.array(count),
    rejectedRecords: z.array(count),
  }),
});
export type IngestSignal = z.infer<typeof ingestSignal>;

export const ingestLoss = z.object({
  /** `refused` = a whole request; `rejected` = some records of a request that was taken. */
  kind: z.enum(['refused', 'rejected']),
  signal: ingestSignal.shape.signal,
  /** A stable word. */
  reason: z.string(),
  /** Records, or requests where nobody counted records; since the server started. */
  count,
  lastAt: z.iso.datetime(),
  lastProject: z.string().nullable(),
  /** The sentence the sender was answered last. */
  lastMessage: z.string(),
});
export type IngestLoss = z.infer<typeof ingestLoss>;

export const ingestSender = z.object({
  projectId: z.string(),
  serviceName: z.string(),
  dialect: z.string(),
  scopeName: z.string(),
  scopeVersion: z.string(),
  /** Empty when it did not tell. */
  sdkName: z.string(),
  sdkLanguage: z.string(),
  sdkVersion: z.string(),
  spansLastHour: count,
  lastSeen: z.iso.datetime(),
});
export type IngestSender = z.infer<typeof ingestSender>;

export const ingestHealth = z.object({
  verdict: z.enum(['ok', 'degraded', 'failing']),
  /** Sentences that say why it is not `ok`. */
  reasons: z.array(z.string()),
  startedAt: z.iso.datetime(),
  now: z.iso.datetime(),
  /** When something was taken last; null = nothing since the start. */
  lastTakenAt: z.iso.datetime().nullable(),
  signals: z.array(ingestSignal),
  /** Newest first. */
  losses: z.array(ingestLoss),
  underWay: z.object({ requests: count, maxRequests: count, bytes: count, maxBytes: count }),
  /** The write-ahead log; null when this server has none. */
  log: z
    .object({
      waitingRows: count,
      waitingBytes: count,
      maxBytes: count,
      segments: count,
      oldestAgeMs: milliseconds,
      damagedCommits: count,
      tornCommits: count,
      quarantinedSegments: count,
      failedInserts: count,
      commitP99Ms: milliseconds.nullable(),
      insertP99Ms: milliseconds.nullable(),
      /** From the acknowledgement to queries that see it. */
      visibleP50Ms: milliseconds.nullable(),
      visibleP99Ms: milliseconds.nullable(),
    })
    .nullable(),
  /** What the store answers; null when it does not. */
  store: z
    .object({
      tables: z.array(
        z.object({
          table: z.string(),
          rows: count,
          bytes: count,
          parts: count,
          maxPartsInPartition: count,
        }),
      ),
      /** Parts set aside as damaged: their rows are missing from every answer. */
      detachedParts: count,
      /** Of spans of the last five minutes, a sample: rows, and how many spans they are. */
      copies: z.object({ stored: count, distinct: count }),
      /** Of the last day, newest first, at most 200. */
      senders: z.array(ingestSender),
    })
    .nullable(),
  process: z.object({
    rssBytes: count,
    heapBytes: count,
    cpuSeconds: count,
    /** null for a ClickHouse server, and where it cannot be read. */
    engineRssBytes: count.nullable(),
    /** Of the last one to two minutes. */
    eventLoopP99Ms: milliseconds,
    eventLoopMaxMs: milliseconds,
    liveReaders: count,
  }),
});
export type IngestHealth = z.infer<typeof ingestHealth>;
