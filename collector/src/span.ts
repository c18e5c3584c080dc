/**
 * A span as Orchescope understands it, whatever dialect it was sent in. Imports nothing.
 * Ingest makes them, the store keeps them, analysis and queries read them.
 */

/** What a span is in an agent system; the sender's own word stays in `rawKind`. */
export const spanKinds = [
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
] as const;
export type SpanKind = (typeof spanKinds)[number];

export const spanStatuses = ['unset', 'ok', 'error'] as const;
export type SpanStatus = (typeof spanStatuses)[number];

/** Why a span is odd. It is kept and shown as it came, and marked. */
export const spanFlags = {
  /** No end time: still running, or its process died. */
  running: 1,
  /** End before start: the duration is shown as 0. */
  endBeforeStart: 2,
  /** Start 0 or more than a day in the future: shown, not trusted. */
  badTime: 4,
  /** An attribute or body was cut to the limit. */
  truncated: 8,
  /** Time spent waiting (queue, backoff, rate limit, approval), not working. */
  wait: 16,
  /** The resource had no service.name. */
  noService: 32,
} as const;

/** An OTLP AnyValue in JavaScript. Bytes are base64 text behind the tag `{ bytes }`; a bigint is an int beyond 2^53. */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | { readonly bytes: string }
  | readonly AttributeValue[]
  | ReadonlyMap<string, AttributeValue>;

/** A Map, never an object: an attribute may be called `__proto__`. */
export type Attributes = ReadonlyMap<string, AttributeValue>;

export type SpanEvent = {
  readonly name: string;
  readonly timeUnixNano: bigint;
  readonly attributes: Attributes;
};

export type SpanLink = {
  readonly traceId: string;
  readonly spanId: string;
  /** `orchescope.link.rel`, empty when the link says nothing. */
  readonly rel: string;
  readonly attributes: Attributes;
};

/** Where a piece of content belongs, whatever it was called on the wire. */
export const contentSlots = [
  'system_instructions',
  'input_messages',
  'output_messages',
  'tool_definitions',
  'tool_arguments',
  'tool_result',
  'documents',
  'input',
  'output',
] as const;
export type ContentSlot = (typeof contentSlots)[number];

/** A message body or payload as it came. It is read into messages only when a person asks for it. */
export type ContentItem = {
  readonly slot: ContentSlot;
  /**
   * The attribute it came from; for flattened keys their common prefix, e.g. `llm.input_messages`; for span events
   * the name of the first, and the body is an array of their attributes, each with its `event.name`.
   */
  readonly key: string;
  /** How to read `body`: `text`, `json` (an AnyValue or a JSON string), or `flat` (JSON object of the flattened keys). */
  readonly format: 'text' | 'json' | 'flat';
  readonly body: string;
};

/** Subsets are inside their whole, as OpenTelemetry defines them: cache in input, reasoning in output. NULL = not told. */
export type Usage = {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly reasoningTokens: number | null;
};

/** Who says what a call cost: nobody, its sender, or a price list. */
export const costSources = ['none', 'reported', 'computed'] as const;
export type CostSource = (typeof costSources)[number];

/**
 * How a price was found: `exact` = under this provider and model name, `alias` = under another name of the model,
 * `prefix` = under the family the name begins like, or by the model alone: an estimate.
 */
export const priceMatches = ['none', 'exact', 'alias', 'prefix'] as const;
export type PriceMatch = (typeof priceMatches)[number];

export type Span = {
  readonly projectId: string;
  /** 32 and 16 lower-case hex characters; `parentSpanId` is empty for a root. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** The sender's own word for the kind, e.g. `ai.generateText.doGenerate` or `CHAIN`; empty when there was none. */
  readonly rawKind: string;
  /** Which vocabulary the span was understood by, e.g. `gen_ai`, `openinference`, `ai-sdk-legacy`. */
  readonly dialect: string;
  /** OTLP span kind, 0-5. */
  readonly otelKind: number;
  readonly startTimeUnixNano: bigint;
  /** 0 while the span is running. */
  readonly endTimeUnixNano: bigint;
  readonly status: SpanStatus;
  readonly statusMessage: string;
  readonly errorType: string;
  /** Bits of `spanFlags`. */
  readonly flags: number;

  readonly serviceName: string;
  readonly scopeName: string;
  readonly scopeVersion: string;

  readonly runId: string;
  readonly workflowName: string;
  readonly agentName: string;
  readonly toolName: string;
  readonly toolCallId: string;
  readonly conversationId: string;
  readonly userId: string;
  readonly provider: string;
  readonly modelRequested: string;
  readonly modelAnswered: string;
  readonly responseId: string;
  readonly finishReasons: readonly string[];
  readonly usage: Usage;
  /** USD, a decimal string: what the sender reported, else what was computed; null = not known, never 0. */
  readonly costUsd: string | null;
  readonly costSource: CostSource;
  /** From the price list, also where the sender reported another; null = no price, or nothing to multiply it with. */
  readonly computedCostUsd: string | null;
  /** Which list `computedCostUsd` is from, with its date or hash; empty when there is none. */
  readonly priceVersion: string;
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

  /** Everything the sender wrote, except what moved to `content`. */
  readonly attributes: Attributes;
  readonly resourceAttributes: Attributes;
  readonly scopeAttributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly content: readonly ContentItem[];
  readonly droppedAttributes: number;
  readonly droppedEvents: number;
  readonly droppedLinks: number;
};
