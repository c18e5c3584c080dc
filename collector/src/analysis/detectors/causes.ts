/** Which error led to which: the way of a failure from a leaf up to what it took down. */
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { hasFailed } from './siblings.ts';

/** The child whose error a failed span passes on, for every span that passes one on. */
export function toCauses(tree: RunTree): ReadonlyMap<RunNode, RunNode> {
  const causes = new Map<RunNode, RunNode>();
  for (const node of tree.nodes) {
    if (!hasFailed(node)) continue;
    const cause = causeOf(node);
    if (cause !== null) causes.set(node, cause);
  }
  return causes;
}

/** From the span down to where the error came from, itself first. */
export function wayDown(node: RunNode, causes: ReadonlyMap<RunNode, RunNode>): readonly RunNode[] {
  const way = [node];
  for (let at = causes.get(node); at !== undefined; at = causes.get(at)) way.push(at);
  return way;
}

/**
 * The failed child that ended last and whose error is the same, in type or in words. Another error is the cause only if
 * nothing came after it: what is tried, caught and gone on from is over.
 */
function causeOf(node: RunNode): RunNode | null {
  let last: RunNode | null = null;
  let cause: RunNode | null = null;
  for (const child of node.children) {
    if (last === null || child.endNs >= last.endNs) last = child;
    if (!hasFailed(child) || !isSameError(child, node)) continue;
    if (cause === null || child.endNs >= cause.endNs) cause = child;
  }
  if (cause !== null) return cause;
  return last !== null && hasFailed(last) ? last : null;
}

function isSameError({ span: below }: RunNode, { span: above }: RunNode): boolean {
  if (below.errorType !== '' && below.errorType === above.errorType) return true;
  const [short, long] = [below.statusMessage, above.statusMessage];
  return short !== '' && long !== '' && (long.includes(short) || short.includes(long));
}
