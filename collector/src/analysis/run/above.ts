import type { RunNode } from '../tree/run-tree.ts';

/**
 * By place: the nearest node above that is wanted, null where one that separates comes first. One pass, however deep
 * the tree. Nodes come parents first.
 */
export function toNearestAbove(
  topDown: readonly RunNode[],
  isWanted: (node: RunNode) => boolean,
  separates: (node: RunNode) => boolean,
): readonly (RunNode | null)[] {
  const above: (RunNode | null)[] = topDown.map(() => null);
  for (const { at, parent } of topDown) {
    if (parent === null) continue;
    if (isWanted(parent)) above[at] = parent;
    else if (!separates(parent)) above[at] = above[parent.at] ?? null;
  }
  return above;
}
