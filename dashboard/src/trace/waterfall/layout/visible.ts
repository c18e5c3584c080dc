/** Which rows the list shows. An entry >= 0 is a node; below 0 it is a fold, `foldOf(entry)`. */
import { foldTypes, marks } from './trace-layout.ts';
import type { TraceLayout } from './trace-layout.ts';

export type Openness = {
  /** 1 = what is below the node is out of sight. */
  readonly collapsed: Uint8Array;
  /** 1 = the members of the fold are listed. */
  readonly openFolds: Uint8Array;
  /** When given, only nodes with 1 are listed; it must hold the ancestors of all it holds. Folds are then left out. */
  readonly keep: Uint8Array | null;
};

export function foldOf(entry: number): number {
  return -entry - 1;
}

export function foldEntry(fold: number): number {
  return -fold - 1;
}

export function listVisible(layout: TraceLayout, openness: Openness): Int32Array {
  const { subtreeEnd, folds, count } = layout;
  const { collapsed, openFolds, keep } = openness;
  const entries = new Int32Array(count + folds.count);
  let size = 0;
  let node = 0;
  while (node < count) {
    const next = subtreeEnd[node] ?? count;
    const fold = keep === null ? (folds.ofNode[node] ?? -1) : -1;
    if (fold >= 0 && folds.first[fold] === node) {
      entries[size] = foldEntry(fold);
      size += 1;
    }
    const isHidden =
      keep === null
        ? fold >= 0 && openFolds[fold] === 0 && !stays(layout, fold, node)
        : keep[node] === 0;
    if (isHidden) {
      node = next;
      continue;
    }
    entries[size] = node;
    size += 1;
    node = collapsed[node] === 1 ? next : node + 1;
  }
  return entries.slice(0, size);
}

/** A failure is never folded away; failed attempts are drawn as segments of their fold's own row. */
function stays({ folds, marks: values }: TraceLayout, fold: number, node: number): boolean {
  return folds.type[fold] !== foldTypes.attempts && ((values[node] ?? 0) & marks.errorWithin) !== 0;
}

/** Opens whatever hides `node`. Changes the arrays; says whether anything changed. */
export function reveal(layout: TraceLayout, openness: Openness, node: number): boolean {
  let changed = false;
  for (let at = node; at >= 0; at = layout.parent[at] ?? -1) {
    const fold = layout.folds.ofNode[at] ?? -1;
    if (fold >= 0 && openness.openFolds[fold] === 0 && !stays(layout, fold, at)) {
      openness.openFolds[fold] = 1;
      changed = true;
    }
    if (at !== node && openness.collapsed[at] === 1) {
      openness.collapsed[at] = 0;
      changed = true;
    }
  }
  return changed;
}

/** `matches` and all their ancestors. */
export function withAncestors(layout: TraceLayout, matches: Uint8Array): Uint8Array {
  const keep = matches.slice();
  for (let node = layout.count - 1; node >= 0; node -= 1) {
    const p = layout.parent[node] ?? -1;
    if (keep[node] === 1 && p >= 0) keep[p] = 1;
  }
  return keep;
}

/** Collapses every node with children from `depth` down; the rest is open. */
export function collapseFrom(layout: TraceLayout, depth: number): Uint8Array {
  return Uint8Array.from(layout.depth, (own, node) =>
    own >= depth && (layout.subtreeEnd[node] ?? 0) > node + 1 ? 1 : 0,
  );
}
