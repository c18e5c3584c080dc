/** A log record as Orchescope understands it, whatever dialect it was sent in. Beside span.ts, and imports it alone. */
import type { Attributes, AttributeValue, ContentItem, ContentSlot, Span, Usage } from './span.ts';

/**
 * What a record tells of an agent system. Sums are made over `llm_call` alone: a message may repeat the usage of the
 * call it belongs to. The numbers are those of the column.
 */
export const logFacts = [
  'other',
  'message',
  'evaluation',
  'llm_call',
  'tool_call',
  'error',
] as const;
export type LogFact = (typeof logFacts)[number];

/** Why a record is odd. It is kept and shown as it came, and marked. */
export const logFlags = {
  /** An attribute or body was cut to the limit. */
  truncated: 8,
  /** The resource had no service.name. */
  noService: 32,
  /** Time 0 or more than a day in the future: shown, not trusted. */
  badTime: 4,
  /** The record told no time of its own: it is the time it was observed, or else received. */
  noTime: 64,
} as const;

export type Evaluation = {
  readonly name: string;
  /** Null when only a label was told. */
  readonly score: number | null;
  readonly label: string;
  readonly explanation: string;
};

export type LogRecord = {
  readonly projectId: string;
  /** 32 and 16 lower-case hex characters, both empty when the record belongs to no trace. */
  readonly traceId: string;
  readonly spanId: string;
  /** When it happened; see `logFlags.noTime`. */
  readonly timeUnixNano: bigint;
  /** As it was sent; 0 = not told. */
  readonly observedTimeUnixNano: bigint;
  /** Its place in the request: orders records of one time. */
  readonly position: number;
  readonly severityNumber: number;
  readonly severityText: string;
  /** Field 12, or the attribute `event.name`, or the body where a sender writes the whole name there. */
  readonly eventName: string;
  /** W3C trace flags and bits not known yet, as sent. */
  readonly traceFlags: number;
  /** Bits of `logFlags`. */
  readonly flags: number;
  /** Copied, never parsed. */
  readonly body: AttributeValue;
  /** Everything the sender wrote, except what moved to `content`. */
  readonly attributes: Attributes;
  readonly resourceAttributes: Attributes;
  readonly scopeAttributes: Attributes;
  readonly droppedAttributes: number;
  readonly serviceName: string;
  readonly scopeName: string;
  readonly scopeVersion: string;
  readonly dialect: string;

  readonly fact: LogFact;
  readonly conversationId: string;
  readonly userId: string;
  readonly agentName: string;
  readonly provider: string;
  readonly modelRequested: string;
  readonly modelAnswered: string;
  readonly toolName: string;
  readonly toolCallId: string;
  readonly responseId: string;
  readonly errorType: string;
  readonly usage: Usage;
  readonly durationMs: number | null;
  /** Null unless `fact` is `evaluation`. */
  readonly evaluation: Evaluation | null;
  /** Message attributes and payloads, as on a span. */
  readonly content: readonly ContentItem[];
  /** Where body and attributes belong when the record is itself a message; empty when it is none. */
  readonly messageSlot: ContentSlot | '';
} & Pick<Span, 'costUsd' | 'costSource' | 'computedCostUsd' | 'priceVersion' | 'priceMatch'>;
