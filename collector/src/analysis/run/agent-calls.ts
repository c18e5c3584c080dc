import type { AgentCall } from '../../run.ts';
import type { SpanKind } from '../../span.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import type { Subtrees } from '../tree/subtrees.ts';
import { toNearestAbove } from './above.ts';
import { hasFailed, isCreation } from './span-facts.ts';

/** Something between two spans of one agent that makes the inner one a call of its own. */
const callers: ReadonlySet<SpanKind> = new Set([
  'workflow',
  'turn',
  'llm',
  'tool',
  'mcp',
  'handoff',
  'queue',
]);

/** An agent inside of itself, with nothing between that could have called it, is the same call told twice. */
export function toAgentCallNodes({ nodes }: RunTree, { topDown }: Subtrees): RunNode[] {
  const above = toNearestAbove(topDown, isCall, ({ span }) => callers.has(span.kind));
  const isToldAround = (node: RunNode): boolean => {
    const around = above[node.at] ?? null;
    return around !== null && nameAgent(around) === nameAgent(node);
  };
  return nodes.filter((node) => isCall(node) && !isToldAround(node));
}

function isCall({ span }: RunNode): boolean {
  return span.kind === 'agent' && !isCreation(span);
}

/** Frameworks that give no name say in the span's what was invoked. */
export function nameAgent({ span }: RunNode): string {
  return span.agentName || span.name.replace(/^invoke_agent /, '');
}

/** The agent that a span works for; empty outside of agents. */
export function agentOf({ agentNode, agent }: RunNode): string {
  return agentNode === null ? agent : nameAgent(agentNode);
}

export function toAgentCall(node: RunNode, baseUnixNano: bigint): AgentCall {
  const { traceId, spanId, startNs, endNs } = node.span;
  return {
    traceId,
    spanId,
    agent: nameAgent(node),
    startUnixNano: baseUnixNano + BigInt(Math.round(startNs)),
    durationNs: endNs === null ? null : endNs - startNs,
    failed: hasFailed(node.span),
  };
}
