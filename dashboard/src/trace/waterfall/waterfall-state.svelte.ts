/** What the waterfall shows right now: which rows, which of them is the cursor, what is searched. */
import { createColouring } from './colouring.ts';
import { find, nextMatch } from './layout/find.ts';
import type { Chip, Matches } from './layout/find.ts';
import { marks, nodeTypes } from './layout/trace-layout.ts';
import type { LoadedTrace } from './layout/trace-layout.ts';
import { collapseFrom, foldOf, listVisible, reveal, withAncestors } from './layout/visible.ts';
import { followSpans, nodesOfSpanIds, spanIdOf } from './span-ids.ts';
import type { ColourBy } from './view-codec.ts';

export type FindMode = 'dim' | 'hide';

export class WaterfallState {
  trace: LoadedTrace = $state.raw() as LoadedTrace;
  text = $state('');
  chips: ReadonlySet<Chip> = $state.raw(new Set<Chip>());
  mode: FindMode = $state('dim');
  isCriticalOnly = $state(false);
  colourBy: ColourBy = $state('kind');
  /** A value of the legend; others are dimmed. */
  isolated: number | null = $state(null);
  /** Ids of the spans that somebody points at. */
  pointedAt: readonly string[] = $state.raw([]);
  /** Entry under the cursor. */
  active = $state(0);
  #collapsed: Uint8Array = new Uint8Array();
  #openFolds: Uint8Array = new Uint8Array();
  /** Counts changes of the two arrays above, which are too long to be watched. */
  #opened = $state(0);

  constructor(trace: LoadedTrace) {
    this.trace = trace;
    this.#collapsed = new Uint8Array(trace.layout.count);
    this.#openFolds = new Uint8Array(trace.layout.folds.count);
  }

  readonly matches: Matches | null = $derived.by(() =>
    find(this.trace.layout, this.trace.facts.strings, { text: this.text, chips: this.chips }),
  );

  readonly errors: Int32Array = $derived.by(() => {
    const { marks: values } = this.trace.layout;
    const errors: number[] = [];
    for (let node = 0; node < values.length; node += 1) {
      if (((values[node] ?? 0) & marks.error) !== 0) errors.push(node);
    }
    return Int32Array.from(errors);
  });

  /** Nodes that are pointed at, in order. */
  readonly lit: Int32Array = $derived.by(() => nodesOfSpanIds(this.trace, this.pointedAt));

  readonly visible: Int32Array = $derived.by(() => {
    void this.#opened;
    return listVisible(this.trace.layout, {
      collapsed: this.#collapsed,
      openFolds: this.#openFolds,
      keep: this.#keep,
    });
  });

  readonly colouring = $derived.by(() =>
    createColouring(this.trace.layout, this.trace.facts.strings, this.colourBy),
  );

