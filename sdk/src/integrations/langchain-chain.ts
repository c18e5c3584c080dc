import type { AnySpec } from '../spec.ts';
import { listAt, textAt } from './json.ts';
import { toState } from './langchain-messages.ts';

/** A run of a graph, a node or any other runnable, as the callback tells of it. */
export type ChainStart = {
  readonly chain: unknown;
  readonly inputs: unknown;
  readonly isRoot: boolean;
  readonly tags: readonly string[] | undefined;
  readonly metadata: unknown;
  readonly name: string | undefined;
};

export type ChainPlace = 'graph' | 'node' | 'part';

/** Agents among graphs and nodes, by name; undefined when the user did not say. */
export type Agents = readonly string[] | undefined;

export const placeOf = ({ chain, metadata, name }: ChainStart): ChainPlace => {
  const path = listAt(chain, 'id');
  if (path.includes('pregel') || path.at(-1) === 'RemoteGraph') return 'graph';
  return name !== undefined && name === textAt(metadata, 'langgraph_node') ? 'node' : 'part';
};

/** The span of a run, or none: most runnables are the plumbing of a node or a sequence. */
export const chainSpec = (start: ChainStart, agents: Agents): AnySpec | undefined => {
  const place = placeOf(start);
  if (isHidden(start)) return undefined;
  const name = start.name ?? className(start.chain);
  const input = toState(start.inputs);
  const told = { name, ...(input !== undefined && { input }) };
  if (isAgent(start, place, agents)) return { kind: 'agent', ...told };
  if (place === 'graph' || start.isRoot) return { kind: 'workflow', ...told };
  if (place === 'node') return { kind: 'step', type: 'node', ...told };
  return isNamed(start) ? { kind: 'step', type: 'transform', ...told } : undefined;
};

/** What LangChain and LangGraph themselves keep out of their own traces. */
const isHidden = ({ tags }: ChainStart): boolean => tags?.includes('langsmith:hidden') === true;

/** When the user names no agents: a graph with a name of its own inside another graph, as `createReactAgent` makes. */
const isAgent = (start: ChainStart, place: ChainPlace, agents: Agents): boolean => {
  const { name, isRoot, metadata } = start;
  if (name === undefined || place === 'part') return false;
  if (agents !== undefined) return agents.includes(name);
  if (place === 'node') return false;
  return textAt(metadata, 'lc_agent_name') === name || (!isRoot && name !== unnamedGraph);
};

const unnamedGraph = 'LangGraph';

/** By the user's `runName`. `createReactAgent` calls a part of its own `prompt`. */
const isNamed = ({ chain, name }: ChainStart): boolean =>
  name !== undefined &&
  name !== className(chain) &&
  name !== 'prompt' &&
  !name.startsWith('Branch<');

const className = (chain: unknown): string => String(listAt(chain, 'id').at(-1) ?? 'chain');
