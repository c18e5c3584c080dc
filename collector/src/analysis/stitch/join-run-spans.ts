/** Spans of several traces as those of one execution, on one clock. */
import { compareRunSpans, type RunSpan, type RunSpans } from '../../run-span.ts';

/** What one analysis holds at most; a run beyond it is judged by the spans that began first. */
export const maxSpansPerRun = 250_000;

export function joinRunSpans(parts: readonly RunSpans[], most = maxSpansPerRun): RunSpans {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && only.spans.length <= most) return only;
  const baseUnixNano = parts.reduce(
    (least, part) => (part.baseUnixNano < least ? part.baseUnixNano : least),
    only?.baseUnixNano ?? 0n,
  );
  const spans = parts.flatMap((part) => shift(part, baseUnixNano)).sort(compareRunSpans);
  const leftOut = parts.reduce((sum, part) => sum + part.leftOut, 0);
  return {
    baseUnixNano,
    spans: spans.slice(0, most),
    leftOut: leftOut + Math.max(0, spans.length - most),
  };
}

function shift({ baseUnixNano, spans }: RunSpans, onto: bigint): readonly RunSpan[] {
  const by = Number(baseUnixNano - onto);
  if (by === 0) return spans;
  return spans.map((span) =>
    Object.assign({}, span, {
      startNs: span.startNs + by,
      endNs: span.endNs === null ? null : span.endNs + by,
      events: span.events.map((event) => Object.assign({}, event, { timeNs: event.timeNs + by })),
    }),
  );
}
