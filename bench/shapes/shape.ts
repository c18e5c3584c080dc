import { createRandom, type Random } from '../../examples/demo/random.ts';
import { toRequests } from '../../examples/demo/to-requests.ts';
import { createTrace, type Trace } from '../../examples/demo/trace.ts';
import type { TraceRequest } from '../../examples/demo/otlp.ts';

export type ShapeOptions = {
  /** Another seed is another trace, with other ids. */
  readonly seed: number;
  /** Unix milliseconds at which the last span of the trace ends. */
  readonly endUnixMs: number;
};

export type Shape = {
  readonly traceId: string;
  readonly spanCount: number;
  /** Bodies for `POST /v1/traces`, at most 2,000 spans each, children before parents as exporters send them. */
  readonly requests: readonly TraceRequest[];
};

/** Tells a trace from time 0, spoils it when it shall be hostile, and moves it to where it shall end. */
export function toShape(
  options: ShapeOptions,
  tell: (trace: Trace, random: Random) => void,
  spoil: (trace: Trace) => void = () => {},
): Shape {
  const random = createRandom(options.seed);
  const trace = createTrace(random, { startMs: 0, service: 'bench-shapes' });
  tell(trace, random);
  moveTo(trace, options.endUnixMs);
  spoil(trace);
  return {
    traceId: trace.traceId,
    spanCount: trace.spans.length,
    requests: toRequests([trace], { scope: 'orchescope-bench', spansPerRequest: 2000 }),
  };
}

function moveTo(trace: Trace, endUnixMs: number): void {
  const lastMs = trace.spans.reduce((last, span) => Math.max(last, span.endMs), 0);
  const byMs = endUnixMs - lastMs;
  for (const span of trace.spans) {
    span.startMs += byMs;
    span.endMs += byMs;
    for (const event of span.events) event.timeMs += byMs;
  }
}
