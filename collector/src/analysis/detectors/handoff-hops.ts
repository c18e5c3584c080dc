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
    if (from === '' || to === '' || from === to || isHandedBack(node)) continue;
    const before = hops.at(-1);
    const isToldTwice = before?.from === from && before.to === to;
    if (isToldTwice && node.span.startNs < before.node.endNs) continue;
    hops.push({ node, from, to });
  }
  return hops;
}

/** Frameworks with a supervisor give the work back to it by themselves: nobody decided that. */
function isHandedBack({ span: { toolName, name } }: RunNode): boolean {
  return /(?:transfer|hand_?off|handing)[_ ]?back/i.test(`${toolName} ${name}`.slice(0, 400));
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
    isWork: (from, to) => {
      for (let at = firstFrom(work, from); (work[at]?.at ?? Infinity) < to.at; at += 1) {
        if (!isBystander(work[at], from, to)) return true;
      }
      return false;
    },
    modelCalls: (from, to) =>
      calls
        .slice(firstFrom(calls, from), firstFrom(calls, to))
        .filter((call) => !isBystander(call, from, to)),
  };
}

/** An agent that was at work beside the two before they handed over: what it does is not for them. */
function isBystander(node: RunNode | undefined, from: RunNode, to: RunNode): boolean {
  const by = node?.agentNode ?? null;
  if (by === null || by.agent === '' || by.at >= from.at) return false;
  const { handoffFrom, handoffTo } = from.span;
  if ([from.agent, to.agent, handoffFrom, handoffTo].includes(by.agent)) return false;
  return !isAbove(by, from);
}

/** Deeper than that nobody nests agents, and a hostile trace costs no more. */
const deepest = 100;

function isAbove(node: RunNode, below: RunNode): boolean {
  let at: RunNode | null = below;
  for (let depth = 0; at !== null && depth < deepest; depth += 1) {
    if (at === node) return true;
    at = at.parent;
  }
  return at !== null;
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