  readonly #keep: Uint8Array | null = $derived.by(() => {
    const { layout } = this.trace;
    const isHiding = this.mode === 'hide' && this.matches !== null;
    if (!this.isCriticalOnly && !isHiding) return null;
    const wanted = new Uint8Array(layout.count);
    for (let node = 0; node < layout.count; node += 1) {
      const isOnPath = !this.isCriticalOnly || ((layout.marks[node] ?? 0) & marks.critical) !== 0;
      const isMatch = !isHiding || this.matches?.flags[node] === 1;
      if (isOnPath && isMatch) wanted[node] = 1;
    }
    return withAncestors(layout, wanted);
  });

  /** Takes a newer state of the same trace; what was open stays open, the cursor stays on its span. */
  replace(trace: LoadedTrace): void {
    const old = this.trace;
    if (trace === old) return;
    const collapsed = new Uint8Array(trace.layout.count);
    const openFolds = new Uint8Array(trace.layout.folds.count);
    const closed = this.#collapsed.reduce((sum, value) => sum + value, 0);
    const opened = this.#openFolds.reduce((sum, value) => sum + value, 0);
    const moved = followSpans(old, trace, closed + opened);
    for (const [node, value] of this.#collapsed.entries()) {
      const now = value === 1 ? moved(node) : -1;
      if (now >= 0) collapsed[now] = 1;
    }
    for (const [fold, value] of this.#openFolds.entries()) {
      const now = value === 1 ? moved(old.layout.folds.first[fold] ?? -1) : -1;
      const foldNow = now < 0 ? -1 : (trace.layout.folds.ofNode[now] ?? -1);
      if (foldNow >= 0) openFolds[foldNow] = 1;
    }
    const active = Math.max(0, moved(this.nodeOf(this.active)));
    this.#collapsed = collapsed;
    this.#openFolds = openFolds;
    this.trace = trace;
    this.active = active;
    this.#opened += 1;
  }

  nodeOf(entry: number): number {
    return entry < 0 ? (this.trace.layout.folds.first[foldOf(entry)] ?? 0) : entry;
  }

  /** Place of the entry in the list; when it is out of sight, of the row before it. */
  indexOf(entry: number): number {
    const rank = (other: number): number => (other < 0 ? this.nodeOf(other) : other + 0.5);
    let low = 0;
    let high = this.visible.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rank(this.visible[middle] ?? 0) <= rank(entry)) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  isOpen(entry: number): boolean {
    if (entry < 0) return this.#openFolds[foldOf(entry)] === 1;
    return this.#collapsed[entry] === 0;
  }

  hasChildren(entry: number): boolean {
    return entry < 0 || (this.trace.layout.subtreeEnd[entry] ?? 0) > entry + 1;
  }

  toggle(entry: number): void {
    if (entry < 0) {
      const fold = foldOf(entry);
      this.#openFolds[fold] = this.#openFolds[fold] === 1 ? 0 : 1;
    } else if (this.hasChildren(entry)) {
      this.#collapsed[entry] = this.#collapsed[entry] === 1 ? 0 : 1;
    }
    this.#opened += 1;
  }

  collapseAll(): void {
    this.#collapsed = collapseFrom(this.trace.layout, 1);
    this.#openFolds.fill(0);
    this.#opened += 1;
    this.active = this.visible[this.indexOf(this.active)] ?? 0;
  }

  expandAll(): void {
    this.#collapsed.fill(0);
    this.#openFolds.fill(1);
    this.#opened += 1;
  }

  /** One level more or less than the deepest level in sight. */
  stepLevel(step: 1 | -1): void {
    const { depth } = this.trace.layout;
    let deepest = 0;
    for (const entry of this.visible) deepest = Math.max(deepest, depth[this.nodeOf(entry)] ?? 0);
    this.#collapsed = collapseFrom(this.trace.layout, Math.max(0, deepest + step));
    this.#opened += 1;
    this.active = this.visible[this.indexOf(this.active)] ?? 0;
  }

  /** Makes the node a row and puts the cursor on it. */
  goTo(node: number): void {
    const openness = { collapsed: this.#collapsed, openFolds: this.#openFolds, keep: null };
    if (reveal(this.trace.layout, openness, node)) this.#opened += 1;
    if (this.#keep !== null && this.#keep[node] === 0) {
      this.isCriticalOnly = false;
      this.mode = 'dim';
    }
    this.active = node;
  }

  goToNext(nodes: Int32Array, step: 1 | -1): number {
    const node = nextMatch(nodes, this.nodeOf(this.active), step);
    if (node >= 0) this.goTo(node);
    return node;
  }

  /** Node the row hangs below; null at the top. */
  parentOf(entry: number): number | null {
    const node = this.nodeOf(entry);
    const parent = this.trace.layout.parent[node] ?? -1;
    return parent < 0 ? null : parent;
  }

  /** Whether somebody points at the row itself, or at something that is folded away in it. */
  lightOf(entry: number): 'none' | 'own' | 'inside' {
    if (this.lit.length === 0) return 'none';
    const { folds, subtreeEnd } = this.trace.layout;
    if (entry < 0) {
      const fold = foldOf(entry);
      return this.#isAnyLit(folds.first[fold] ?? 0, folds.end[fold] ?? 0) ? 'inside' : 'none';
    }
    if (this.#isAnyLit(entry, entry + 1)) return 'own';
    const isHidden = !this.isOpen(entry) && this.#isAnyLit(entry, subtreeEnd[entry] ?? entry);
    return isHidden ? 'inside' : 'none';
  }

  #isAnyLit(from: number, end: number): boolean {
    return this.lit.some((node) => node >= from && node < end);
  }

  isDimmed(entry: number): boolean {
    const node = this.nodeOf(entry);
    if (this.isolated !== null && this.colouring.valueOf(node) !== this.isolated) return true;
    const { matches, mode } = this;
    if (matches === null) return false;
    if (entry < 0 && mode === 'dim') return !this.#anyMatchIn(foldOf(entry), matches);
    return matches.flags[node] !== 1;
  }

  #anyMatchIn(fold: number, { flags }: Matches): boolean {
    const { first, end } = this.trace.layout.folds;
    return flags.subarray(first[fold] ?? 0, end[fold] ?? 0).includes(1);
  }

  spanIdOf(entry: number): string | null {
    const isSpan = entry >= 0 && this.trace.layout.type[entry] === nodeTypes.span;
    return isSpan ? spanIdOf(this.trace, entry) : null;
  }
}
