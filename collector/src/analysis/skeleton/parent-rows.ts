/** Who hangs under whom, by row number. */
import { createIdTable, isEmptyId } from './id-table.ts';

/** The span names no parent. */
export const noParent = -1;
/** A parent was named, but was not received, or the chain of parents runs in a circle and was cut here. */
export const lostParent = -2;

export type ParentRows = {
  readonly parent: Int32Array;
  readonly roots: number;
  readonly orphans: number;
  /** Spans that were their own ancestor. */
  readonly cycles: number;
};

export function toParentRows(spanIds: Uint32Array, parentSpanIds: Uint32Array): ParentRows {
  const table = createIdTable(spanIds);
  const parent = new Int32Array(spanIds.length / 4);
  for (let row = 0; row < parent.length; row += 1) table.set(row);
  let roots = 0;
  let orphans = 0;
  for (let row = 0; row < parent.length; row += 1) {
    const found = table.find(parentSpanIds, row);
    const isRoot = isEmptyId(parentSpanIds, row);
    parent[row] = isRoot ? noParent : found < 0 ? lostParent : found;
    if (isRoot) roots += 1;
    else if (found < 0) orphans += 1;
  }
  return { parent, roots, orphans, cycles: cutCycles(parent) };
}

/** Walks up from each span once; a span met again on the same walk closes a circle, and all of it is cut loose. */
function cutCycles(parent: Int32Array): number {
  const walkOf = new Int32Array(parent.length).fill(-1);
  let cut = 0;
  for (let start = 0; start < parent.length; start += 1) {
    let row = start;
    while (row >= 0 && walkOf[row] === -1) {
      walkOf[row] = start;
      row = parent[row] ?? noParent;
    }
    if (row >= 0 && walkOf[row] === start) cut += cutCycle(parent, row);
  }
  return cut;
}

function cutCycle(parent: Int32Array, first: number): number {
  let row = first;
  let cut = 0;
  do {
    const next = parent[row] ?? noParent;
    parent[row] = lostParent;
    cut += 1;
    row = next;
  } while (row !== first);
  return cut;
}
