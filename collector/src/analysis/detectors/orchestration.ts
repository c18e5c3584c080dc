/** How much of a run was spent on who does the work, and how much on the work. */
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import type { DetectorInput } from './detector.ts';
import { toHops, withoutLoops } from './handoff-hops.ts';
import { createNearest } from './nearest.ts';
import { isOfKind } from './siblings.ts';

/** One invocation of an agent. */
export type AgentPart = {
  readonly node: RunNode;
  readonly agent: string;
  /** Its own model calls, not those of agents below it. */
  readonly own: readonly RunNode[];
};

export type Orchestration = {
  readonly agents: readonly AgentPart[];
  /** Those that asked a model once, did no work and gave it to one other, of agents that mostly do so. */
  readonly passing: readonly AgentPart[];
  /** Handoffs, delegations, routes and plans. */
  readonly acts: readonly RunNode[];
  /** Pieces of work. */
  readonly work: number;
  /** Model calls that were none. */
  readonly coordinating: readonly RunNode[];
};

type Draft = {
  readonly node: RunNode;
  readonly agent: string;
  readonly own: RunNode[];
  worked: number;
  given: number;
};

export function toOrchestration(
  input: DetectorInput,
  isWork: (node: RunNode) => boolean,
): Orchestration {
  const { tree, modelCalls } = input;
  const parts = toParts(tree);
  const partOf = createPartOf(parts);
  const calls = modelCalls.filter((node) => !isWork(node));
  const work = [
    ...modelCalls.filter(isWork),
    ...tree.nodes.filter((node) => !isOfKind(node, 'llm') && isWork(node) && !isGiving(node)),
  ];
  for (const node of modelCalls) partOf(node)?.own.push(node);
  for (const node of work) addTo(partOf(node), 'worked');
  const handoffs = withoutLoops(toHops(input)).map(({ node }) => node);
  for (const { part } of toGivers(handoffs, parts, partOf)) addTo(part, 'given');
  const delegated = [...parts.values()].filter((part) => partOf(part.node) !== undefined);
  for (const part of delegated) addTo(partOf(part.node), 'given');
  const decisions = tree.nodes.filter((node) => isOfKind(node, 'route', 'plan'));
  return {
    agents: [...parts.values()],
    passing: toPassing([...parts.values()]),
    acts: [...new Set([...handoffs, ...delegated.map(({ node }) => node), ...decisions])],
    work: work.length + [...parts.values()].filter(isUnseen).length,
    coordinating: calls,
  };
}

/** Nothing is told of what it did, and it may have worked all the time. */
function isUnseen({ node, own, worked, given }: Draft): boolean {
  if (node.span.rawKind === 'create_agent') return false;
  return own.length === 0 && worked === 0 && given === 0 && node.children.length === 0;
}

/** Who did more pieces of work than it passed on is no agent in the middle. */
function toPassing(parts: readonly Draft[]): readonly Draft[] {
  const byAgent = Map.groupBy(parts, ({ agent }) => agent);
  return [...byAgent.values()].flatMap((lives) => {
    const passing = lives.filter(
      ({ own, worked, given }) => worked === 0 && given === 1 && own.length === 1,
    );
    const work = lives.reduce((sum, { worked }) => sum + worked, 0);
    return work > passing.length ? [] : passing;
  });
}

function addTo(part: Draft | undefined, what: 'worked' | 'given'): void {
  if (part !== undefined) part[what] += 1;
}

/** An agent right inside of itself is told twice. */
function toParts({ nodes }: RunTree): ReadonlyMap<RunNode, Draft> {
  const agents = nodes.filter(
    (node) => isOfKind(node, 'agent') && node.parent?.agent !== node.agent,
  );
  return new Map(
    agents.map((node) => [node, { node, agent: node.agent, own: [], worked: 0, given: 0 }]),
  );
}

/** Of an agent, the one above it. */
function createPartOf(parts: ReadonlyMap<RunNode, Draft>): (node: RunNode) => Draft | undefined {
  const nearest = createNearest((node) => parts.has(node));
  return (node) => {
    const above = nearest(node);
    return above === null ? undefined : parts.get(above);
  };
}

/** A tool by which an agent gives work to another is no work. */
function isGiving(node: RunNode): boolean {
  if (!isOfKind(node, 'tool', 'mcp')) return false;
  return (
    /^(?:transfer|hand_?off|delegate|route)(?:_|[A-Z]|$)/.test(node.span.toolName) ||
    node.children.some((child) => isOfKind(child, 'agent', 'handoff', 'workflow'))
  );
}

/** The agent around a handoff, else the last of that name that began before it. */
function* toGivers(
  handoffs: readonly RunNode[],
  parts: ReadonlyMap<RunNode, Draft>,
  partOf: (node: RunNode) => Draft | undefined,
): Generator<{ readonly part: Draft | undefined }> {
  const inOrder = [...parts.values()].toSorted((a, b) => a.node.at - b.node.at);
  const last = new Map<string, Draft>();
  let next = 0;
  for (const handoff of handoffs.toSorted((a, b) => a.at - b.at)) {
    for (; next < inOrder.length; next += 1) {
      const part = inOrder[next];
      if (part === undefined || part.node.at > handoff.at) break;
      last.set(part.agent, part);
    }
    // A handoff with the target inside of it counts once, as the delegation.
    if (handoff.children.some((child) => isOfKind(child, 'agent'))) continue;
    yield { part: partOf(handoff) ?? last.get(handoff.span.handoffFrom) };
  }
}
