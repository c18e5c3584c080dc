import type { AttributeValue, Attributes } from '../../span.ts';

/** A log record as decoded, whichever encoding it came in. */
export type DecodedLog = {
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: AttributeValue;
  readonly attributes: Attributes;
  readonly droppedAttributes: number;
  readonly flags: number;
  /** Lower-case hex as far as the sender wrote hex; not checked yet. */
  readonly traceId: string;
  readonly spanId: string;
  readonly eventName: string;
  /** A value nested deeper than `maxValueDepth` was emptied. */
  readonly cut: boolean;
};
