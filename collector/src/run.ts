/**
 * A run: one execution of a workflow, whatever number of traces, processes, pauses and resumes it took.
 * Analysis makes them, the store keeps them, queries read them. Imports types alone.
 */
import type { CostSource, PriceMatch } from './span.ts';

/**
 * `running` = no end was seen; `suspended` = waits for a person or a resume; `partial` = ended with a result that
 * lacks something it was to have; `cancelled` = somebody stopped it.
 */
export const runStatuses = [
  'running',
  'completed',
  'failed',
  'cancelled',
  'suspended',
  'partial',
] as const;
export type RunStatus = (typeof runStatuses)[number];

export const runPatterns = [
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
] as const;
export type RunPattern = (typeof runPatterns)[number];

export const findingKinds = [
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
] as const;
export type FindingKind = (typeof findingKinds)[number];

export const findingSeverities = ['info', 'warning', 'critical'] as const;
export type FindingSeverity = (typeof findingSeverities)[number];

export type SpanRef = { readonly traceId: string; readonly spanId: string };

/** What would not have been spent without the fault: never more than the run as a whole, null = not known. */
export type Waste = {
  readonly ms: number | null;
  readonly tokens: number | null;
  /** Trillionths of a USD. */
  readonly costTrillionths: bigint | null;
};

/** The setting of a detector that decided, with what was measured against it. */
export type Threshold = {
  /** Name of the setting, e.g. `repeats`. */
  readonly name: string;
  readonly value: number;
  readonly measured: number;
};

/** A verdict of one detector, with its evidence. */
export type Finding = {
  readonly kind: FindingKind;
  /** Which shape of its kind, e.g. `cycle` of `loop`; empty where the kind has one. */
  readonly variant: string;
  readonly severity: FindingSeverity;
  /** Whom it is about: an agent, a tool, a queue. Findings of one kind and subject in many runs are one problem. */
  readonly subject: string;
  /** One sentence: what happened, with its numbers. */
  readonly sentence: string;
  /** One sentence: what to change. */
  readonly advice: string;
  /** The evidence, in the order it happened; at most 100, `spanCount` counts all. */
  readonly spans: readonly SpanRef[];
  readonly spanCount: number;
  readonly waste: Waste;
  readonly threshold: Threshold;
};

/** Token buckets that add up: cache is not in input, reasoning is not in output. null = nobody told. */
export type TokenBuckets = {
  readonly input: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly output: number | null;
  readonly reasoning: number | null;
};

/** One invocation of an agent. */
export type AgentCall = SpanRef & {
  readonly agent: string;
  readonly startUnixNano: bigint;
  /** null while running. */
  readonly durationNs: number | null;
  readonly failed: boolean;
};

/**
 * Why a call need not have been made, as far as its run tells; the first that fits counts, so that no call is in two.
 * A cache that nobody read shows only among many runs.
 */
export const wasteClasses = [
  'abandoned_run',
  'failed_run',
  'loop_iteration',
  'retried_attempt',
  'repeated_prompt',
  'unused_tool_result',
  'uncached_context',
] as const;
export type WasteClass = (typeof wasteClasses)[number];

export type CallWaste = {
  readonly class: WasteClass;
  /** Of the call: all of its tokens, or of an uncached context those that were sent again. */
  readonly tokens: number;
};

/** One call of a model that counts: copies of it by other instrumentation do not. */
export type ModelCall = SpanRef & {
  readonly model: string;
  readonly provider: string;
  readonly agent: string;
  readonly startUnixNano: bigint;
  readonly durationNs: number | null;
  readonly failed: boolean;
  /** null = not told. */
  readonly firstTokenNs: number | null;
  readonly tokens: TokenBuckets;
  /** The tool that it was made for; empty when none. */
  readonly tool: string;
  readonly costTrillionths: bigint | null;
  readonly costSource: CostSource;
  /** By the price list, also where the sender told another. */
  readonly computedTrillionths: bigint | null;
  readonly priceMatch: PriceMatch;
  /** null = as far as its run tells, it was of use. */
  readonly waste: CallWaste | null;
};

/** `pending` = accepted, and the target has not started or not ended. */
export const handoffOutcomes = ['accepted', 'refused', 'failed', 'pending'] as const;
export type HandoffOutcome = (typeof handoffOutcomes)[number];

