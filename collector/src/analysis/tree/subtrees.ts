import type { RunNode, RunTree } from './run-tree.ts';

/** Where each node and all below it stand when every node is followed by all that is below it. */
export type Subtrees = {
  /** Parents before children. */
  readonly topDown: readonly RunNode[];
  /** By place of the node: the subtree is `topDown` from `from[at]` up to `until[at]`, which is not in it. */
  readonly from: Int32Array;
  readonly until: Int32Array;
};

export function toSubtrees(tree: RunTree): Subtrees {
  const topDown: RunNode[] = [];
  const from = new Int32Array(tree.nodes.length);
  const until = new Int32Array(tree.nodes.length);
  // The earliest is on top, so siblings come in order of start time.
  const open = tree.roots.toReversed();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    from[node.at] = topDown.length;
    topDown.push(node);
    for (let i = node.children.length - 1; i >= 0; i -= 1) {
      const child = node.children[i];
      if (child !== undefined) open.push(child);
    }
  }
  for (const node of topDown.toReversed()) {
    const last = node.children.at(-1);
    until[node.at] = last === undefined ? (from[node.at] ?? 0) + 1 : (until[last.at] ?? 0);
  }
  return { topDown, from, until };
}
