import type { DecodedSpan } from '../otlp/request.ts';

/**
 * Logfire announces a span with a placeholder of no length, whose parent is the span it announces. It becomes that
 * span, still running, and the real one takes its place when it comes.
 */
export function unwrapPending(span: DecodedSpan): DecodedSpan {
  if (span.attributes.get('logfire.span_type') !== 'pending_span') return span;
  const parent = span.attributes.get('logfire.pending_parent_id');
  return {
    ...span,
    spanId: span.parentSpanId,
    parentSpanId: typeof parent === 'string' ? parent.toLowerCase() : '',
    endTimeUnixNano: 0n,
  };
}
