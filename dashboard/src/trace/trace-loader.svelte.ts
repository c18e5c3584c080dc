/** One trace on screen: read, laid out in a worker, read again when its spans arrive. */
import { skeletonUrl } from '../api.ts';
import { onLiveSpans } from '../live.svelte.ts';
import type { LoadedTrace } from './waterfall/layout/trace-layout.ts';
import { loadTrace } from './waterfall/load-trace.ts';

export type TraceState =
  | { readonly state: 'loading' }
  | { readonly state: 'error'; readonly error: unknown }
  | { readonly state: 'ready'; readonly trace: LoadedTrace };

/** A busy trace grows twice a second; drawing it once a second is enough. */
const quietMs = 1000;

export class TraceLoader {
  #current = $state.raw<TraceState>({ state: 'loading' });
  readonly #url: string;
  readonly #traceId: string;
  readonly #abort = new AbortController();
  #reading = false;
  #wanted = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(project: string, traceId: string) {
    this.#url = skeletonUrl(project, traceId);
    this.#traceId = traceId;
  }

  get current(): TraceState {
    return this.#current;
  }

  /** Reads and follows. Returns what stops it; a loader is started once. */
  start(): () => void {
    const stopListening = onLiveSpans(({ traces, spanCount }) => {
      const named = traces.reduce((sum, trace) => sum + trace.spanCount, 0);
      const mayBeUnnamed = traces.length === 0 || named < spanCount;
      if (mayBeUnnamed || traces.some(({ traceId }) => traceId === this.#traceId)) this.#soon();
    });
    void this.read();
    return () => {
      stopListening();
      this.#abort.abort();
      if (this.#timer !== null) clearTimeout(this.#timer);
    };
  }

  /** What is on screen stays until something better is there. */
  async read(): Promise<void> {
    if (this.#reading) {
      this.#wanted = true;
      return;
    }
    this.#reading = true;
    this.#wanted = false;
    const next = await this.#load();
    this.#reading = false;
    if (this.#abort.signal.aborted) return;
    if (next.state === 'ready' || this.#current.state !== 'ready') this.#current = next;
    if (this.#wanted) this.#soon();
  }

  async #load(): Promise<TraceState> {
    try {
      return { state: 'ready', trace: await loadTrace(this.#url, this.#abort.signal) };
    } catch (error) {
      return { state: 'error', error };
    }
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.read();
    }, quietMs);
  }
}
