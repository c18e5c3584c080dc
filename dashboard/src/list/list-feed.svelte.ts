/** What happened to a list since it was read: items it does not hold yet, and newer words about those it holds. */
import { onLiveSpans } from '../live.svelte.ts';
import type { ListPage } from './list-page.ts';

/** Busy systems send twice a second; reading the first page this often is enough. */
const quietMs = 1500;

export class ListFeed<Item> {
  #first = $state.raw<ListPage<Item> | null>(null);
  readonly #read: (signal: AbortSignal) => Promise<ListPage<Item>>;
  readonly #settleMs: number;
  #lastReadMs = 0;

  /**
   * `read` reads the first page of the list on screen. What is made from spans changes a while after them: with
   * `settleMs` above 0 the page is read once more when that time has passed without news.
   */
  constructor(read: (signal: AbortSignal) => Promise<ListPage<Item>>, settleMs: number) {
    this.#read = read;
    this.#settleMs = settleMs;
  }

  /** The first page as it is now; null when nothing happened. */
  get first(): ListPage<Item> | null {
    return this.#first;
  }

  forget(): void {
    this.#first = null;
  }

  /** Reads again when spans arrive. Returns what stops it. */
  start(): () => void {
    const abort = new AbortController();
    let soon: ReturnType<typeof setTimeout> | undefined;
    let settled: ReturnType<typeof setTimeout> | undefined;
    const settle = (): void => {
      if (this.#settleMs === 0) return;
      clearTimeout(settled);
      settled = setTimeout(() => void this.#refresh(abort.signal), this.#settleMs);
    };
    // The last spans may have come just before the list was read.
    settle();
    const stopListening = onLiveSpans(() => {
      soon ??= setTimeout(() => {
        soon = undefined;
        void this.#refresh(abort.signal);
      }, this.#delayMs());
      settle();
    });
    return () => {
      stopListening();
      abort.abort();
      clearTimeout(soon);
      clearTimeout(settled);
    };
  }

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
