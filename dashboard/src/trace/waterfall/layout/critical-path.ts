/**
 * Which spans the trace's duration hangs on. From the latest end backwards: the child that finished last before the
 * cursor is what its parent waited for; with no such child the time is the parent's own. At a span's start the path
 * goes on to what it was linked from (a handoff, a queue, an earlier attempt), else to its parent.
 */
import type { Tree } from './build-tree.ts';
import { kindNames } from './kinds.ts';
import type { Times } from './measure.ts';
import { marks, nodeTypes } from './trace-layout.ts';
import type { CriticalPath } from './trace-layout.ts';

export type CausalLinks = ReadonlyMap<number, readonly number[]>;

/** Links beyond this many are not followed; a chain of ancestors is walked for each. */
const maxJumps = 10_000;

/**
 * Many senders start spans on whole milliseconds and end them on microseconds, so a step may seem to begin before the
 * one it waited for had ended. An overlap this small is the clock's.
 */
const clockStepNs = 1e6;

export function findCriticalPath(
  tree: Tree,
  times: Times,
  links: CausalLinks,
  kind: Uint8Array,
  values: Uint16Array,
): CriticalPath {
  const walk = new Walk(tree, times, links, values);
  walk.run();
  return summarise(walk.segments, kind, values);
}

type Segment = { readonly node: number; readonly from: number; readonly to: number };

class Walk {
  readonly segments: Segment[] = [];
  readonly #tree: Tree;
  readonly #times: Times;
  readonly #links: CausalLinks;
  readonly #values: Uint16Array;
  /** Children by end, latest first, with how many were tried; made when the path first comes by. */
  readonly #candidates = new Map<number, { sorted: Int32Array; next: number; ceiling: number }>();
  #node = -1;
  #cursor = 0;
  #jumps = 0;

  constructor(tree: Tree, times: Times, links: CausalLinks, values: Uint16Array) {
    this.#tree = tree;
    this.#times = times;
    this.#links = links;
    this.#values = values;
  }

  run(): void {
    const last = this.#lastToEnd();
    if (last < 0) return;
    this.#cursor = this.#end(last);
    this.#enter(last, this.#cursor);
    for (;;) {
      const child = this.#nextChild();
      if (child >= 0) this.#descend(child);
      else if (this.#node < 0) return;
      else this.#leave();
    }
  }

  #lastToEnd(): number {
    let found = -1;
    for (let node = 0; node < this.#tree.count; node += 1) {
      if (!this.#counts(node)) continue;
      if (found < 0 || this.#end(node) > this.#end(found)) found = node;
    }
    return found;
  }

  #enter(node: number, ceiling: number): void {
    this.#node = node;
    this.#values[node] = (this.#values[node] ?? 0) | marks.critical;
    if (!this.#candidates.has(node)) this.#prepare(node, ceiling);
  }

  #descend(child: number): void {
    const end = Math.min(this.#end(child), this.#cursor);
    this.#own(end);
    this.#enter(child, end);
  }

  #leave(): void {
    this.#own(Math.min(this.#start(this.#node), this.#cursor));
    const before = this.#cause();
    if (before >= 0) {
      this.#gap(Math.min(this.#end(before), this.#cursor));
      this.#enter(before, this.#cursor);
      return;
    }
    const parent = this.#tree.parent[this.#node] ?? -1;
    this.#node = parent;
    if (!this.#candidates.has(parent)) this.#prepare(parent, Number.POSITIVE_INFINITY);
    if (parent < 0) return;
    this.#values[parent] = (this.#values[parent] ?? 0) | marks.critical;
    // A child that outlived its parent and stands alone at the end: between the two nobody worked.
    if (this.#cursor > this.#end(parent)) this.#gap(this.#end(parent));
  }

  /** Of the spans this one was linked from, the one that finished last before it. */
  #cause(): number {
    let found = -1;
    for (const candidate of this.#links.get(this.#node) ?? []) {
      if (this.#isTaken(candidate) || this.#isKin(candidate)) continue;
      if (this.#start(candidate) >= this.#cursor) continue;
      if (found < 0 || this.#end(candidate) > this.#end(found)) found = candidate;
    }
    if (found >= 0) this.#jumps += 1;
    return this.#jumps > maxJumps ? -1 : found;
  }

  #nextChild(): number {
    const candidates = this.#candidates.get(this.#node);
    if (candidates === undefined) return -1;
    while (candidates.next < candidates.sorted.length) {
      const child = candidates.sorted[candidates.next] ?? -1;
      const end = Math.min(this.#end(child), candidates.ceiling);
      candidates.next += 1;
      if (this.#isBefore(this.#start(child), end) && !this.#isTaken(child)) return child;
    }
    return -1;
  }

  #isBefore(start: number, end: number): boolean {
    if (start > end) return false;
    return end <= this.#cursor || (end <= this.#cursor + clockStepNs && start < this.#cursor);
  }

  /** A child that outlives its parent counts until `ceiling`, the parent's end. */
  #prepare(node: number, ceiling: number): void {
    const { subtreeEnd, count } = this.#tree;
    const children: number[] = [];
    const stop = node < 0 ? count : (subtreeEnd[node] ?? 0);
    for (let child = node + 1; child < stop; child = subtreeEnd[child] ?? stop) {
      if (this.#counts(child)) children.push(child);
    }
    const sorted = Int32Array.from(children).sort((a, b) => this.#end(b) - this.#end(a) || a - b);
    this.#candidates.set(node, { sorted, next: 0, ceiling });
  }

  /** The span's own time back to `from`; what lies before its start (skewed clocks) is nobody's. */
  #own(from: number): void {
    const isSpan = this.#node >= 0 && this.#tree.type[this.#node] === nodeTypes.span;
    if (isSpan) this.#push(this.#node, Math.max(from, this.#start(this.#node)));
    this.#gap(from);
  }

  #gap(from: number): void {
    this.#push(-1, from);
  }

  #push(node: number, from: number): void {
    if (from < this.#cursor) this.segments.push({ node, from, to: this.#cursor });
    this.#cursor = Math.min(from, this.#cursor);
  }

  #isTaken(node: number): boolean {
    return ((this.#values[node] ?? 0) & marks.critical) !== 0;
  }

  #isKin(other: number): boolean {
    const { subtreeEnd } = this.#tree;
    const isBelow = (a: number, b: number): boolean => a >= b && a < (subtreeEnd[b] ?? 0);
    return isBelow(other, this.#node) || isBelow(this.#node, other);
  }

  /** A time that cannot be trusted must not decide; rows that stand for others have none of their own. */
  #counts(node: number): boolean {
    if (this.#tree.type[node] === nodeTypes.omission) return false;
    return ((this.#values[node] ?? 0) & marks.badTime) === 0;
  }

  #start(node: number): number {
    return this.#times.start[node] ?? 0;
  }

  #end(node: number): number {
    return this.#times.end[node] ?? 0;
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
