/** Which rows exist in the page: those in sight, a few around them, and the one with the cursor. */
import { tick } from 'svelte';
import type { Geometry } from './geometry.svelte.ts';
import type { LoadedTrace } from './layout/trace-layout.ts';
import { nodeOfSpanId } from './span-ids.ts';
import type { WaterfallState } from './waterfall-state.svelte.ts';

/** Rows beyond the window on either side, so that a scroll never shows an empty strip. */
const overscan = 4;
const maxSticky = 4;

/** Rows come after what is around them, a few a frame, so that no task of the first paint is long. */
const rowsAtOnce = 10;

export type ShownRow = { readonly entry: number; readonly index: number };

export class RowWindow {
  scroller: HTMLDivElement | undefined = $state();
  scrollTop = $state(0);
  readonly #waterfall: WaterfallState;
  readonly #geometry: Geometry;

  constructor(waterfall: WaterfallState, geometry: Geometry) {
    this.#waterfall = waterfall;
    this.#geometry = geometry;
  }

  readonly first: number = $derived.by(() =>
    Math.max(0, Math.floor(this.scrollTop / this.#geometry.rowPx)),
  );

  readonly count: number = $derived.by(
    () => Math.ceil(this.#geometry.height / this.#geometry.rowPx) + 1,
  );

  /** Rows that may be made by now. */
  #made = $state(0);

  readonly rows: readonly ShownRow[] = $derived.by(() => {
    const { visible } = this.#waterfall;
    const from = Math.max(0, this.first - overscan);
    const to = Math.min(visible.length, this.first + this.count + overscan, from + this.#made);
    const rows = Array.from(visible.subarray(from, to), (entry, i) => ({ entry, index: from + i }));
    // The row with the focus stays in the page however far it is scrolled away.
    const index = this.#waterfall.indexOf(this.#waterfall.active);
    if ((index < from || index >= to) && index < visible.length) {
      rows.push({ entry: visible[index] ?? 0, index });
    }
    return rows;
  });

  /** The chain above the first row in sight, as much of it as has scrolled away. */
  readonly ancestors: readonly number[] = $derived.by(() => {
    const { visible } = this.#waterfall;
    if (this.scrollTop === 0 || visible.length === 0) return [];
    for (let count = maxSticky; count > 0; count -= 1) {
      const entry = visible[Math.min(this.first + count, visible.length - 1)] ?? 0;
      const chain = this.#chainAbove(entry, this.first + count);
      if (chain.length >= count || count === 1) return chain.slice(-count);
    }
    return [];
  });

  /** For an `$effect`: makes more rows in the next frame, until there are enough. */
  makeMore(): (() => void) | undefined {
    if (this.#made >= this.count + overscan * 2) return undefined;
    const frame = requestAnimationFrame(() => (this.#made += rowsAtOnce));
    return () => cancelAnimationFrame(frame);
  }

  /** Entries wholly in sight. */
  inSight(): Int32Array {
    return this.#waterfall.visible.subarray(this.first, this.first + this.count - 1);
  }

  /** Takes a newer state of the trace; the row under the reader's eye keeps its place. */
  replaceTrace(next: LoadedTrace): void {
    const { first, scrollTop } = this;
    const top = this.#waterfall.visible[first] ?? 0;
    const offset = scrollTop - first * this.#geometry.rowPx;
    const anchor = this.#waterfall.spanIdOf(this.#waterfall.nodeOf(top));
    this.#waterfall.replace(next);
    const node = anchor === null ? -1 : nodeOfSpanId(next, anchor);
    if (node < 0 || first === 0) return;
    void tick().then(() => this.scroller?.scrollTo({ top: this.#topOf(node) + offset }));
  }

  async showActive(): Promise<void> {
    await tick();
    const { scroller } = this;
    if (scroller === undefined) return;
    const { rowPx, height } = this.#geometry;
    const top = this.#topOf(this.#waterfall.active);
    const above = maxSticky * rowPx;
    if (top < scroller.scrollTop + above) scroller.scrollTop = Math.max(0, top - above);
    else if (top + rowPx > scroller.scrollTop + height)
      scroller.scrollTop = top + rowPx * 2 - height;
    this.scrollTop = scroller.scrollTop;
    await tick();
  }

  async focusActive(): Promise<void> {
    await this.showActive();
    const row = this.scroller?.querySelector<HTMLElement>(
      `[data-entry="${this.#waterfall.active}"]`,
    );
    row?.focus({ preventScroll: true });
  }

  #topOf(entry: number): number {
    return this.#waterfall.indexOf(entry) * this.#geometry.rowPx;
  }

  #chainAbove(entry: number, before: number): number[] {
    const waterfall = this.#waterfall;
    const chain: number[] = [];
    for (let node = waterfall.parentOf(entry); node !== null; node = waterfall.parentOf(node)) {
      if (waterfall.indexOf(node) < before && chain.length < maxSticky) chain.unshift(node);
    }
    return chain;
  }
}
