/**
 * What a trace has in common with other traces of its run.
 *
 * Who looks for the traces of a run begins with those that received spans and goes on breadth first: from a trace to
 * its keys, from a key to all traces that have it. `trace:` is looked up both ways: from a trace that has `trace:<id>`
 * to that trace, and from a trace to all that have `trace:<its own id>`. The walk ends at 1,000 traces or 250,000 spans
 * a run: what lies beyond is no part of the analysis, and the run says how many spans it leaves out.
 */
import type { RunSpan } from '../../run-span.ts';
import { joiningLinks } from './joining-links.ts';
import { toThreadKeys } from './thread-keys.ts';

/** Ids of runs are kept before links, links before threads; within those the first by the alphabet. */
export const maxTraceKeys = 1_000;

/**
 * `run:<id the sender gave>`, `trace:<id of a linked trace>` and `thread:<place of a paused thread>`, each once and in a
 * fixed order. Spans are those of one trace, in any order.
 */
export function toTraceKeys(spans: readonly RunSpan[]): string[] {
  const runs = new Set<string>();
  const traces = new Set<string>();
  for (const span of spans) {
    if (span.runId !== '') runs.add(`run:${span.runId}`);
    for (const { traceId } of joiningLinks(span))
      if (traceId !== span.traceId) traces.add(`trace:${traceId}`);
  }
  const inOrder = [runs, traces, toThreadKeys(spans)].flatMap((keys) => [...keys].sort());
  return inOrder.slice(0, maxTraceKeys);
}
