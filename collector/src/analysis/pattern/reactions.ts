/** Work that another's message or event caused. */
import { eventAttributes } from '@orchescope/sdk/attributes';
import type { RunNode, RunTree } from '../tree/run-tree.ts';

export type Reactions = {
  /** To what was appended to a log. */
  readonly reactions: number;
  readonly reactingAgents: number;
  /** Messages that one agent took from another. */
  readonly exchanges: number;
  /** Agents that both sent some and took some. */
  readonly peers: number;
};

export function findReactions(tree: RunTree): Reactions {
  const taken = tree.nodes.filter(
    ({ span }) => span.kind === 'queue' && span.rawKind === 'process',
  );
  const reactions = taken.filter((node) => isReaction(tree, node));
  const reacting = new Set(reactions.flatMap(toAgents));
  const sent = new Set<string>();
  const took = new Set<string>();
  let exchanges = 0;
  for (const node of taken) {
    const [agent = ''] = toAgents(node);
    const from = causesOf(tree, node).find((cause) => cause.agent !== '')?.agent ?? '';
    if (agent === '' || from === '' || agent === from) continue;
    exchanges += 1;
    sent.add(from);
    took.add(agent);
  }
  const peers = [...sent].filter((name) => took.has(name)).length;
  return { reactions: reactions.length, reactingAgents: reacting.size, exchanges, peers };
}

/** The agents that a message is given to. */
function toAgents({ children }: RunNode): readonly string[] {
  return children.flatMap(({ span }) =>
    span.kind === 'agent' && span.agentName !== '' ? [span.agentName] : [],
  );
}

function causesOf(tree: RunTree, node: RunNode): readonly RunNode[] {
  return tree
    .linksOf(node)
    .filter(({ rel }) => rel === 'caused_by')
    .map((link) => link.node);
}

function isReaction(tree: RunTree, node: RunNode): boolean {
  return (
    node.span.events.some(isAppend) ||
    causesOf(tree, node).some((cause) => cause.span.events.some(isAppend) || isAppendAbove(cause))
  );
}

const isAppend = ({ attributes }: RunNode['span']['events'][number]): boolean =>
  attributes.has(eventAttributes.appended.stream);

const isAppendAbove = ({ parent }: RunNode): boolean => parent?.span.events.some(isAppend) ?? false;
