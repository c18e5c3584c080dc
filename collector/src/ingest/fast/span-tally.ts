/** What became of the spans of one body. */
export type SpanTally = {
  accepted: number;
  /** A reason for each span that was not taken. */
  readonly rejected: string[];
  /** Sentences for the sender about things that were read with a loss, each once. */
  warnings: ReadonlySet<string>;
  /** Spans of which something was cut to the limits. */
  cutSpans: number;
  /** Spans that the one pass left to the general way. */
  slowSpans: number;
};

export function newTally(warnings: ReadonlySet<string>): SpanTally {
  return { accepted: 0, rejected: [], warnings, cutSpans: 0, slowSpans: 0 };
}
