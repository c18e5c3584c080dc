/** The calls of tools that an agent made one after the other, in one life of the agent. */
import { spanFlags, type ContentSlot } from '../../span.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { createNearest } from './nearest.ts';
import { createScopeOf, isScope, type ScopeOf } from './scopes.ts';
import { hasFailed, isOfKind, textOf } from './siblings.ts';

export type ToolCall = {
  readonly node: RunNode;
  readonly tool: string;
  /** The tool and what it was asked; null = not known, which is never the same twice. */
  readonly callKey: string | null;
  /** What came of it, an error likewise; null = not known. */
  readonly resultKey: string | null;
  /** Models asked in this flow before the call: more than before the last one means that a model chose to call again. */
  readonly modelCallsBefore: number;
};

/** Without a break: nobody waited on purpose, tried again on purpose or was asked in between. */
export type ToolFlow = {
  readonly agent: string;
  readonly calls: readonly ToolCall[];
  /** In order of start time. */
  readonly modelCalls: readonly RunNode[];
};

type Draft = {
  readonly agent: string;
  readonly pausesNs: readonly number[];
  readonly modelCalls: RunNode[];
  calls: ToolCall[];
  /** When the last call ended. One that began before that ran beside it, and is no repetition of it. */
  callsEndNs: number;
  /** When anything of it last ended. */
  busyUntilNs: number;
  nextPause: number;
};

export function toToolFlows(tree: RunTree, pauseNs: number): readonly ToolFlow[] {
  const scopeOf = createScopeOf();
  const isChosen = createIsChosen();
  const flows: ToolFlow[] = [];
  const open = createDrafts(scopeOf, toPauses(tree, scopeOf));
  const close = (draft: Draft): void => {
    const { agent, calls, modelCalls } = draft;
    if (calls.length > 1) flows.push({ agent, calls, modelCalls });
    draft.calls = [];
  };
  for (const node of tree.nodes) {
    if (!isOfKind(node, 'llm', 'tool', 'mcp')) continue;
    if (!isOfKind(node, 'llm') && !isChosen(node)) continue;
    const draft = open.draftOf(node);
    if (hasPausedBefore(draft, node, pauseNs)) close(draft);
    if (isOfKind(node, 'llm')) draft.modelCalls.push(node);
    else addCall(draft, node);
    draft.busyUntilNs = Math.max(draft.busyUntilNs, node.endNs);
  }
  for (const draft of open.all) close(draft);
  return flows;
}

/** One flow a life of an agent; in a graph without agents, one for it and each name in it. */
function createDrafts(
  scopeOf: ScopeOf,
  pauses: Pauses,
): { readonly all: readonly Draft[]; readonly draftOf: (node: RunNode) => Draft } {
  const all: Draft[] = [];
  const lives = new Map<RunNode | null, Map<string, Draft>>();
  const draftOf = (node: RunNode): Draft => {
    const scope = scopeOf(node);
    const known = lives.get(scope) ?? new Map<string, Draft>();
    if (known.size === 0) lives.set(scope, known);
    const draft = known.get(node.agent) ?? toDraft(node.agent, pauses.get(scope) ?? []);
    if (!known.has(node.agent)) {
      known.set(node.agent, draft);
      all.push(draft);
    }
    return draft;
  };
  return { all, draftOf };
}

/** A tool inside of a tool, or an MCP call that carries one out, was not chosen by a model. */
function createIsChosen(): (node: RunNode) => boolean {
  const nearest = createNearest((above) => isOfKind(above, 'tool', 'mcp') || isScope(above));
  return (node) => {
    const above = nearest(node);
    return above === null || isScope(above);
  };
}

function addCall(draft: Draft, node: RunNode): void {
  const isBeside = node.span.startNs < draft.callsEndNs;
  draft.callsEndNs = Math.max(draft.callsEndNs, node.endNs);
  if (isBeside) return;
  const tool = node.span.toolName || node.span.name;
  const args = digestOf(node, 'tool_arguments');
  draft.calls.push({
    node,
    tool,
    callKey: args === null ? null : `${tool} ${args}`,
    resultKey: resultOf(node),
    modelCallsBefore: draft.modelCalls.length,
  });
}

function resultOf(node: RunNode): string | null {
  const { errorType, statusMessage } = node.span;
  if (hasFailed(node)) return `error ${errorType} ${statusMessage}`;
  return digestOf(node, 'tool_result');
}

function digestOf({ span: { digests } }: RunNode, slot: ContentSlot): string | null {
  const hashes = digests.filter((digest) => digest.slot === slot).map(({ hash }) => hash);
  return hashes.length === 0 ? null : hashes.join(' ');
}

function toDraft(agent: string, pausesNs: readonly number[]): Draft {
  return {
    agent,
    pausesNs,
    modelCalls: [],
    calls: [],
    callsEndNs: Number.NEGATIVE_INFINITY,
    busyUntilNs: Number.POSITIVE_INFINITY,
    nextPause: 0,
  };
}

function hasPausedBefore(draft: Draft, { span: { startNs } }: RunNode, pauseNs: number): boolean {
  let isPaused = startNs - draft.busyUntilNs >= pauseNs;
  while ((draft.pausesNs[draft.nextPause] ?? Number.POSITIVE_INFINITY) <= startNs) {
    draft.nextPause += 1;
    isPaused = true;
  }
  if (draft.busyUntilNs === Number.POSITIVE_INFINITY) draft.busyUntilNs = startNs;
  return isPaused;
}

/** When somebody waited or tried again on purpose, by the scope it happened in. In order. */
type Pauses = ReadonlyMap<RunNode | null, readonly number[]>;

function toPauses(tree: RunTree, scopeOf: ScopeOf): Pauses {
  const pauses = new Map<RunNode | null, number[]>();
  const add = (node: RunNode, ns: number): void => {
    const scope = scopeOf(node);
    const known = pauses.get(scope);
    if (known === undefined) pauses.set(scope, [ns]);
    else known.push(ns);
  };
  for (const node of tree.nodes) {
    if (isPause(node)) add(node, node.span.startNs);
    for (const event of node.span.events) {
      if (isPauseEvent(event)) add(node, event.timeNs);
    }
  }
  for (const times of pauses.values()) times.sort((a, b) => a - b);
  return pauses;
}

const stepsOnPurpose: ReadonlySet<string> = new Set(['wait', 'backoff', 'approval', 'attempt']);
const limiters: ReadonlySet<string> = new Set(['breaker', 'rate_limit', 'backpressure']);

/** A person who says something new begins a new story. */
function isPause(node: RunNode): boolean {
  const { flags, attributes, attempt } = node.span;
  if (isOfKind(node, 'approval', 'turn') || (flags & spanFlags.wait) !== 0) return true;
  return (
    isOfKind(node, 'step') &&
    (attempt > 1 || stepsOnPurpose.has(textOf(attributes, 'orchescope.step.type')))
  );
}

function isPauseEvent({ name, attributes }: RunNode['span']['events'][number]): boolean {
  if (name === 'orchescope.retry' || name === 'orchescope.breaker') return true;
  if (name === 'orchescope.interrupt') return true;
  return (
    name === 'orchescope.rejected' && limiters.has(textOf(attributes, 'orchescope.rejected.by'))
  );
}
