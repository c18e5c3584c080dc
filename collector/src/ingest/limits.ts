/** What one request, and all of them together, may hold. Read once from the settings; what each default is for stands in docs/limits.md. */
export type IngestLimits = SpanLimits & {
  /** As it comes over the wire. */
  readonly compressedBytes: number;
  /** After inflating: one compressed byte can stand for a thousand. */
  readonly inflatedBytes: number;
  /** Bodies under way, from their first chunk to their answer. */
  readonly heldBytes: number;
  readonly requests: number;
  /** Spans, log records or data points of one request. */
  readonly recordsPerRequest: number;
};

/** What is longer is cut and the span is flagged; a sender is never refused for it. */
export type SpanLimits = {
  readonly attributes: number;
  /** UTF-8 bytes of one attribute value, everything inside it counted together. */
  readonly attributeBytes: number;
  /** UTF-8 bytes of one message body or payload. */
  readonly contentBytes: number;
  /** UTF-8 bytes of a name: of a span, an attribute, a model, an agent. */
  readonly nameBytes: number;
  /** Arrays and maps inside arrays and maps. */
  readonly valueDepth: number;
};

const mebibyte = 1024 * 1024;

export const defaultSpanLimits: SpanLimits = {
  attributes: 1_024,
  attributeBytes: 64 * 1024,
  contentBytes: mebibyte,
  nameBytes: 1_024,
  valueDepth: 32,
};

export const defaultIngestLimits: IngestLimits = {
  ...defaultSpanLimits,
  compressedBytes: 16 * mebibyte,
  inflatedBytes: 64 * mebibyte,
  heldBytes: 128 * mebibyte,
  requests: 512,
  recordsPerRequest: 100_000,
};
