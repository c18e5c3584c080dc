/** Links and events of the skeleton, by node. */
import type { TraceSkeleton } from 'orchescope/contract';
import type { Tree } from './build-tree.ts';
import type { TraceLayout } from './trace-layout.ts';

/** By node, the first span it led to; -1 = none. */
export function readTargets({ links, columns }: TraceSkeleton, tree: Tree): Int32Array {
  const target = new Int32Array(tree.count).fill(-1);
  for (const [i, fromRow] of links.from.entries()) {
    const toRow = links.to[i] ?? -1;
    const from = tree.nodeOfRow[fromRow];
    const to = tree.nodeOfRow[toRow];
    if (from === undefined || to === undefined || from === to) continue;
    // Which end of a link came first is told by time: senders write handoff links in both directions.
    const isForward = (columns.start[fromRow] ?? 0) < (columns.start[toRow] ?? 0);
    const [cause, effect] = isForward ? [from, to] : [to, from];
    if (target[cause] === -1) target[cause] = effect;
  }
  return target;
}

export function readEvents({ events }: TraceSkeleton, tree: Tree): TraceLayout['events'] {
  const marksByNode = events.row
    .map((row, i) => ({
      node: tree.nodeOfRow[row] ?? -1,
      time: events.time[i] ?? 0,
      name: events.name[i] ?? -1,
    }))
    .filter(({ node }) => node >= 0)
    .sort((a, b) => a.node - b.node || a.time - b.time);
  return {
    node: Int32Array.from(marksByNode, ({ node }) => node),
    time: Float64Array.from(marksByNode, ({ time }) => time),
    name: Int32Array.from(marksByNode, ({ name }) => name),
  };
}
