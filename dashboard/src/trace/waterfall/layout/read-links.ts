/** Links and events of the skeleton, by node. */
import type { TraceSkeleton } from 'orchescope/contract';
import type { Tree } from './build-tree.ts';
import type { TraceLayout } from './trace-layout.ts';

type Links = { readonly causes: Map<number, number[]>; readonly target: Int32Array };

/** Which end of a link came first is told by time: senders write handoff links in both directions. */
export function readLinks({ links, columns, strings }: TraceSkeleton, tree: Tree): Links {
  const causes = new Map<number, number[]>();
  const target = new Int32Array(tree.count).fill(-1);
  for (const [i, fromRow] of links.from.entries()) {
    const toRow = links.to[i] ?? -1;
    const from = tree.nodeOfRow[fromRow];
    const to = tree.nodeOfRow[toRow];
    if (from === undefined || to === undefined || from === to) continue;
    const isForward = (columns.start[fromRow] ?? 0) < (columns.start[toRow] ?? 0);
    const [cause, effect] = isForward ? [from, to] : [to, from];
    if (target[cause] === -1) target[cause] = effect;
    if (strings[links.rel[i] ?? -1] === 'projects') continue;
    const known = causes.get(effect);
    if (known === undefined) causes.set(effect, [cause]);
    else known.push(cause);
  }
  return { causes, target };
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
