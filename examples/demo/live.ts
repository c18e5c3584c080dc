import { createTraces, pickWorkflow } from './day.ts';
import { cutAt } from './clock.ts';
import type { TraceRequest } from './otlp.ts';
import type { Random } from './random.ts';
import { toRequests } from './to-requests.ts';
import type { Trace } from './trace.ts';

/** Traces that go on after the day was sent: what is due is asked for again and again. */
export type Live = {
  /** Everything that began or ended since the last call, as of `unixMs`. */
  due(unixMs: number): TraceRequest[];
};

export type LiveOptions = {
  /** When the day was cut: nothing before is sent again. */
  readonly startUnixMs: number;
  /** Traces of the day that were running then. */
  readonly open: readonly Trace[];
  /** Mean time between two new runs. */
  readonly everyMs: number;
};

export function createLive(random: Random, options: LiveOptions): Live {
  let lastMs = options.startUnixMs;
  let nextMs = options.startUnixMs;
  let open = [...options.open];
  return {
    due: (unixMs) => {
      while (nextMs <= unixMs) {
        open.push(...createTraces(pickWorkflow(random), random, nextMs, []));
        nextMs += random.longTail(options.everyMs, 0.6);
      }
      const changed = cutAt(open, unixMs).map((trace) => toChanged(trace, lastMs));
      open = open.filter(({ spans }) => spans.some(({ endMs }) => endMs > unixMs));
      lastMs = unixMs;
      return toRequests(changed, { scope: 'orchescope-demo', spansPerRequest: 500 });
    },
  };
}

function toChanged(trace: Trace, sinceMs: number): Trace {
  const spans = trace.spans.filter(
    ({ startMs, endMs, running }) => startMs >= sinceMs || (!running && endMs > sinceMs),
  );
  return { ...trace, spans };
}
