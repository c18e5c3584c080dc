/** What of a run tells its pattern, as counts. One walk over the spans. */
import { eventAttributes, orchescope } from '@orchescope/sdk/attributes';
import { isCreation } from '../run/span-facts.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { toSubtrees } from '../tree/subtrees.ts';
import { findBranches, type Branches } from './branches.ts';
import { findConversation, type Conversation } from './conversation.ts';
import { findReactions, type Reactions } from './reactions.ts';

export type Shape = Branches &
  Conversation &
  Reactions & {
    /** What the sender calls it; empty when it says nothing. */
    readonly declared: string;
    /** Different names. */
    readonly agents: number;
    /** Calls told twice, one inside of the other, count once. */
    readonly modelCalls: number;
    /** Levels of agents that work below agents of another name. */
    readonly agentDepth: number;
    /** Who has most agents of other names right below, and how many names. */
    readonly supervisor: string;
    readonly workers: number;
    /** Accepted or not. */
    readonly handoffs: number;
    readonly handoffAgents: number;
    readonly routes: number;
    readonly routedTo: string;
    readonly plans: number;
    /** Steps that name what they depend on, or a task of the plan. */
    readonly plannedSteps: number;
    readonly votes: number;
    readonly rounds: number;
  };

export function readShape(tree: RunTree): Shape {
  const { nodes } = tree;
  const { topDown } = toSubtrees(tree);
  const agentNodes = nodes.filter(({ span }) => span.kind === 'agent' && !isCreation(span));
  const handoffs = nodes.filter(({ span }) => span.handoffTo !== '');
  const routes = nodes.filter(isDecision);
  return {
    declared: firstText(nodes, orchescope.workflowPattern),
    agents: namesOf(agentNodes).size,
    modelCalls: nodes.filter(isModelCall).length,
    agentDepth: toAgentDepth(topDown),
    ...findSupervisor(agentNodes, handoffs),
    handoffs: handoffs.length,
    handoffAgents: new Set(handoffs.flatMap(toEnds)).size,
    routes: routes.length,
    routedTo: firstText(routes.toReversed(), orchescope.routeSelected),
    plans: nodes.filter(({ span }) => span.kind === 'plan').length,
    plannedSteps: nodes.filter(isPlanned).length,
    votes: countEvents(nodes, `${orchescope.eventPrefix}vote`),
    rounds: nodes.filter(({ span }) => span.attributes.get(orchescope.stepType) === 'round').length,
    ...findConversation(topDown),
    ...findReactions(tree),
    ...findBranches(tree),
  };
}

function firstText(nodes: readonly RunNode[], key: string): string {
  for (const { span } of nodes) {
    const value = span.attributes.get(key);
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}

function namesOf(nodes: readonly RunNode[]): Set<string> {
  return new Set(nodes.map(({ span }) => span.agentName).filter((name) => name !== ''));
}

function isModelCall({ span, parent }: RunNode): boolean {
  return span.kind === 'llm' && parent?.span.kind !== 'llm';
}

/** Groups of edges by which Agent Framework moves a message on, without anything to decide. */
const plainEdges = /^edge_group\.process (?:Internal|Single|FanIn|FanOut)EdgeGroup$/;

function isDecision({ span, parent }: RunNode): boolean {
  if (span.kind !== 'route' || plainEdges.test(span.name)) return false;
  // The conditions of a decision are parts of it.
  return parent?.span.kind !== 'route';
}

function toEnds({ span, agent }: RunNode): readonly string[] {
  return [span.handoffFrom || agent, span.handoffTo].filter((name) => name !== '');
}

/** Nodes come parents first: a child may have started before its parent. */
function toAgentDepth(topDown: readonly RunNode[]): number {
  const depths = new Int32Array(topDown.length);
  let deepest = 0;
  for (const { at, parent, span } of topDown) {
    const above = parent === null ? 0 : (depths[parent.at] ?? 0);
    const isAnother =
      span.kind === 'agent' && !isCreation(span) && parent?.agent !== span.agentName;
    const depth = above + Number(isAnother);
    depths[at] = depth;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Agents that took over from another do not work for it, wherever their framework puts them. */
function findSupervisor(
  agentNodes: readonly RunNode[],
  handoffs: readonly RunNode[],
): Pick<Shape, 'supervisor' | 'workers'> {
  const tookOver = new Set(handoffs.map(({ span }) => span.handoffTo));
  const workersOf = new Map<string, Set<string>>();
  const add = (boss: string, worker: string): void => {
    if (boss === '' || worker === '' || boss === worker) return;
    const workers = workersOf.get(boss) ?? new Set();
    workersOf.set(boss, workers.add(worker));
  };
  for (const { span, parent } of agentNodes) {
    if (!tookOver.has(span.agentName)) add(parent?.agent ?? '', span.agentName);
    for (const worker of toWorkers(span.events)) add(span.agentName, worker);
  }
  let found = { supervisor: '', workers: 0 };
  for (const [supervisor, { size }] of workersOf) {
    if (size > found.workers) found = { supervisor, workers: size };
  }
  return found;
}

/** Those whose states an agent tells of look for work at it. */
function toWorkers(events: RunNode['span']['events']): readonly string[] {
  const ids = events.map(({ attributes }) => attributes.get(eventAttributes.worker.id));
  return ids.filter((id) => typeof id === 'string');
}

function isPlanned({ span }: RunNode): boolean {
  return span.kind === 'step' && span.attributes.has(orchescope.stepDependsOn);
}

function countEvents(nodes: readonly RunNode[], name: string): number {
  return nodes.reduce(
    (sum, { span }) => sum + span.events.filter((event) => event.name === name).length,
    0,
  );
}
