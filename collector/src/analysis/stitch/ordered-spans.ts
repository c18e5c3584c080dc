import { compareRunSpans, type RunSpan } from '../../run-span.ts';

/** In the order of start time, then trace id, then span id, each span once: its latest copy. */
export function toOrderedSpans(spans: readonly RunSpan[]): readonly RunSpan[] {
  if (isOrdered(spans)) return spans;
  const latest = new Map<string, RunSpan>();
  for (const span of spans) {
    const key = span.traceId + span.spanId;
    const other = latest.get(key);
    if (other === undefined || isLater(span, other)) latest.set(key, span);
  }
  return [...latest.values()].sort(compareRunSpans);
}

/** Strictly: two copies of a span that start together are neighbours; others are found by their times alone. */
function isOrdered(spans: readonly RunSpan[]): boolean {
  const seen = new Set<string>();
  for (const [i, span] of spans.entries()) {
    const before = spans[i - 1];
    if (before !== undefined && compareRunSpans(before, span) >= 0) return false;
    seen.add(span.traceId + span.spanId);
  }
  return seen.size === spans.length;
}

/** One that ended is later than one that runs; copies that cannot be told apart are the same. */
function isLater(span: RunSpan, other: RunSpan): boolean {
  if (span.endNs !== other.endNs) return (span.endNs ?? -Infinity) > (other.endNs ?? -Infinity);
  return span.startNs > other.startNs;
}
