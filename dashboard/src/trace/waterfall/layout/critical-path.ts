/**
 * Which spans the trace's duration hangs on. From the latest end backwards, always the work that ended last; what was
 * still going on when the next began held nobody up, and time in which no child was at work is the parent's own. Links
 * play no part: they say what caused a span, and time says what it waited for. The server goes by the same rule for whole
 * runs (collector/src/analysis/critical-path).
 */
import type { Tree } from './build-tree.ts';
import { kindNames } from './kinds.ts';
import type { Times } from './measure.ts';
import { marks, nodeTypes } from './trace-layout.ts';
import type { CriticalPath } from './trace-layout.ts';

/**
 * Many senders start spans on whole milliseconds and end them on microseconds, so a step may seem to begin before the
 * one it waited for had ended. An overlap this small is the clock's.
 */
const toleranceNs = 1e6;

export function findCriticalPath(
  tree: Tree,
  times: Times,
  kind: Uint8Array,
  values: Uint16Array,
): CriticalPath {
  return summarise(new Walk(tree, times, values).run(), kind, values);
}

/** Node -1: nobody was at work. */
type Segment = { readonly node: number; readonly from: number; readonly to: number };

type Frame = {
  /** -1 = the trace as a whole, whose children are its roots. */
  readonly node: number;
  /** Those that ended last come last. */
  readonly children: number[];
  /** The path below this frame does not reach before it. */
  readonly floor: number;
  /** How far back the path has come. */
  at: number;
};

class Walk {
  readonly #segments: Segment[] = [];
  readonly #tree: Tree;
  readonly #times: Times;
  readonly #values: Uint16Array;
  /** Of each node with all below it: work may go on after the span that started it has ended. */
  readonly #lastEnds: Float64Array;

  constructor(tree: Tree, times: Times, values: Uint16Array) {
    this.#tree = tree;
    this.#times = times;
    this.#values = values;
    this.#lastEnds = times.end.slice();
    // Preorder: whoever is below a node comes after it.
    for (let node = tree.count - 1; node >= 0; node -= 1) {
      const parent = tree.parent[node] ?? -1;
      if (parent < 0 || !this.#counts(node)) continue;
      this.#lastEnds[parent] = Math.max(this.#lastEnds[parent] ?? 0, this.#lastEnd(node));
    }
  }

  /** Last segment first. Without recursion: spans may be nested as deep as there are spans. */
  run(): readonly Segment[] {
    const roots = this.#childrenOf(-1);
    const floor = roots.reduce((min, node) => Math.min(min, this.#start(node)), Infinity);
    const last = roots.at(-1);
    const stack: Frame[] = [];
    if (last !== undefined) {
      stack.push({ node: -1, children: roots, floor, at: this.#lastEnd(last) });
    }
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const child = frame.at > frame.floor ? frame.children.pop() : undefined;
      if (child === undefined) {
        stack.pop();
        this.#own(frame.node, frame.floor, frame.at);
        const below = stack.at(-1);
        if (below !== undefined) below.at = Math.min(below.at, frame.floor);
      } else this.#descend(stack, frame, child);
    }
    return this.#segments;
  }

  #descend(stack: Frame[], frame: Frame, child: number): void {
    // What went on while it began, nobody waited for.
    if (this.#lastEnd(child) > frame.at + toleranceNs) return;
    const at = Math.min(this.#lastEnd(child), frame.at);
    const floor = Math.max(this.#start(child), frame.floor);
    if (at <= floor) return;
    this.#own(frame.node, at, frame.at);
    frame.at = at;
    this.#values[child] = (this.#values[child] ?? 0) | marks.critical;
    stack.push({ node: child, children: this.#childrenOf(child), floor, at });
  }

  #childrenOf(node: number): number[] {
    const { subtreeEnd, count } = this.#tree;
    const children: number[] = [];
    const stop = node < 0 ? count : (subtreeEnd[node] ?? 0);
    for (let child = node + 1; child < stop; child = subtreeEnd[child] ?? stop) {
      if (this.#counts(child)) children.push(child);
    }
    return children.sort((a, b) => this.#lastEnd(a) - this.#lastEnd(b) || a - b);
  }

  /** After its own end a span was not at work, whoever it had started; rows that are no spans never are. */
  #own(node: number, from: number, to: number): void {
    const isSpan = node >= 0 && this.#tree.type[node] === nodeTypes.span;
    const end = isSpan ? Math.max(from, Math.min(to, this.#times.end[node] ?? 0)) : from;
    if (to > end) this.#segments.push({ node: -1, from: end, to });
    if (end > from) this.#segments.push({ node, from, to: end });
  }

  /** A time that cannot be trusted must not decide; rows that stand for others have none of their own. */
  #counts(node: number): boolean {
    if (this.#tree.type[node] === nodeTypes.omission) return false;
    return ((this.#values[node] ?? 0) & marks.badTime) === 0;
  }

  #start(node: number): number {
    return this.#times.start[node] ?? 0;
  }

  #lastEnd(node: number): number {
    return this.#lastEnds[node] ?? 0;
  }
}

function summarise(
  segments: readonly Segment[],
  kind: Uint8Array,
  values: Uint16Array,
): CriticalPath {
  const node = Int32Array.from(segments, (segment) => segment.node);
  const from = Float64Array.from(segments, (segment) => segment.from);
  const to = Float64Array.from(segments, (segment) => segment.to);
  const wait = new Uint8Array(segments.length);
  const byKind = new Float64Array(kindNames.length);
  let waitNs = 0;
  let totalNs = 0;
  for (const [i, segment] of segments.entries()) {
    const duration = segment.to - segment.from;
    totalNs += duration;
    if (segment.node < 0 || ((values[segment.node] ?? 0) & marks.wait) !== 0) {
      wait[i] = 1;
      waitNs += duration;
    } else {
      const number = kind[segment.node] ?? 0;
      byKind[number] = (byKind[number] ?? 0) + duration;
    }
  }
  return { node, from, to, wait, totalNs, byKind, waitNs };
}
