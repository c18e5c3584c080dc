/** What of a run tells its pattern, as counts. One walk over the spans. */
import { eventAttributes, orchescope } from '@orchescope/sdk/attributes';
import type { RunNode, RunTree } from '../tree/run-tree.ts';

export type Shape = {
  /** What the sender calls it; empty when it says nothing. */
  readonly declared: string;
  /** Different names. */
  readonly agents: number;
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
  /** Turns of agents below one parent, most of any parent; and how many names took them. */
  readonly turns: number;
  readonly speakers: number;
  readonly repeatedSpeakers: number;
  /** Work that another's message or event caused, and the agents that did it. */
  readonly reactions: number;
  readonly reactingAgents: number;
  /** Branches of agents or steps that ran at once, most of any parent. */
  readonly widest: number;
  /** Agents or steps below one parent, most of any parent. */
  readonly stages: number;
};

const stepType = (node: RunNode): unknown => node.span.attributes.get(orchescope.stepType);

export function readShape(tree: RunTree): Shape {
  const { nodes } = tree;
  const agentNodes = nodes.filter(({ span }) => span.kind === 'agent');
  const ofKind = (kind: string): RunNode[] => nodes.filter(({ span }) => span.kind === kind);
  const handoffs = nodes.filter(({ span }) => span.handoffTo !== '');
  const handoffAgents = handoffs.flatMap(({ span }) => [span.handoffFrom, span.handoffTo]);
  const routes = ofKind('route');
  const reactions = nodes.filter((node) => isReaction(tree, node));
  return {
    declared: firstText(nodes, orchescope.workflowPattern),
    agents: namesOf(agentNodes).size,
    modelCalls: ofKind('llm').length,
    agentDepth: toAgentDepth(nodes),
    ...findSupervisor(agentNodes),
    handoffs: handoffs.length,
    handoffAgents: new Set(handoffAgents.filter((name) => name !== '')).size,
    routes: routes.length,
    routedTo: firstText(routes.toReversed(), orchescope.routeSelected),
    plans: ofKind('plan').length,
    plannedSteps: nodes.filter(isPlanned).length,
    votes: countEvents(nodes, `${orchescope.eventPrefix}vote`),
    rounds: nodes.filter((node) => stepType(node) === 'round').length,
    ...findConversation(nodes),
    reactions: reactions.length,
    reactingAgents: namesOf(reactions.flatMap(({ children }) => children)).size,
    ...findBranches(nodes, tree.roots),
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
  const named = nodes.filter(({ span }) => span.kind === 'agent' && span.agentName !== '');
  return new Set(named.map(({ span }) => span.agentName));
}

function toAgentDepth(nodes: readonly RunNode[]): number {
  const depths = new Map<RunNode, number>();
  let deepest = 0;
  // Parents first: a child may have started before its parent.
  for (const node of nodes.toSorted((a, b) => a.depth - b.depth || a.at - b.at)) {
    const above = node.parent === null ? 0 : (depths.get(node.parent) ?? 0);
    const isAnother = node.span.kind === 'agent' && node.parent?.agent !== node.span.agentName;
    const depth = above + Number(isAnother);
    depths.set(node, depth);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function findSupervisor(agentNodes: readonly RunNode[]): Pick<Shape, 'supervisor' | 'workers'> {
  const workersOf = new Map<string, Set<string>>();
  for (const { span, parent } of agentNodes) {
    const boss = parent?.agent ?? '';
    if (boss === '' || boss === span.agentName) continue;
    const workers = workersOf.get(boss) ?? new Set();
    workersOf.set(boss, workers.add(span.agentName));
  }
  let found = { supervisor: '', workers: 0 };
  for (const [supervisor, { size }] of workersOf) {
    if (size > found.workers) found = { supervisor, workers: size };
  }
  return found;
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

/** A message that was taken, or work that links to what caused it. */
function isReaction(tree: RunTree, node: RunNode): boolean {
  const isTaken = node.span.attributes.get(orchescope.kind) === 'process';
  if (!isTaken) return false;
  const appended = tree
    .linksOf(node)
    .filter(({ rel }) => rel === 'caused_by')
    .some(({ node: cause }) => cause.span.events.some(isAppend) || isAppendBelow(cause));
  return appended || node.span.events.some(isAppend);
}

const isAppend = ({ attributes }: RunNode['span']['events'][number]): boolean =>
  attributes.has(eventAttributes.appended.stream);

const isAppendBelow = (node: RunNode): boolean => node.parent?.span.events.some(isAppend) ?? false;

/** Of the parent below which most turns were taken; steps and rounds between it and the agents do not count. */
function findConversation(
  nodes: readonly RunNode[],
): Pick<Shape, 'turns' | 'speakers' | 'repeatedSpeakers'> {
  const turnsOf = new Map<RunNode | null, Map<string, number>>();
  for (const node of nodes) {
    if (node.span.kind !== 'agent' || node.span.agentName === '') continue;
    let stage = node.parent;
    while (stage !== null && (stage.span.kind === 'step' || stage.span.kind === 'turn'))
      stage = stage.parent;
    const turns = turnsOf.get(stage) ?? new Map<string, number>();
    turnsOf.set(stage, turns.set(node.span.agentName, (turns.get(node.span.agentName) ?? 0) + 1));
  }
  let found = { turns: 0, speakers: 0, repeatedSpeakers: 0 };
  for (const turns of turnsOf.values()) {
    const all = [...turns.values()];
    const sum = all.reduce((total, one) => total + one, 0);
    if (sum <= found.turns) continue;
    found = {
      turns: sum,
      speakers: turns.size,
      repeatedSpeakers: all.filter((times) => times > 1).length,
    };
  }
  return found;
}

function findBranches(
  nodes: readonly RunNode[],
  roots: readonly RunNode[],
): Pick<Shape, 'widest' | 'stages'> {
  let widest = 0;
  let stages = 0;
  for (const siblings of [roots, ...nodes.map(({ children }) => children)]) {
    const branches = siblings.filter(({ span }) => span.kind === 'agent' || span.kind === 'step');
    if (branches.length < 2) continue;
    const most = mostAtOnce(branches);
    widest = Math.max(widest, most);
    if (most === 1) stages = Math.max(stages, branches.length);
  }
  return { widest, stages };
}

function mostAtOnce(branches: readonly RunNode[]): number {
  const marks = branches
    .flatMap(({ span, endNs }) => [
      [span.startNs, 1] as const,
      [Math.max(endNs, span.startNs), -1] as const,
    ])
    .sort(([a, up], [b, other]) => a - b || up - other);
  let now = 0;
  let most = 0;
  for (const [, step] of marks) {
    now += step;
    most = Math.max(most, now);
  }
  return most;
}
