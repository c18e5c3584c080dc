/** An export request as decoded, whichever encoding it came in. What follows does not know the encoding. */
import type { Attributes } from '../../span.ts';
import { defaultSpanLimits } from '../limits.ts';

export type DecodedRequest = {
  readonly resourceSpans: readonly DecodedResourceSpans[];
  /** Sentences for the sender about things that were read with a loss, each once. */
  readonly warnings: ReadonlySet<string>;
};

export type DecodedResourceSpans = {
  readonly attributes: Attributes;
  readonly schemaUrl: string;
  readonly scopeSpans: readonly DecodedScopeSpans[];
};

export type DecodedScopeSpans = {
  readonly name: string;
  readonly version: string;
  readonly attributes: Attributes;
  readonly schemaUrl: string;
  readonly spans: readonly DecodedSpan[];
  /** One reason for each span that could not be read at all. */
  readonly unreadable: readonly string[];
};

export type DecodedSpan = {
  /** Lower-case hex as far as the sender wrote hex; not checked yet. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  readonly attributes: Attributes;
  readonly droppedAttributes: number;
  readonly events: readonly DecodedEvent[];
  readonly droppedEvents: number;
  readonly links: readonly DecodedLink[];
  readonly droppedLinks: number;
  readonly status: { readonly code: number; readonly message: string };
  /** A value nested deeper than `maxValueDepth` was emptied. */
  readonly cut: boolean;
};

export type DecodedEvent = {
  readonly name: string;
  readonly timeUnixNano: bigint;
  readonly attributes: Attributes;
  readonly droppedAttributes: number;
};

export type DecodedLink = {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
  readonly droppedAttributes: number;
};

/** What was lost while decoding one request. */
export type Losses = { readonly warnings: Set<string>; cuts: number };

/** Arrays and maps inside arrays and maps. Deeper ones are emptied, so that no reader after us can overflow. */
export let maxValueDepth = defaultSpanLimits.valueDepth;
export let deepValueWarning = describeDepth(maxValueDepth);

/** Before the first body is decoded. */
export function useValueDepth(depth: number): void {
  maxValueDepth = depth;
  deepValueWarning = describeDepth(depth);
}

function describeDepth(depth: number): string {
  return `Values nested deeper than ${depth} were emptied.`;
}
export const indexWarning = 'Attributes that refer to a string table were read as empty.';

/** The body as a whole cannot be read: the sender must not repeat it. */
export class MalformedBodyError extends Error {
  override readonly name = 'MalformedBodyError';
}

/**
 * Messages in one body: spans, attributes, their values. Two bytes of an empty message become hundreds in memory, so
 * the limit on bytes alone does not bound what a body costs. A batch of 20,000 spans with 25 attributes fits.
 */
export const maxMessages = 1_000_000;

export class TooManyMessagesError extends Error {
  override readonly name = 'TooManyMessagesError';
}
