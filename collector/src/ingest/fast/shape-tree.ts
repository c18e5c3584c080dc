/**
 * The keys of a span, in order and each with the type of its value, are its shape. A sender has few: they are the
 * paths of this tree, so that a shape is found by following the path that was followed last.
 */
import { isUtf8 } from 'node:buffer';
import { ByteBuffer } from '../../store/native/byte-buffer.ts';
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

export const typeBits = 3;

/** What is known of a node, in a row of `nodes`: neighbours in memory, since they are asked for together. */
export const nodeFields = {
  /** `key << typeBits | type`: what leads to the node. */
  edge: 0,
  /** The child that was taken last, 0 = none. */
  last: 1,
  keyStart: 2,
  keySize: 3,
  firstChild: 4,
  nextSibling: 5,
  parent: 6,
  childCount: 7,
} as const;
export const nodeWidth = 8;

/** Senders may make up shapes without end: beyond it they go the general way until the tree is begun anew. */
const maxNodes = 65_536;
/** How many of its neighbours are looked at before a key is asked of the table. */
const maxGuesses = 6;
const maxChildren = 256;

export class ShapeTree {
  /** The shape without keys. A node is the place of its row. */
  static readonly root = nodeWidth;
  /** The same for events, which have other keys. */
  static readonly eventRoot = 2 * nodeWidth;
  /** No shape: the tree is full. */
  static readonly none = 0;
  readonly nodes = new Int32Array(maxNodes * nodeWidth);
  /** Bytes of the keys of nodes. */
  readonly keys = new ByteBuffer(64 * 1024);
  isFull = false;
  private size = 3 * nodeWidth;
  private readonly table: TextTable;

  constructor(table: TextTable) {
    this.table = table;
  }

  /** The number of a key that is not the one that was met last at this place; -1 when it is no UTF-8. */
  otherKey(node: number, bytes: Buffer, view: DataView, start: number, end: number): number {
    const { nodes } = this;
    let child = nodes[node + nodeFields.firstChild] ?? 0;
    for (let guesses = 0; child !== 0 && guesses < maxGuesses; guesses += 1) {
      const key = (nodes[child + nodeFields.edge] ?? 0) >> typeBits;
      if (this.table.isInView(key, view, start, end)) return key;
      child = nodes[child + nodeFields.nextSibling] ?? 0;
    }
    return isUtf8(bytes.subarray(start, end))
      ? this.table.numberOfBytes(bytes, view, start, end)
      : -1;
  }

  /** The node one key further, which is not the one that was taken last; `none` when the tree is full. */
  otherChild(node: number, edge: number, bytes: Buffer, keyStart: number, keyEnd: number): number {
    const { nodes } = this;
    let child = nodes[node + nodeFields.firstChild] ?? 0;
    while (child !== 0 && nodes[child + nodeFields.edge] !== edge) {
      child = nodes[child + nodeFields.nextSibling] ?? 0;
    }
    const found = child === 0 ? this.add(node, edge, bytes, keyStart, keyEnd) : child;
    if (found !== ShapeTree.none) nodes[node + nodeFields.last] = found;
    return found;
  }

  private add(node: number, edge: number, bytes: Buffer, keyStart: number, keyEnd: number): number {
    const { nodes, keys } = this;
    const siblings = nodes[node + nodeFields.childCount] ?? 0;
    if (this.size === nodes.length || siblings === maxChildren) {
      this.isFull = true;
      return ShapeTree.none;
    }
    const child = this.size;
    this.size += nodeWidth;
    nodes[child + nodeFields.edge] = edge;
    nodes[child + nodeFields.parent] = node;
    nodes[child + nodeFields.keyStart] = keys.length;
    nodes[child + nodeFields.keySize] = keyEnd - keyStart;
    keys.copy(bytes, keyStart, keyEnd);
    nodes[child + nodeFields.nextSibling] = nodes[node + nodeFields.firstChild] ?? 0;
    nodes[node + nodeFields.firstChild] = child;
    nodes[node + nodeFields.childCount] = siblings + 1;
    return child;
  }

  /** From the first key to the node's own. */
  pathTo(node: number): { readonly key: number; readonly type: number }[] {
    const path: { key: number; type: number }[] = [];
    for (let at = node; at > ShapeTree.eventRoot; at = this.nodes[at + nodeFields.parent] ?? 0) {
      const edge = this.nodes[at + nodeFields.edge] ?? 0;
      path.push({ key: edge >> typeBits, type: edge & ((1 << typeBits) - 1) });
    }
    return path.reverse();
  }
}
