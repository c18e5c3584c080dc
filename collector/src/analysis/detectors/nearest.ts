import type { RunNode } from '../tree/run-tree.ts';

/**
 * The nearest span above a node that is wanted, null when there is none. What was found is remembered for every span on
 * the way, so that all spans of a run that is one deep chain are asked in linear time.
 */
export function createNearest(
  isWanted: (node: RunNode) => boolean,
): (node: RunNode) => RunNode | null {
  const known = new Map<RunNode, RunNode | null>();
  return (node) => {
    const path: RunNode[] = [];
    let at = node;
    let found: RunNode | null = null;
    for (;;) {
      const told = known.get(at);
      if (told !== undefined) {
        found = told;
        break;
      }
      path.push(at);
      if (at.parent === null) break;
      at = at.parent;
      if (isWanted(at)) {
        found = at;
        break;
      }
    }
    for (const walked of path) known.set(walked, found);
    return found;
  };
}
