/** Who read and wrote what agents share, by what senders tell in events and errors. */
import type { RunSpanEvent } from '../../run-span.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { hasFailed, isOfKind, textOf } from './siblings.ts';

export type Write = {
  readonly node: RunNode;
  readonly agent: string;
  /** The version it was made from; null = not known. */
  readonly base: string | null;
};

export type Resource = {
  readonly name: string;
  /** Those that took place, in order. */
  readonly writes: readonly Write[];
  /** Conflicts that somebody settled. */
  readonly conflicts: readonly RunNode[];
  /** Writes that were refused because of another's. */
  readonly rejected: readonly RunNode[];
  /** Who wrote, or wanted to. */
  readonly agents: readonly string[];
};

type Draft = {
  readonly name: string;
  readonly writes: Write[];
  readonly conflicts: RunNode[];
  readonly rejected: RunNode[];
  readonly agents: Set<string>;
  /** Agent -> the version that it last read or wrote. */
  readonly known: Map<string, string>;
};

export function toResources(tree: RunTree): readonly Resource[] {
  const drafts = new Map<string, Draft>();
  const draftOf = (name: string): Draft => {
    const draft = drafts.get(name) ?? toDraft(name);
    drafts.set(name, draft);
    return draft;
  };
  for (const [node, event] of toTold(tree)) addEvent(node, event, draftOf);
  addRefusedTools(tree, draftOf);
  return [...drafts.values()].map(({ name, writes, conflicts, rejected, agents }) => {
    return { name, writes, conflicts, rejected, agents: [...agents] };
  });
}

const toDraft = (name: string): Draft => ({
  name,
  writes: [],
  conflicts: [],
  rejected: [],
  agents: new Set(),
  known: new Map(),
});

const told: ReadonlySet<string> = new Set([
  'orchescope.read',
  'orchescope.write',
  'orchescope.conflict',
  'orchescope.rejected',
]);

/** In the order they happened. */
function toTold({ nodes }: RunTree): readonly (readonly [RunNode, RunSpanEvent])[] {
  return nodes
    .flatMap((node) =>
      node.span.events.filter(({ name }) => told.has(name)).map((event) => [node, event] as const),
    )
    .sort(([, a], [, b]) => a.timeNs - b.timeNs);
}

function addEvent(
  node: RunNode,
  { name, attributes }: RunSpanEvent,
  draftOf: (name: string) => Draft,
): void {
  const resource = textOf(attributes, 'orchescope.resource.name');
  const agent = textOf(attributes, 'gen_ai.agent.name') || node.agent;
  const version = toVersion(attributes.get('orchescope.resource.version'));
  if (name === 'orchescope.rejected') {
    if (textOf(attributes, 'orchescope.rejected.by') !== 'conflict') return;
    const draft = draftOf(textOf(attributes, 'orchescope.rejected.target'));
    draft.rejected.push(node);
    if (agent !== '') draft.agents.add(agent);
  } else if (name === 'orchescope.conflict') {
    draftOf(resource || textOf(attributes, 'orchescope.conflict.key')).conflicts.push(node);
  } else if (resource !== '') {
    const draft = draftOf(resource);
    if (name === 'orchescope.write') addWrite(draft, node, agent, attributes);
    if (version !== null) draft.known.set(agent, version);
  }
}

function addWrite(
  { writes, agents, known }: Draft,
  node: RunNode,
  agent: string,
  attributes: RunSpanEvent['attributes'],
): void {
  if (agent !== '') agents.add(agent);
  if (hasFailed(node) && isOfKind(node, 'tool', 'mcp', 'step', 'memory')) return;
  const base = toVersion(attributes.get('orchescope.resource.base_version'));
  writes.push({ node, agent, base: base ?? known.get(agent) ?? null });
}

function toVersion(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

const conflictErrors =
  /version_?conflict|write_?conflict|edit_?conflict|optimistic_?lock|stale_?(?:object|version|data|write)|concurrent_?(?:update|modification|write)/i;

/** Senders without the events: a tool that fails of a conflict, and that another agent called with success. */
function addRefusedTools({ nodes }: RunTree, draftOf: (name: string) => Draft): void {
  const callers = new Map<string, Set<string>>();
  for (const node of nodes) {
    if (!isOfKind(node, 'tool', 'mcp') || hasFailed(node) || node.agent === '') continue;
    const agents = callers.get(node.span.toolName) ?? new Set();
    callers.set(node.span.toolName, agents.add(node.agent));
  }
  for (const node of nodes) {
    const { toolName, errorType, events } = node.span;
    if (!isOfKind(node, 'tool', 'mcp') || !hasFailed(node)) continue;
    if (!conflictErrors.test(errorType.slice(0, 200)) || node.agent === '') continue;
    if (events.some(({ name }) => name === 'orchescope.rejected')) continue;
    const others = [...(callers.get(toolName) ?? [])].filter((agent) => agent !== node.agent);
    if (others.length === 0) continue;
    const draft = draftOf(toolName);
    draft.rejected.push(node);
    for (const agent of [...others, node.agent]) draft.agents.add(agent);
  }
}
