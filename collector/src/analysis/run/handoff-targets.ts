import type { SpanKind } from '../../span.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import type { Subtrees } from '../tree/subtrees.ts';
import { nameAgent } from './agent-calls.ts';
import { createFirstCallUnder } from './first-call.ts';

/**
 * The span that took over: the one that links to the handoff, else the next agent of that name, else the next step of
 * that name. Each is taken over once, by the last handoff before it.
 */
export function matchTargets(
  tree: RunTree,
  subtrees: Subtrees,
  handoffs: readonly RunNode[],
): Map<RunNode, RunNode> {
  const targets = new Map<RunNode, RunNode>();
  const agents = tree.nodes.filter(({ span }) => span.kind === 'agent');
  const agentUnder = createFirstCallUnder(subtrees, agents);
  for (const handoff of handoffs) {
    const linked = tree.linkedFrom(handoff).find(({ node }) => places.has(node.span.kind));
    if (linked !== undefined) targets.set(handoff, agentUnder(linked.node) ?? linked.node);
  }
  matchNames(handoffs, agents, nameAgent, targets);
  const steps = tree.nodes.filter(({ span }) => span.kind === 'step' || span.kind === 'workflow');
  matchNames(handoffs, steps, ({ span }) => span.name.replace(/^step /, ''), targets);
  return targets;
}

const places: ReadonlySet<SpanKind> = new Set(['agent', 'step', 'workflow', 'turn', 'queue']);

function matchNames(
  handoffs: readonly RunNode[],
  candidates: readonly RunNode[],
  nameOf: (node: RunNode) => string,
  targets: Map<RunNode, RunNode>,
): void {
  const waiting = new Map<string, RunNode[]>();
  const open = handoffs.filter((node) => !targets.has(node) && node.span.handoffTo !== '');
  for (const node of open) waiting.set(toPlain(node.span.handoffTo), []);
  let next = 0;
  for (const candidate of candidates) {
    for (; next < open.length; next += 1) {
      const handoff = open[next];
      if (handoff === undefined || handoff.span.startNs > candidate.span.startNs) break;
      waiting.get(toPlain(handoff.span.handoffTo))?.push(handoff);
    }
    const handoff = waiting.get(toPlain(nameOf(candidate)))?.pop();
    if (handoff !== undefined) targets.set(handoff, candidate);
  }
}

/** `transfer_to_billing_desk` hands over to `Billing desk`. */
function toPlain(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '_');
}
