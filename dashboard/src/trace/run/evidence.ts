/** Walking through the spans that show a finding. */
import type { Finding, SpanRef } from 'orchescope/contract';

type Evidence = Pick<Finding, 'spans' | 'spanCount'>;

/** Place of the span in the evidence; -1 = it is none of it. Span ids may repeat from trace to trace. */
function placeOf({ spans }: Evidence, at: SpanRef): number {
  return spans.findIndex(({ traceId, spanId }) => traceId === at.traceId && spanId === at.spanId);
}

/** From the last back to the first; from a span that is no evidence to the first, or the last. */
export function stepFrom(evidence: Evidence, at: SpanRef, step: 1 | -1): SpanRef | null {
  const { spans } = evidence;
  const place = placeOf(evidence, at);
  const next = place < 0 ? (step === 1 ? 0 : spans.length - 1) : place + step;
  return spans[(next + spans.length) % spans.length] ?? null;
}

/** Where a reader of this trace begins: here if anything of it is here. */
export function firstOf({ spans }: Evidence, traceId: string): SpanRef | null {
  return spans.find((span) => span.traceId === traceId) ?? spans[0] ?? null;
}

/** "2 of 7", "7 spans", "100 spans (340 in all)". */
export function placeInWords(evidence: Evidence, at: SpanRef): string {
  const { spans, spanCount } = evidence;
  const place = placeOf(evidence, at);
  const more = spanCount > spans.length ? ` (${spanCount} in all)` : '';
  if (place >= 0) return `${place + 1} of ${spans.length}${more}`;
  return `${spans.length} ${spans.length === 1 ? 'span' : 'spans'}${more}`;
}

export function spansIn({ spans }: Evidence, traceId: string): string[] {
  return spans.filter((span) => span.traceId === traceId).map(({ spanId }) => spanId);
}

/** Findings whose evidence holds the span. */
export function showing<F extends Evidence>(findings: readonly F[], at: SpanRef): F[] {
  return findings.filter((finding) => placeOf(finding, at) >= 0);
}
