import type { WireSpan } from './otlp-protobuf.ts';

/**
 * Spans as an indented text, siblings in order of start, one root below the other; `!` marks a failed span. Names
 * decide between equal starts: some SDKs tell whole milliseconds only.
 */
export function toSpanTree(spans: readonly WireSpan[]): string {
  const sorted = spans.toSorted(
    (a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano) || (a.name < b.name ? -1 : 1),
  );
  const lines: string[] = [];
  const draw = (parentSpanId: string, indent: string) => {
    for (const span of sorted.filter((each) => each.parentSpanId === parentSpanId)) {
      lines.push(`${indent}${span.name}${span.failed ? ' !' : ''}`);
      draw(span.spanId, `${indent}  `);
    }
  };
  draw('', '');
  const ids = new Set(['', ...spans.map((span) => span.spanId)]);
  for (const span of sorted) {
    if (!ids.has(span.parentSpanId)) lines.push(`orphan: ${span.name}`);
  }
  return `${lines.join('\n')}\n`;
}
