/**
 * What analysis reads of a span: the facts that runs, numbers and findings are made from, and no content.
 * The store reads them, analysis folds them. Imports types alone.
 */
import type {
  Attributes,
  ContentSlot,
  CostSource,
  PriceMatch,
  SpanKind,
  SpanStatus,
} from './span.ts';

/** Nanoseconds since the `baseUnixNano` of the spans it came with: exact for 104 days around it. */
export type RelativeNs = number;

export type RunSpanEvent = {
  /** As it was sent, e.g. `orchescope.retry`, `exception`. */
  readonly name: string;
  readonly timeNs: RelativeNs;
  readonly attributes: Attributes;
};

export type RunSpanLink = {
  readonly traceId: string;
  readonly spanId: string;
  /** `orchescope.link.rel`, empty when the link says nothing. */
  readonly rel: string;
};

/** Tells whether two payloads are the same without holding them. */
export type ContentDigest = {
  readonly slot: ContentSlot;
  /** 32 bits of a hash over the body as it was sent: equal bodies have equal hashes. */
  readonly hash: number;
};

export type RunSpan = {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. The span it names may be missing. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly rawKind: string;
  readonly dialect: string;
  /** OTLP span kind: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly otelKind: number;
  readonly startNs: RelativeNs;
  /** Never before the start; null while the span is running. */
  readonly endNs: RelativeNs | null;
  readonly status: SpanStatus;
  readonly statusMessage: string;
  readonly errorType: string;
  /** Bits of `spanFlags`. */
  readonly flags: number;

  readonly serviceName: string;
  readonly serviceVersion: string;
  /** `deployment.environment.name` of the resource. */
  readonly environment: string;
  readonly runId: string;
  readonly workflowName: string;
  readonly agentName: string;
  readonly toolName: string;
  readonly toolCallId: string;
  readonly conversationId: string;
  readonly userId: string;
  readonly provider: string;
  /** Answered, else requested. */
  readonly model: string;
  readonly responseId: string;
  readonly finishReasons: readonly string[];
  /** null = not told. Cache is inside input, reasoning inside output. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly reasoningTokens: number | null;
  /** Trillionths of a USD; null = not known, never 0 for it. */
  readonly costTrillionths: bigint | null;
  readonly costSource: CostSource;
  /** By the price list, also where the sender told another. */
  readonly computedTrillionths: bigint | null;
  readonly priceMatch: PriceMatch;
  /** Seconds. */
  readonly timeToFirstChunk: number | null;
  /** 1 = first try, 0 = not told. */
  readonly attempt: number;
  /** 1-based, 0 = not in a loop. */
  readonly loopIteration: number;
  /** 0-based, -1 = not told. */
  readonly stepIndex: number;
  readonly handoffFrom: string;
  readonly handoffTo: string;
  /** Those of `orchescope.*`, and the few keys of other senders that `isAnalysedAttribute` names. */
  readonly attributes: Attributes;
  /** Those of `orchescope.*`, and exceptions. In the order they happened. */
  readonly events: readonly RunSpanEvent[];
  readonly links: readonly RunSpanLink[];
  /** Empty where the sender captured no content. */
  readonly digests: readonly ContentDigest[];
};

/** Each span once, its latest copy, in the order of start time, then trace id, then span id. */
export type RunSpans = {
  readonly baseUnixNano: bigint;
  readonly spans: readonly RunSpan[];
  /** Spans beyond the limit of one analysis, which are not among them. */
  readonly leftOut: number;
};

/** The order of `RunSpans`. */
export function compareRunSpans(a: RunSpan, b: RunSpan): number {
  return (
    a.startNs - b.startNs || compareTexts(a.traceId, b.traceId) || compareTexts(a.spanId, b.spanId)
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Attributes of other senders that say how an execution was orchestrated; all of `orchescope.*` are read too. */
export const analysedAttributes: readonly string[] = [
  'gen_ai.operation.name',
  'mcp.method.name',
  'session.id',
  'messaging.system',
  'messaging.destination.name',
  'messaging.message.id',
  'langsmith.metadata.thread_id',
  'langsmith.metadata.langgraph_node',
  'langsmith.metadata.langgraph_step',
  'langsmith.metadata.langgraph_checkpoint_ns',
  'langsmith.metadata.checkpoint_id',
  'mastra.workflow_step.status',
  'mastra.workflow_step.step_id',
  'adk.node.attempt',
  'adk.node.status',
  'http.response.status_code',
  'http.request.resend_count',
  // OpenInference: JSON, in which LangGraph says where in a thread the span was.
  'metadata',
];

/** Long payloads under our own names: never needed to judge a run. */
export const unreadAttributes: readonly string[] = ['orchescope.input', 'orchescope.output'];
