/**
 * The keys of a span, in order and each with the type of its value, are its shape. A sender has few: they are the
 * paths of this tree, so that a shape is found by following the path that was followed last.
 */
import { isUtf8 } from 'node:buffer';
import type { TextTable } from '../../store/native/text-table.ts';

/** Types of values as the wire tells them; what is empty is apart, since rules pass over it. */
export const valueTypes = {
  text: 0,
  emptyText: 1,
  /** Within 2^53 of zero. */
  int: 2,
  double: 3,
  bool: 4,
  nothing: 5,
  /** An array, a map, bytes or an int beyond 2^53: read by the general readers. */
  other: 6,
} as const;

const typeBits = 3;

/** Senders may make up shapes without end: beyond it they go the general way until the tree is begun anew. */
const maxNodes = 65_536;
/** How many of its neighbours are looked at before a key is asked of the table. */
const maxGuesses = 6;
const maxChildren = 256;

export class ShapeTree {
  /** The shape without keys. */
  static readonly root = 1;
  /** The same for events, which have other keys. */
  static readonly eventRoot = 2;
  /** No shape: the tree is full. */
  static readonly none = 0;
  private size = 3;
  /** `key << typeBits | type`: what leads to the node. */
  private readonly edges = new Int32Array(maxNodes);
  private readonly parents = new Int32Array(maxNodes);
  private readonly firstChild = new Int32Array(maxNodes);
  private readonly nextSibling = new Int32Array(maxNodes);
  private readonly lastTaken = new Int32Array(maxNodes);
  private readonly children = new Uint16Array(maxNodes);
  private readonly table: TextTable;
  isFull = false;

  constructor(table: TextTable) {
    this.table = table;
  }

  /** The number of the key, -1 when it is no UTF-8: most often the one that followed last time, which is only compared. */
  keyAfter(node: number, bytes: Buffer, view: DataView, start: number, end: number): number {
    const guess = this.lastTaken[node] ?? 0;
    if (guess !== 0) {
      const key = (this.edges[guess] ?? 0) >> typeBits;
      if (this.table.isInView(key, view, start, end)) return key;
    }
    return this.otherKey(node, bytes, view, start, end);
  }

  private otherKey(
    node: number,
    bytes: Buffer,
    view: DataView,
    start: number,
    end: number,
  ): number {
    let child = this.firstChild[node] ?? 0;
    for (let guesses = 0; child !== 0 && guesses < maxGuesses; guesses += 1) {
      const key = (this.edges[child] ?? 0) >> typeBits;
      if (this.table.isInView(key, view, start, end)) return key;
      child = this.nextSibling[child] ?? 0;
    }
    return isUtf8(bytes.subarray(start, end)) ? this.table.numberOfBytes(bytes, start, end) : -1;
  }

  /** The node one key further; `none` when the tree is full. */
  child(node: number, key: number, type: number): number {
    const edge = (key << typeBits) | type;
    const guess = this.lastTaken[node] ?? 0;
    if (guess !== 0 && this.edges[guess] === edge) return guess;
    let child = this.firstChild[node] ?? 0;
    while (child !== 0 && this.edges[child] !== edge) child = this.nextSibling[child] ?? 0;
    const found = child === 0 ? this.add(node, edge) : child;
    if (found !== ShapeTree.none) this.lastTaken[node] = found;
    return found;
  }

  private add(node: number, edge: number): number {
    const siblings = this.children[node] ?? 0;
    if (this.size === maxNodes || siblings === maxChildren) {
      this.isFull = true;
      return ShapeTree.none;
    }
    const child = this.size++;
    this.edges[child] = edge;
    this.parents[child] = node;
    this.nextSibling[child] = this.firstChild[node] ?? 0;
    this.firstChild[node] = child;
    this.children[node] = siblings + 1;
    return child;
  }

  /** From the first key to the node's own. */
  pathTo(node: number): { readonly key: number; readonly type: number }[] {
    const path: { key: number; type: number }[] = [];
    for (let at = node; at > ShapeTree.eventRoot; at = this.parents[at] ?? 0) {
      const edge = this.edges[at] ?? 0;
      path.push({ key: edge >> typeBits, type: edge & ((1 << typeBits) - 1) });
    }
    return path.reverse();
  }
}
