/** Runs, as a list and one by one. */
import { z } from 'zod';
import { nanoseconds, project, runRange, spanId, traceId, usd } from './parts.ts';

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