export type Handoff = SpanRef & {
  readonly from: string;
  readonly to: string;
  readonly timeUnixNano: bigint;
  /** `accepted` also means that the target did not fail. */
  readonly outcome: HandoffOutcome;
  /** From the decision until the target began; null when it never did. */
  readonly latencyNs: number | null;
  /** Input of the target's first model call; null = not told. */
  readonly contextTokens: number | null;
};

export const breakerStates = ['closed', 'half_open', 'open'] as const;
export type BreakerState = (typeof breakerStates)[number];

export type BreakerTransition = SpanRef & {
  readonly breaker: string;
  readonly state: BreakerState;
  readonly timeUnixNano: bigint;
};

/** One message or task taken from a queue. */
export type QueueTake = SpanRef & {
  readonly queue: string;
  readonly timeUnixNano: bigint;
  /** null = not told. */
  readonly waitNs: number | null;
  readonly failed: boolean;
};

/** Time of the critical path that one kind of work of one agent took. */
export type CriticalShare = {
  /** A span kind, or `waiting` for time in which nothing of the run was at work. */
  readonly kind: string;
  readonly agent: string;
  readonly ns: number;
  readonly costTrillionths: bigint;
};

/** Time that a branch had left when its neighbours were still at work. */
export type BranchSlack = SpanRef & { readonly name: string; readonly slackNs: number };

export type CriticalPath = {
  readonly shares: readonly CriticalShare[];
  /** Cost of model calls on the path; the rest of the run's cost is off it. */
  readonly costOnPathTrillionths: bigint;
  /** Of siblings that ran at the same time, widest first, at most 50. */
  readonly slack: readonly BranchSlack[];
};

export type Run = {
  readonly projectId: string;
  /** What the sender calls it, else `trace:` and the id of its first trace. */
  readonly runId: string;
  /** Which edition of the rules made the row. */
  readonly analysisVersion: number;
  readonly workflow: string;
  readonly workflowVersion: string;
  readonly rootName: string;
  readonly rootTraceId: string;
  /** Empty when the root has not arrived. */
  readonly rootSpanId: string;
  readonly status: RunStatus;
  /** Why it ended, waits or failed, in the sender's words; empty when it told none. */
  readonly statusReason: string;
  readonly errorType: string;
  readonly pattern: RunPattern;
  /** One sentence: what of its shape says so. */
  readonly patternReason: string;
  readonly startUnixNano: bigint;
  /** Of the last span that ended; 0 while the run is running. */
  readonly endUnixNano: bigint;
  /** The last start or end that was seen. */
  readonly lastActivityUnixNano: bigint;
  /** From start to end, pauses included; to the last activity while it is running. */
  readonly durationNs: number;
  /** Part of the duration in which at least one span was at work. */
  readonly activeNs: number;
  /** The rest: pauses, approvals, queues, backoff. */
  readonly waitingNs: number;
  readonly traceIds: readonly string[];
  readonly services: readonly string[];
  readonly serviceVersion: string;
  readonly environment: string;
  /** In order of their first appearance. */
  readonly agents: readonly string[];
  readonly models: readonly string[];
  readonly tools: readonly string[];
  readonly conversationId: string;
  readonly userId: string;
  readonly tags: readonly string[];
  readonly spanCount: number;
  /** Spans that were too many to analyse. */
  readonly leftOutSpanCount: number;
  readonly errorCount: number;
  readonly toolCallCount: number;
  readonly failedToolCallCount: number;
  /** Tries after the first. */
  readonly retryCount: number;
  readonly tokens: TokenBuckets;
  /** Sum over the calls whose cost is known; null when none is. */
  readonly costTrillionths: bigint | null;
  readonly unpricedCallCount: number;
  readonly agentCalls: readonly AgentCall[];
  readonly modelCalls: readonly ModelCall[];
  readonly handoffs: readonly Handoff[];
  readonly breakerTransitions: readonly BreakerTransition[];
  readonly queueTakes: readonly QueueTake[];
  readonly criticalPath: CriticalPath;
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** Detectors that broke on this run: their verdict is missing. */
  readonly failedDetectors: readonly string[];
};
