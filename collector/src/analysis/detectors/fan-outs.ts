/** Branches that somebody started at the same time, and waited for. */
import { orchescope } from '@orchescope/sdk/attributes';
import { wasCancelled } from '../run/span-facts.ts';
import type { SpanKind } from '../../span.ts';
import { mostAtOnce } from '../tree/most-at-once.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { isOfKind, textOf } from './siblings.ts';

export type FanOut = {
  /** Where the branches come together; null when that is only known from links. */
  readonly parent: RunNode | null;
  /** In order of start time. All have ended. */
  readonly branches: readonly RunNode[];
};

const kinds: readonly SpanKind[] = [
  'agent',
  'step',
  'workflow',
  'llm',
  'tool',
  'mcp',
  'retrieval',
  'embedding',
];

/** Of one kind, and so many at once that they are no chance; a parent may fan out more than once. */
export function toFanOuts(tree: RunTree, least: number): readonly FanOut[] {
  return [
    ...tree.nodes.flatMap((parent) => toFanOutsBelow(parent, least)),
    ...tree.nodes.flatMap((node) => toJoined(tree, node, least)),
  ];
}

function toFanOutsBelow(parent: RunNode, least: number): readonly FanOut[] {
  if (parent.children.length < least) return [];
  const byKind = Map.groupBy(parent.children.filter(isBranch), keyOf);
  return [...byKind.values()].flatMap((nodes) =>
    toBunches(nodes)
      .filter((bunch) => bunch.length >= least && mostAtOnce(bunch) >= least)
      .map((branches) => ({ parent, branches })),
  );
}

/** Tools do different things by nature, and take a different time for it: only those of one name are compared. */
function keyOf({ span }: RunNode): string {
  const isTool = span.kind === 'tool' || span.kind === 'mcp' || span.kind === 'retrieval';
  return isTool ? `${span.kind} ${span.toolName || span.name}` : span.kind;
}

/** What waits for somebody, looks after others or lost a race is no branch that is waited for. */
function isBranch(node: RunNode): boolean {
  const { span } = node;
  if (!isOfKind(node, ...kinds) || span.endNs === null || wasCancelled(span)) return false;
  const type = textOf(span.attributes, orchescope.stepType);
  return type !== 'wait' && type !== 'backoff' && type !== 'approval' && span.attempt <= 1;
}

/** Those that overlap form one bunch after the other. */
function toBunches(nodes: readonly RunNode[]): readonly (readonly RunNode[])[] {
  const bunches: RunNode[][] = [];
  let endNs = Number.NEGATIVE_INFINITY;
  for (const node of nodes) {
    if (node.span.startNs >= endNs) bunches.push([]);
    bunches.at(-1)?.push(node);
    endNs = Math.max(endNs, node.endNs);
  }
  return bunches;
}

/** Branches in other places, as messages that others took, that one span says it joins. */
function toJoined(tree: RunTree, node: RunNode, least: number): readonly FanOut[] {
  if (node.span.links.length < least) return [];
  const joined = tree
    .linksOf(node)
    .filter(({ rel }) => rel === 'fan_in')
    .map(({ node: branch }) => branch)
    .filter(({ span, endNs }) => span.endNs !== null && endNs <= node.endNs);
  const isBelowOne = new Set(joined.map(({ parent }) => parent)).size === 1;
  const known = joined[0]?.parent ?? null;
  if (joined.length < least || (isBelowOne && known !== null)) return [];
  const branches = joined.toSorted((a, b) => a.at - b.at);
  return mostAtOnce(branches) >= least ? [{ parent: null, branches }] : [];
}
