/** Who handed over to whom, and what came of it. */
import { orchescope } from '@orchescope/sdk/attributes';
import type { RunSpan } from '../../run-span.ts';
import type { Handoff, HandoffOutcome } from '../../run.ts';
import type { SpanKind } from '../../span.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import type { Subtrees } from '../tree/subtrees.ts';
import { agentOf, nameAgent } from './agent-calls.ts';
import { createFirstCallUnder } from './first-call.ts';
import { matchTargets } from './handoff-targets.ts';
import { hasFailed, textOf } from './span-facts.ts';

/** In order. One without a target, as the last message of a workflow, hands over to nobody. */
export function toHandoffs(
  tree: RunTree,
  subtrees: Subtrees,
  modelCalls: readonly RunNode[],
): Handoff[] {
  const nodes = tree.nodes.filter(isHandoff);
  const targets = matchTargets(tree, subtrees, nodes);
  const sources = toSources(nodes);
  const firstCallUnder = createFirstCallUnder(subtrees, modelCalls);
  const agents = new Set(tree.nodes.flatMap((node) => (isAgent(node) ? [nameAgent(node)] : [])));
  return nodes.flatMap((node) => {
    const target = targets.get(node) ?? null;
    const to = node.span.handoffTo || (target === null ? '' : nameTarget(target));
    if (to === '') return [];
    const call = target === null ? null : firstCallUnder(target);
    return [
      {
        traceId: node.span.traceId,
        spanId: node.span.spanId,
        from: sources.get(node) ?? '',
        to,
        timeUnixNano: tree.baseUnixNano + BigInt(Math.round(node.span.startNs)),
        outcome: toOutcome(node.span, target, agents.has(to)),
        latencyNs: target === null ? null : Math.max(0, target.span.startNs - node.span.startNs),
        contextTokens: call === null ? null : call.span.inputTokens,
      },
    ];
  });
}

const isAgent = ({ span }: RunNode): boolean => span.kind === 'agent';

/** A handoff inside of the same handoff is told twice. */
function isHandoff({ span, parent }: RunNode): boolean {
  if (span.kind !== 'handoff') return false;
  return parent?.span.kind !== 'handoff' || parent.span.handoffTo !== span.handoffTo;
}

function nameTarget(target: RunNode): string {
  return isAgent(target) ? nameAgent(target) : target.span.name;
}

const places: ReadonlySet<SpanKind> = new Set(['agent', 'step']);

/** The agent it lies in; else, where it names nobody, the one that worked before it at the same place. */
function toSources(handoffs: readonly RunNode[]): ReadonlyMap<RunNode, string> {
  const sources = new Map<RunNode, string>();
  const silent = new Set<RunNode>();
  for (const node of handoffs) {
    const source = node.span.handoffFrom || agentOf(node);
    if (source === '') silent.add(node);
    else sources.set(node, source);
  }
  for (const parent of new Set([...silent].map((node) => node.parent))) {
    let before = '';
    for (const child of parent?.children ?? []) {
      if (silent.has(child)) sources.set(child, before);
      if (places.has(child.span.kind)) before = nameTarget(child);
    }
  }
  return sources;
}

function toOutcome(span: RunSpan, target: RunNode | null, isKnownAgent: boolean): HandoffOutcome {
  const told = textOf(span, orchescope.handoffOutcome);
  if (told === 'refused' || span.errorType === 'refused') return 'refused';
  if (span.attributes.get(orchescope.handoffAccepted) === false && !hasFailed(span))
    return 'refused';
  if (told === 'failed' || told === 'cancelled' || hasFailed(span)) return 'failed';
  if (target !== null) return toTargetOutcome(target);
  // People, queues and agents elsewhere have no spans here: the word of the sender stands.
  return told === 'accepted' && !isKnownAgent ? 'accepted' : 'pending';
}

function toTargetOutcome(target: RunNode): HandoffOutcome {
  if (hasFailed(target.span)) return 'failed';
  return target.span.endNs === null ? 'pending' : 'accepted';
}
