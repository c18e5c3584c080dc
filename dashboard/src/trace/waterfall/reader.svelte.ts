/** What a reader does with the rows: choose one, jump to the next match or error; and what is said aloud of it. */
import { moveCursor } from './move-cursor.ts';
import type { Command } from './keys.ts';
import { toRowModel } from './row-model.ts';
import type { RowWindow } from './row-window.svelte.ts';
import type { TimeView } from './time-view.svelte.ts';
import type { WaterfallState } from './waterfall-state.svelte.ts';

export type Surroundings = {
  readonly waterfall: WaterfallState;
  readonly rows: RowWindow;
  readonly time: TimeView;
  /** The span whose details are open; null = none. */
  readonly selected: () => string | null;
  readonly onselect: (spanId: string | null) => void;
  readonly onfind: () => void;
  readonly onhelp: () => void;
};

const zoomStep = 0.6;
const panShare = 0.2;

export class Reader {
  /** The latest sentence for a screen reader. */
  spoken = $state('');
  readonly #around: Surroundings;
  readonly #acts: Partial<Record<Command, () => void>>;

  constructor(around: Surroundings) {
    this.#around = around;
    const { waterfall, time } = around;
    this.#acts = {
      details: () => this.select(waterfall.active),
      escape: () => this.#escape(),
      find: around.onfind,
      nextMatch: () => this.stepMatch(1),
      previousMatch: () => this.stepMatch(-1),
      nextError: () => this.#stepError(1),
      previousError: () => this.#stepError(-1),
      critical: () => this.toggleCritical(),
      fitSelection: () => time.fitNode(waterfall.nodeOf(waterfall.active)),
      reset: () => time.setWindow(null, true),
      fitRows: () => time.toggleFitting(),
      collapseAll: () => this.#reshape(() => waterfall.collapseAll()),
      expandAll: () => this.#reshape(() => waterfall.expandAll()),
      levelUp: () => this.#reshape(() => waterfall.stepLevel(-1)),
      levelDown: () => this.#reshape(() => waterfall.stepLevel(1)),
      panLeft: () => time.pan(-panShare),
      panRight: () => time.pan(panShare),
      zoomIn: () => time.zoomAtMiddle(zoomStep),
      zoomOut: () => time.zoomAtMiddle(1 / zoomStep),
      help: around.onhelp,
    };
  }

  run(command: Command): void {
    const { waterfall, rows } = this.#around;
    if (!moveCursor(waterfall, command, Math.max(1, rows.count - 2))) {
      this.#acts[command]?.();
      return;
    }
    this.#follow();
    void rows.focusActive();
  }

  select(entry: number): void {
    const { waterfall, onselect } = this.#around;
    waterfall.active = entry;
    const spanId = waterfall.spanIdOf(entry);
    if (spanId === null) waterfall.toggle(entry);
    else onselect(spanId);
    this.#speakOf(entry);
  }

  stepMatch(step: 1 | -1): void {
    const { waterfall, rows } = this.#around;
    const nodes = waterfall.matches?.nodes ?? new Int32Array();
    const node = waterfall.goToNext(nodes, step);
    if (node < 0) {
      this.spoken = 'Nothing found';
      return;
    }
    this.#follow();
    void rows.showActive();
    this.#speakOf(node, `${nodes.indexOf(node) + 1} of ${nodes.length}: `);
  }

  goToFirstError(): void {
    const { waterfall } = this.#around;
    this.goTo(waterfall.trace.layout.firstError);
    this.select(waterfall.trace.layout.firstError);
  }

  /** Puts cursor and focus on the node's row. */
  goTo(node: number): void {
    this.#around.waterfall.goTo(node);
    void this.#around.rows.focusActive();
  }

  toggleCritical(): void {
    const { waterfall, rows, time } = this.#around;
    waterfall.isCriticalOnly = !waterfall.isCriticalOnly;
    waterfall.active = waterfall.visible[waterfall.indexOf(waterfall.active)] ?? 0;
    time.tell(true);
    void rows.showActive();
  }

  #stepError(step: 1 | -1): void {
    const { waterfall, rows } = this.#around;
    const node = waterfall.goToNext(waterfall.errors, step);
    if (node < 0) {
      this.spoken = 'No errors';
      return;
    }
    this.#follow();
    void rows.focusActive();
    this.#speakOf(node);
  }

  #escape(): void {
    const { waterfall, selected, onselect } = this.#around;
    if (selected() !== null) {
      onselect(null);
      return;
    }
    waterfall.text = '';
    waterfall.chips = new Set();
  }

  #reshape(change: () => void): void {
    change();
    void this.#around.rows.showActive();
  }

  /** After a jump the details follow when they are open. */
  #follow(): void {
    const { waterfall, selected, onselect } = this.#around;
    const spanId = waterfall.spanIdOf(waterfall.active);
    if (selected() !== null && spanId !== null) onselect(spanId);
  }

  #speakOf(entry: number, before = ''): void {
    this.spoken = `${before}${toRowModel(this.#around.waterfall.trace, entry).sentence}`;
  }
}
