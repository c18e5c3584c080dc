/** Which stretch of time is drawn and how: zoom, pan, fitting, idle compression, and all of it as text for the URL. */
import type { Geometry } from './geometry.svelte.ts';
import { clampWindow, createTimeScale, ticksOf, zoomAt } from './layout/time-scale.ts';
import type { TimeScale, TimeWindow } from './layout/time-scale.ts';
import { fromViewText, toViewText } from './view-codec.ts';
import type { View } from './view-codec.ts';
import type { WaterfallState } from './waterfall-state.svelte.ts';

/** Least pixels between two ticks of the axis. */
const tickPx = 90;
/** While a wheel turns the address need not follow: every change of it is work for the whole page. */
const tellMs = 120;

export class TimeView {
  /** Null = the whole trace. */
  window: TimeWindow | null = $state.raw(null);
  isCompressed = $state(false);
  /** The axis follows the rows on screen. */
  isFitting = $state(false);
  readonly #waterfall: WaterfallState;
  readonly #geometry: Geometry;
  readonly #ontext: (text: string, commit: boolean) => void;
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor(
    waterfall: WaterfallState,
    geometry: Geometry,
    ontext: (text: string, commit: boolean) => void,
  ) {
    this.#waterfall = waterfall;
    this.#geometry = geometry;
    this.#ontext = ontext;
  }

  readonly extent: TimeWindow = $derived.by(() => {
    const { extentStart, extentEnd } = this.#waterfall.trace.layout;
    return { start: extentStart, end: extentEnd };
  });

  readonly shown: TimeWindow = $derived.by(() =>
    clampWindow(this.window ?? this.extent, this.extent),
  );

  readonly scale: TimeScale = $derived.by(() => {
    const { idle } = this.#waterfall.trace.layout;
    return createTimeScale(this.shown, this.#geometry.timePx, this.isCompressed ? idle : null);
  });

  readonly ticks = $derived.by(() => ticksOf(this.scale, tickPx));

  /** What the URL says; nothing happens when it says what is there. */
  take(text: string): void {
    const next = fromViewText(text);
    if (toViewText(this.#current()) === toViewText(next)) return;
    clearTimeout(this.#telling);
    this.window = next.window;
    this.isCompressed = next.isCompressed;
    this.isFitting = next.isFitting;
    this.#waterfall.isCriticalOnly = next.isCriticalOnly;
    this.#waterfall.colourBy = next.colourBy;
  }

  /** `commit` false: more is to come. */
  tell(commit: boolean): void {
    clearTimeout(this.#telling);
    const tell = (): void => this.#ontext(toViewText(this.#current()), commit);
    if (commit) tell();
    else this.#telling = setTimeout(tell, tellMs);
  }

  /** For an `$effect`: nothing is told after the waterfall is gone. */
  stop(): void {
    clearTimeout(this.#telling);
  }

  setWindow(next: TimeWindow | null, commit: boolean): void {
    const { start, end } = this.extent;
    this.window = next === null || (next.start <= start && next.end >= end) ? null : next;
    this.isFitting = false;
    this.tell(commit);
  }

  zoom(factor: number, px: number, commit: boolean): void {
    this.setWindow(zoomAt(this.scale, px, factor, this.extent), commit);
  }

  zoomAtMiddle(factor: number): void {
    this.zoom(factor, this.#geometry.timePx / 2, true);
  }

  pan(share: number): void {
    const { start, end } = this.shown;
    const shift = (end - start) * share;
    this.setWindow(clampWindow({ start: start + shift, end: end + shift }, this.extent), true);
  }

  fitNode(node: number): void {
    const { layout } = this.#waterfall.trace;
    const [start, end] = [layout.start[node] ?? 0, layout.end[node] ?? 0];
    const margin = Math.max((end - start) * 0.05, 500);
    this.setWindow(clampWindow({ start: start - margin, end: end + margin }, this.extent), true);
  }

  fitRows(entries: Int32Array): void {
    const waterfall = this.#waterfall;
    const { layout } = waterfall.trace;
    let [start, end] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const entry of entries) {
      // An open row that spans what is below it is context, not what the reader looks at.
      if (entry >= 0 && waterfall.hasChildren(entry) && waterfall.isOpen(entry)) continue;
      const node = waterfall.nodeOf(entry);
      start = Math.min(start, layout.start[node] ?? 0);
      end = Math.max(end, layout.end[node] ?? 0);
    }
    if (end <= start) return;
    const margin = (end - start) * 0.03;
    this.window = clampWindow({ start: start - margin, end: end + margin }, this.extent);
  }

  toggleFitting(): void {
    this.isFitting = !this.isFitting;
    if (!this.isFitting) this.window = null;
    this.tell(true);
  }

  toggleCompressed(): void {
    this.isCompressed = !this.isCompressed;
    this.tell(true);
  }

  #current(): View {
    const { isCriticalOnly, colourBy } = this.#waterfall;
    const { isCompressed, isFitting } = this;
    const window = isFitting ? null : this.window;
    return { window, isCompressed, isFitting, isCriticalOnly, colourBy };
  }
}
