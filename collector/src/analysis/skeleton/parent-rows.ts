/** Who hangs under whom, by row number. */

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

export function toParentRows(
  spanIds: readonly string[],
  parentSpanIds: readonly string[],
): ParentRows {
  const rows = new Map<string, number>();
  for (let row = 0; row < spanIds.length; row += 1) rows.set(spanIds[row] ?? '', row);
  const parent = new Int32Array(spanIds.length);
  let roots = 0;
  let orphans = 0;
  for (let row = 0; row < spanIds.length; row += 1) {
    const name = parentSpanIds[row] ?? '';
    const found = name === '' ? noParent : (rows.get(name) ?? lostParent);
    parent[row] = found;
    if (found === noParent) roots += 1;
    if (found === lostParent) orphans += 1;
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
