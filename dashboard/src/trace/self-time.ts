/** Time of a span that no child covers, in ms; null when the span is not in the picture. */
import type { LoadedTrace } from './waterfall/layout/trace-layout.ts';
import { nodeOfSpanId } from './waterfall/span-ids.ts';

export function selfMsOf(trace: LoadedTrace, spanId: string): number | null {
  const node = nodeOfSpanId(trace, spanId);
  const ns = trace.layout.self[node];
  return ns === undefined ? null : ns / 1e6;
}
