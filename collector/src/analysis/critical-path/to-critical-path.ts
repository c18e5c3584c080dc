/** Where the time of a run went, and what the part that mattered cost. */
import type { CriticalPath, CriticalShare } from '../../run.ts';
import { spanFlags } from '../../span.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { findSlack } from './find-slack.ts';
import { walkPath, type PathStretch } from './walk-path.ts';

export function toCriticalPath(tree: RunTree, modelCalls: readonly RunNode[]): CriticalPath {
  const stretches = walkPath(tree);
  const onPath = new Set(stretches.map(({ node }) => node));
  const paid = modelCalls.filter((call) => onPath.has(call));
  return {
    shares: toShares(stretches, paid),
    costOnPathTrillionths: paid.reduce((sum, call) => sum + (call.span.costTrillionths ?? 0n), 0n),
    slack: findSlack(tree),
  };
}

type MutableShare = { -readonly [K in keyof CriticalShare]: CriticalShare[K] };

/** Longest first. */
function toShares(stretches: readonly PathStretch[], paid: readonly RunNode[]): CriticalShare[] {
  const shares = new Map<string, MutableShare>();
  const shareOf = (node: RunNode | null): MutableShare => {
    const [kind, agent] = [kindOf(node), node?.agent ?? ''];
    const known = shares.get(`${kind} ${agent}`);
    if (known !== undefined) return known;
    const share = { kind, agent, ns: 0, costTrillionths: 0n };
    shares.set(`${kind} ${agent}`, share);
    return share;
  };
  for (const { node, fromNs, toNs } of stretches) shareOf(node).ns += toNs - fromNs;
  for (const call of paid) shareOf(call).costTrillionths += call.span.costTrillionths ?? 0n;
  return [...shares.values()].sort(
    (a, b) => b.ns - a.ns || compare(a.kind, b.kind) || compare(a.agent, b.agent),
  );
}

function kindOf(node: RunNode | null): string {
  if (node === null || (node.span.flags & spanFlags.wait) !== 0) return 'waiting';
  return node.span.kind;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
