/**
 * How a page mounts the waterfall:
 *
 *   const trace = await loadTrace(`${base}/api/traces/${id}/skeleton?project=${project}`, signal); // load-trace.ts
 *   <Waterfall {trace} {selected} lit={[]} onselect={...} {view} onview={...} />
 *
 * `loadTrace` fetches, parses and lays out in a worker, so a trace of 100,000 spans never blocks the page; call it
 * again to refresh. It throws `TraceLoadError` (status, code, message). `trace.facts` has the totals, notices and
 * times a page header needs. Keep the result as it is: no deep proxies ($state.raw) and no structural sharing.
 *
 * The waterfall fills its parent: give it a bounded height (`flex: 1; min-height: 0`). Its toolbar holds find, chips,
 * critical path and first error; notices of the trace are shown by it too.
 */
import type { LoadedTrace } from './layout/trace-layout.ts';

export type WaterfallProps = {
  trace: LoadedTrace;
  /** Span id in the URL; an unknown one selects nothing. */
  selected: string | null;
  /** Click or Enter on a row, Esc (null). While a span is selected, the arrow keys move the selection. */
  onselect: (spanId: string | null) => void;
  /** Spans to be lit: somebody points at them. Unknown ids light nothing. */
  lit: readonly string[];
  /** The `z` key of the URL: time window, idle compression, colours. '' is the default. */
  view: string;
  /** `commit` false while dragging: replace the history entry; true: push one. */
  onview: (view: string, commit: boolean) => void;
  /** The pointer rests on a row, or the keyboard reached it: a good moment to fetch its details. */
  onpeek?: (spanId: string) => void;
};
