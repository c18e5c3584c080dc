import { groupsOf, groupTries, type Tries } from '../detectors/retry-layers.ts';
import { hasFailed } from '../detectors/siblings.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';

/** Tries that failed and were made again: whatever they cost, the next one paid it once more. */
export function toFailedTries(
  tree: RunTree,
  tries: ReadonlyMap<RunNode, Tries>,
): readonly RunNode[] {
  const failed: RunNode[] = [];
  const add = (group: readonly RunNode[]): void => {
    if (group.length < 2) return;
    for (const node of group.slice(0, -1)) if (hasFailed(node)) failed.push(node);
  };
  for (const group of groupTries(tree.roots)) add(group);
  for (const [node, { leaf }] of tries) {
    // Where nothing below was tried twice there is nothing to look for.
    if (leaf > 1 && node.children.length > 1) for (const group of groupsOf(node)) add(group);
  }
  return failed;
}
