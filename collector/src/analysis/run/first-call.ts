import type { RunNode } from '../tree/run-tree.ts';
import type { Subtrees } from '../tree/subtrees.ts';

/** The first of the calls at or below a node; a search a question. */
export function createFirstCallUnder(
  { from, until }: Subtrees,
  calls: readonly RunNode[],
): (node: RunNode) => RunNode | null {
  const position = (node: RunNode): number => from[node.at] ?? 0;
  const inOrder = calls.toSorted((a, b) => position(a) - position(b));
  return (node) => {
    const start = position(node);
    let [low, high] = [0, inOrder.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const call = inOrder[middle];
      if (call !== undefined && position(call) < start) low = middle + 1;
      else high = middle;
    }
    const found = inOrder[low];
    return found !== undefined && position(found) < (until[node.at] ?? 0) ? found : null;
  };
}
