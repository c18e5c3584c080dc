/** Calls one after the other of which is known that none needed what another brought. */
import { orchescope } from '@orchescope/sdk/attributes';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { toNames } from './plans.ts';
import { hasFailed, isOfKind, textOf } from './siblings.ts';
import { isLookingName } from './tool-words.ts';

export type Waterfall = {
  readonly variant: 'tools' | 'steps' | 'embeddings';
  /** In order, none beginning before the one before it ended. */
  readonly nodes: readonly RunNode[];
};

/**
 * Tools that one answer of a model asked for: their arguments were all written before the first began. Only such as
 * look and change nothing, for the order of changes may matter.
 */
export function toAskedAtOnce({ nodes }: RunTree): readonly Waterfall[] {
  return nodes.flatMap((parent) =>
    toStretches(parent.children, isAskedTool)
      .filter((calls) => isOneAnswer(parent, calls) && calls.every(isLooking))
      .map((calls) => ({ variant: 'tools' as const, nodes: calls })),
  );
}

const isAskedTool = (node: RunNode): boolean => isOfKind(node, 'tool', 'mcp') && !hasFailed(node);
const isLooking = ({ span }: RunNode): boolean => isLookingName(span.toolName || span.name);

/** Between two answers a model thinks; between two calls of one answer nobody does. */
const longestGapNs = 100_000_000;

/** Models give an id to each call that they ask for; the calls of one answer follow each other at once. */
function isOneAnswer(parent: RunNode, calls: readonly RunNode[]): boolean {
  const ids = new Set(calls.map(({ span }) => span.toolCallId));
  if (ids.has('') || ids.size < calls.length) return false;
  const isAtOnce = calls.every(({ span }, n) => {
    const before = calls[n - 1];
    return before === undefined || span.startNs - before.endNs <= longestGapNs;
  });
  return isAtOnce && isModelSeen(parent, calls);
}

/** Where the models of an agent are not told of, the calls of many answers stand side by side. */
function isModelSeen(parent: RunNode, calls: readonly RunNode[]): boolean {
  if (isOfKind(parent, 'step', 'turn', 'llm')) return true;
  const first = parent.children.find((child) => isOfKind(child, 'llm'));
  return first !== undefined && first.at < (calls[0]?.at ?? 0);
}

/** Steps that say what they depend on, and branches. */
export function toIndependentSteps({ nodes }: RunTree): readonly Waterfall[] {
  return nodes.flatMap((parent) =>
    toStretches(parent.children, isIndependent)
      .filter((steps) => ![parent, ...steps].some(isPooled))
      .flatMap(cutAtDependencies)
      .map((steps) => ({ variant: 'steps' as const, nodes: steps })),
  );
}

function isIndependent(node: RunNode): boolean {
  const { attributes, attempt, endNs } = node.span;
  if (!isOfKind(node, 'step') || attempt > 1 || endNs === null) return false;
  const isBranch = textOf(attributes, orchescope.stepType) === 'branch';
  return isBranch || attributes.has(orchescope.stepDependsOn);
}

/** What depends on a step of the stretch had to wait for it: with it another stretch begins. */
function cutAtDependencies(steps: readonly RunNode[]): readonly (readonly RunNode[])[] {
  const parts: RunNode[][] = [];
  let ids = new Set<string>();
  for (const step of steps) {
    const needs = toNames(step.span.attributes.get(orchescope.stepDependsOn));
    const part = parts.at(-1);
    if (part === undefined || needs.some((id) => ids.has(id))) {
      parts.push([step]);
      ids = new Set();
    } else part.push(step);
    ids.add(idOf(step));
  }
  return parts.filter(({ length }) => length > 1);
}

const idOf = ({ span }: RunNode): string =>
  textOf(span.attributes, orchescope.stepId) ||
  textOf(span.attributes, orchescope.name) ||
  span.name.replace(/^step /, '');

/** Who has workers may have but one of them. */
function isPooled({ span }: RunNode): boolean {
  return span.events.some(
    ({ name }) => name === 'orchescope.worker' || name === 'orchescope.queue',
  );
}

/** Requests for embeddings of one model, each of one text. */
export function toEmbeddings({ nodes }: RunTree): readonly Waterfall[] {
  return nodes.flatMap((parent) =>
    toStretches(parent.children, isEmbedding)
      .filter(isOneModel)
      .map((calls) => ({ variant: 'embeddings' as const, nodes: calls })),
  );
}

const isEmbedding = (node: RunNode): boolean =>
  isOfKind(node, 'embedding') &&
  !hasFailed(node) &&
  node.span.attempt <= 1 &&
  node.children.length === 0;

function isOneModel(calls: readonly RunNode[]): boolean {
  return new Set(calls.map(({ span }) => `${span.provider} ${span.model}`)).size === 1;
}

/** Siblings of the sort with nothing else between them, one after the other: whatever overlaps ends a stretch. */
function toStretches(
  siblings: readonly RunNode[],
  isWanted: (node: RunNode) => boolean,
): readonly (readonly RunNode[])[] {
  const stretches: RunNode[][] = [];
  let open: RunNode[] = [];
  let busyUntilNs = Number.NEGATIVE_INFINITY;
  const close = (): void => {
    if (open.length > 1) stretches.push(open);
    open = [];
  };
  for (const node of siblings) {
    const isBeside = node.span.startNs < busyUntilNs;
    busyUntilNs = Math.max(busyUntilNs, node.endNs);
    if (!isWanted(node) || node.span.endNs === null) close();
    else if (isBeside) {
      // Two at once are no waterfall, and neither of them is part of one.
      open.pop();
      close();
    } else open.push(node);
  }
  close();
  return stretches;
}
