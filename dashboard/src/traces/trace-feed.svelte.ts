/** What happened to a list since it was read: traces it does not hold yet, and newer words about those it holds. */
import type { TraceList, TraceSummary } from 'orchescope/contract';
import { onLiveSpans } from '../live.svelte.ts';

/** Busy systems send twice a second; reading the first page this often is enough. */
const quietMs = 1500;

export class TraceFeed {
  #first = $state.raw<TraceList | null>(null);
  readonly #read: (signal: AbortSignal) => Promise<TraceList>;

  /** `read` reads the first page of the list on screen. */
  constructor(read: (signal: AbortSignal) => Promise<TraceList>) {
    this.#read = read;
  }

  /** The first page as it is now; null when nothing happened. */
  get first(): TraceList | null {
    return this.#first;
  }

  forget(): void {
    this.#first = null;
  }

  /** Reads again when spans arrive. Returns what stops it. */
  start(): () => void {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stopListening = onLiveSpans(() => {
      timer ??= setTimeout(() => {
        timer = null;
        void this.#refresh(abort.signal);
      }, this.#delayMs());
    });
    return () => {
      stopListening();
      abort.abort();
      if (timer !== null) clearTimeout(timer);
    };
  }

  #lastReadMs = 0;

  #delayMs(): number {
    return Math.max(0, this.#lastReadMs + quietMs - Date.now());
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    this.#lastReadMs = Date.now();
    const first = await this.#read(signal).catch(() => null);
    // A read that failed costs nothing: the next spans bring the next one.
    if (first !== null && !signal.aborted) this.#first = first;
  }
}

/** Traces of the first page that the list does not hold. */
export function unseenTraces(list: readonly TraceSummary[], first: TraceList | null): number {
  if (first === null) return 0;
  const known = new Set(list.map(({ traceId }) => traceId));
  return first.traces.filter(({ traceId }) => !known.has(traceId)).length;
}

/** The list with the newest words about the traces it holds; their order stays. */
export function withNews(
  list: readonly TraceSummary[],
  first: TraceList | null,
): readonly TraceSummary[] {
  if (first === null) return list;
  const news = new Map(first.traces.map((trace) => [trace.traceId, trace]));
  return list.map((trace) => news.get(trace.traceId) ?? trace);
}
