/** Handoffs that took place, in order, and what was done between them. */
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import type { DetectorInput } from './detector.ts';
import { hasFailed, isOfKind } from './siblings.ts';

export type Hop = { readonly node: RunNode; readonly from: string; readonly to: string };

/** From one agent to another, whatever became of the other. */
export function toHops({ tree, run }: DetectorInput): readonly Hop[] {
  const hops: Hop[] = [];
  for (const { traceId, spanId, from, to, outcome } of run.handoffs) {
    const node = tree.find(traceId, spanId);
    if (node === null || outcome === 'refused' || hasFailed(node)) continue;
    if (from === '' || to === '' || from === to) continue;
    const before = hops.at(-1);
    const isToldTwice = before?.from === from && before.to === to;
    if (isToldTwice && node.span.startNs < before.node.endNs) continue;
    hops.push({ node, from, to });
  }
  return hops;
}

/** There and back so often is a loop, and told as that. */
export const loopPeriods = 3;

/** Without those that two agents sent back and forth until it was a loop. */
export function withoutLoops(hops: readonly Hop[]): readonly Hop[] {
  const volleys: Hop[][] = [];
  for (const hop of hops) {
    const before = volleys.at(-1)?.at(-1);
    if (before?.from === hop.to && before.to === hop.from) volleys.at(-1)?.push(hop);
    else volleys.push([hop]);
  }
  return volleys.filter(({ length }) => length < 2 * loopPeriods).flat();
}

/** Tools by which frameworks hand over: calling them is no work. */
const handingTool = /^(?:transfer|hand_?off|delegate|route)(?:_|[A-Z]|$)/;

/** A call of a tool, or an answer longer than a few words. An answer of which nothing is known may be long. */
function isWork(node: RunNode, workTokens: number): boolean {
  if (hasFailed(node)) return false;
  if (isOfKind(node, 'llm')) return (node.span.outputTokens ?? workTokens) >= workTokens;
  if (isOfKind(node, 'tool', 'mcp')) return !handingTool.test(node.span.toolName || node.span.name);
  return isOfKind(node, 'retrieval', 'embedding', 'rerank');
}

export type Between = {
  /** Whether somebody did some work after the one began and before the other did. */
  readonly isWork: (from: RunNode, to: RunNode) => boolean;
  /** Models that were asked in that time. */
  readonly modelCalls: (from: RunNode, to: RunNode) => readonly RunNode[];
};

export function createBetween({ nodes }: RunTree, workTokens: number): Between {
  const work = nodes.filter((node) => isWork(node, workTokens));
  const calls = nodes.filter((node) => isOfKind(node, 'llm'));
  return {
    isWork: (from, to) => (work[firstFrom(work, from)]?.at ?? Infinity) < to.at,
    modelCalls: (from, to) => calls.slice(firstFrom(calls, from), firstFrom(calls, to)),
  };
}

/** Index of the first that began after the node. Places go by start time. */
function firstFrom(nodes: readonly RunNode[], { at }: RunNode): number {
  let [low, high] = [0, nodes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((nodes[middle]?.at ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
