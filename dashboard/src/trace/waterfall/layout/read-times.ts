/** When spans started and ended, as far as their clocks can be trusted. */
import type { TraceSkeleton } from 'orchescope/contract';
import type { Tree } from './build-tree.ts';
import { floatsByNode } from './by-node.ts';
import type { Times } from './measure.ts';
import { marks, nodeTypes } from './trace-layout.ts';

const nsPerMs = 1_000_000n;
/** A span without an end is drawn up to now, unless nothing was heard for this long and for as long as it all took. */
const quietNs = 600e9;

export function runningEnd(skeleton: TraceSkeleton, nowMs: number): number {
  const startNs = BigInt(skeleton.startTimeUnixNano);
  const lastNs = Number(BigInt(skeleton.endTimeUnixNano) - startNs);
  const nowNs = Number(BigInt(Math.round(nowMs)) * nsPerMs - startNs);
  return nowNs - lastNs > Math.max(quietNs, lastNs) ? lastNs : Math.max(nowNs, lastNs);
}

export function readTimes({ columns }: TraceSkeleton, tree: Tree, nowNs: number): Times {
  const start = floatsByNode(tree.row, (row) => columns.start[row] ?? 0);
  const end = floatsByNode(tree.row, (row, node) => {
    const from = start[node] ?? 0;
    const duration = columns.duration[row] ?? 0;
    return duration < 0 ? Math.max(from, nowNs) : from + duration;
  });
  for (let node = tree.count - 1; node >= 0; node -= 1) {
    if (tree.type[node] !== nodeTypes.span) coverOthers(tree, node, { start, end });
  }
  return { start, end };
}

/** A row that stands for others is as long as what it holds, or as the parent they were left out of. */
function coverOthers(tree: Tree, node: number, { start, end }: Times): void {
  const p = tree.parent[node] ?? -1;
  if (tree.type[node] === nodeTypes.omission && p >= 0) {
    start[node] = start[p] ?? 0;
    end[node] = end[p] ?? 0;
    return;
  }
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  const isOrphans = tree.type[node] === nodeTypes.orphans;
  const stop = isOrphans ? (tree.subtreeEnd[node] ?? 0) : tree.count;
  for (let other = isOrphans ? node + 1 : 0; other < stop; other += 1) {
    if (tree.type[other] !== nodeTypes.span) continue;
    from = Math.min(from, start[other] ?? 0);
    to = Math.max(to, end[other] ?? 0);
  }
  start[node] = Number.isFinite(from) ? from : 0;
  end[node] = Number.isFinite(to) ? to : 0;
}

export function markSkew(tree: Tree, { start }: Times, values: Uint16Array): void {
  for (let node = 0; node < tree.count; node += 1) {
    const p = tree.parent[node] ?? -1;
    if (p < 0 || ((values[node] ?? 0) & marks.badTime) !== 0) continue;
    const isBefore = (start[node] ?? 0) < (start[p] ?? 0) && tree.type[p] === nodeTypes.span;
    if (isBefore && ((values[p] ?? 0) & marks.badTime) === 0) {
      values[node] = (values[node] ?? 0) | marks.skew;
    }
  }
}

export function readExtent(
  tree: Tree,
  { start, end }: Times,
  values: Uint16Array,
): { start: number; end: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let node = 0; node < tree.count; node += 1) {
    if (tree.type[node] !== nodeTypes.span) continue;
    if (((values[node] ?? 0) & marks.badTime) !== 0) continue;
    from = Math.min(from, start[node] ?? 0);
    to = Math.max(to, end[node] ?? 0);
  }
  if (!Number.isFinite(from)) return { start: 0, end: 1 };
  // A trace of one instant still needs a window to be drawn in.
  return { start: from, end: to > from ? to : from + 1 };
}
