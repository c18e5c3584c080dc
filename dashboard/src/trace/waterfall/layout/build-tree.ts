/**
 * Rows with parent numbers -> nodes in preorder. Whatever the numbers say, every row becomes exactly one node:
 * circles are cut at their earliest row, unknown parents go below one made-up row. No recursion: a trace may be a
 * chain of 100,000 spans.
 */
import { nodeTypes } from './trace-layout.ts';

export type Tree = {
  readonly count: number;
  readonly row: Int32Array;
  readonly type: Uint8Array;
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  readonly subtreeEnd: Int32Array;
  readonly nodeOfRow: Int32Array;
  /** Index into `omittedParents`, by node; -1 elsewhere. */
  readonly omission: Int32Array;
  /** Rows at which a circle was cut. */
  readonly cutRows: ReadonlySet<number>;
  /** Rows in order of start time. */
  readonly order: Int32Array;
};

const root = -1;
const orphan = -2;

export function buildTree(
  parents: readonly number[],
  starts: readonly number[],
  omittedParents: readonly number[] = [],
): Tree {
  const rows = parents.length;
  const order = startOrder(starts, rows);
  const parent = knownParents(parents);
  const cutRows = cutCycles(parent, order);
  const hasOrphans = parent.includes(orphan);
  const ids = rows + (hasOrphans ? 1 : 0) + omittedParents.length;
  const parentOfId = new Int32Array(ids).fill(root);
  for (let row = 0; row < rows; row += 1) {
    const p = parent[row] ?? root;
    parentOfId[row] = p === orphan ? rows : p;
  }
  const firstOmission = ids - omittedParents.length;
  for (const [index, p] of omittedParents.entries()) {
    parentOfId[firstOmission + index] = p >= 0 && p < rows ? p : root;
  }
  const children = childLists(parentOfId, order, ids);
  return walk(children, { ids, rows, firstOmission, parentOfId, cutRows, order });
}

/** Rows come sorted; when they do not, this sorts them. */
function startOrder(starts: readonly number[], rows: number): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  for (let row = 1; row < rows; row += 1) {
    if (at(starts, row) < at(starts, row - 1)) {
      return order.sort((a, b) => at(starts, a) - at(starts, b) || a - b);
    }
  }
  return order;
}

function knownParents(parents: readonly number[]): Int32Array {
  const rows = parents.length;
  const known = new Int32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const p = parents[row];
    known[row] =
      p === root || (p !== undefined && Number.isInteger(p) && p >= 0 && p < rows) ? p : orphan;
  }
  return known;
}

/** Walks up from every row once; a walk that meets itself has found a circle. Changes `parent`. */
function cutCycles(parent: Int32Array, order: Int32Array): ReadonlySet<number> {
  const cut = new Set<number>();
  const walkOf = new Int32Array(parent.length);
  for (const [walkIndex, first] of order.entries()) {
    const mark = walkIndex + 1;
    let row = first;
    while (row >= 0 && walkOf[row] === 0) {
      walkOf[row] = mark;
      row = parent[row] ?? root;
    }
    // Rows are tried by start time, so `first` is the earliest of a circle it lies on.
    if (row >= 0 && walkOf[row] === mark) {
      parent[row] = root;
      cut.add(row);
    }
  }
  return cut;
}

type ChildLists = { readonly first: Int32Array; readonly list: Int32Array };

/** Children of id `i` are `list[first[i + 1]] .. list[first[i + 2]]`; the top level is id -1. In start order. */
function childLists(parentOfId: Int32Array, order: Int32Array, ids: number): ChildLists {
  const first = new Int32Array(ids + 2);
  for (const p of parentOfId) first[p + 2] = (first[p + 2] ?? 0) + 1;
  for (let i = 1; i < first.length; i += 1) first[i] = (first[i] ?? 0) + (first[i - 1] ?? 0);
  const next = first.slice();
  const list = new Int32Array(ids);
  const put = (id: number): void => {
    const slot = (parentOfId[id] ?? root) + 1;
    const position = next[slot] ?? 0;
    list[position] = id;
    next[slot] = position + 1;
  };
  for (const row of order) put(row);
  for (let id = order.length; id < ids; id += 1) put(id);
  return { first, list };
}

type Ids = {
  readonly ids: number;
  readonly rows: number;
  readonly firstOmission: number;
  readonly parentOfId: Int32Array;
  readonly cutRows: ReadonlySet<number>;
  readonly order: Int32Array;
};

function walk({ first, list }: ChildLists, known: Ids): Tree {
  const { ids, rows, firstOmission, parentOfId } = known;
  const row = new Int32Array(ids);
  const type = new Uint8Array(ids);
  const parent = new Int32Array(ids);
  const depth = new Int32Array(ids);
  const omission = new Int32Array(ids).fill(-1);
  const nodeOfId = new Int32Array(ids);
  const stack = new Int32Array(ids);
  let height = 0;
  const push = (id: number): void => {
    for (let i = (first[id + 2] ?? 0) - 1; i >= (first[id + 1] ?? 0); i -= 1) {
      stack[height] = list[i] ?? 0;
      height += 1;
    }
  };
  push(root);
  for (let node = 0; height > 0; node += 1) {
    height -= 1;
    const id = stack[height] ?? 0;
    const parentId = parentOfId[id] ?? root;
    nodeOfId[id] = node;
    parent[node] = parentId === root ? root : (nodeOfId[parentId] ?? root);
    depth[node] = parentId === root ? 0 : (depth[nodeOfId[parentId] ?? 0] ?? 0) + 1;
    row[node] = id < rows ? id : -1;
    if (id >= firstOmission) omission[node] = id - firstOmission;
    type[node] =
      id < rows ? nodeTypes.span : id < firstOmission ? nodeTypes.orphans : nodeTypes.omission;
    push(id);
  }
  const subtreeEnd = subtreeEnds(parent);
  const nodeOfRow = nodeOfId.slice(0, rows);
  const { cutRows, order } = known;
  return { count: ids, row, type, parent, depth, subtreeEnd, nodeOfRow, omission, cutRows, order };
}

function subtreeEnds(parent: Int32Array): Int32Array {
  const end = new Int32Array(parent.length);
  for (let node = parent.length - 1; node >= 0; node -= 1) {
    const own = Math.max(end[node] ?? 0, node + 1);
    end[node] = own;
    const p = parent[node] ?? root;
    if (p >= 0) end[p] = Math.max(end[p] ?? 0, own);
  }
  return end;
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}
