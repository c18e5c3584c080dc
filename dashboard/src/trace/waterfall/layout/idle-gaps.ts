/**
 * Stretches in which no leaf span worked. Waiting (a queue, a backoff, a person) is not work, however long its span.
 * A gap is worth a band when it is longer than 2 % of what would be left to draw and than ten median leaf spans.
 */
import type { Tree } from './build-tree.ts';
import { percentile } from './measure.ts';
import type { Times } from './measure.ts';
import { marks, nodeTypes } from './trace-layout.ts';
import type { IdleGaps } from './trace-layout.ts';

const shareOfWindow = 0.02;
const medianLeaves = 10;
/** Each round measures against what the round before left over. */
const rounds = 3;

type Interval = { readonly start: number; readonly end: number };

export function findIdleGaps(
  tree: Tree,
  times: Times,
  values: Uint16Array,
  extent: Interval,
): IdleGaps {
  const leaves = workingLeaves(tree, values);
  const gaps = gapsBetween(leaves, times, extent);
  const leafLimit = medianLeaves * medianDuration(leaves, times);
  let chosen: Interval[] = [];
  let idle = 0;
  for (let round = 0; round < rounds; round += 1) {
    const limit = Math.max(shareOfWindow * (extent.end - extent.start - idle), leafLimit);
    chosen = gaps.filter((gap) => gap.end - gap.start > limit);
    idle = chosen.reduce((sum, gap) => sum + gap.end - gap.start, 0);
  }
  return {
    start: Float64Array.from(chosen, (gap) => gap.start),
    end: Float64Array.from(chosen, (gap) => gap.end),
    totalNs: idle,
  };
}

/** In order of start. */
function workingLeaves(tree: Tree, values: Uint16Array): number[] {
  const leaves: number[] = [];
  for (const row of tree.order) {
    const node = tree.nodeOfRow[row] ?? 0;
    const isLeaf = tree.subtreeEnd[node] === node + 1 && tree.type[node] === nodeTypes.span;
    if (isLeaf && ((values[node] ?? 0) & (marks.wait | marks.badTime)) === 0) leaves.push(node);
  }
  return leaves;
}

function gapsBetween(
  leaves: readonly number[],
  { start, end }: Times,
  extent: Interval,
): Interval[] {
  const gaps: Interval[] = [];
  let busyTo = extent.start;
  for (const leaf of leaves) {
    const from = start[leaf] ?? 0;
    if (from > busyTo) gaps.push({ start: busyTo, end: from });
    busyTo = Math.max(busyTo, end[leaf] ?? 0);
  }
  if (extent.end > busyTo && leaves.length > 0) gaps.push({ start: busyTo, end: extent.end });
  return gaps;
}

function medianDuration(leaves: readonly number[], { start, end }: Times): number {
  const durations = new Float64Array(leaves.length);
  for (const [i, leaf] of leaves.entries()) durations[i] = (end[leaf] ?? 0) - (start[leaf] ?? 0);
  return percentile(durations.sort(), 0.5);
}
