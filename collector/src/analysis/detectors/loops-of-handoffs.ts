/** Two agents who hand the work back and forth and do none of it. Longer rounds are how many teams work. */
import type { RunNode } from '../tree/run-tree.ts';
import type { DetectorInput } from './detector.ts';
import type { LoopFound } from './loop.ts';
import { createNearest } from './nearest.ts';
import { hasFailed, isOfKind } from './siblings.ts';
import { nameOr, toName, toTimes } from './text.ts';
import { isTurnTaking } from './turn-taking.ts';
import { inBrackets } from './waste.ts';

type Edge = { readonly node: RunNode; readonly from: string; readonly to: string };

export function findHandoffLoops(
  input: DetectorInput,
  limits: { readonly periods: number; readonly workTokens: number },
): readonly LoopFound[] {
  if (isTurnTaking(input.tree)) return [];
  const { nodes } = input.tree;
  const handoffAbove = createNearest((node) => isOfKind(node, 'handoff'));
  const work = nodes.filter(
    (node) => isWork(node, limits.workTokens) && handoffAbove(node) === null,
  );
  return findVolleys(toEdges(nodes))
    .flatMap((volley) => splitByWork(volley, work))
    .filter((volley) => volley.length >= 2 * limits.periods)
    .map((volley) => toPingPong(volley, input, limits.periods));
}

/** Accepted handoffs with both ends known, one span each. */
function toEdges(nodes: readonly RunNode[]): readonly Edge[] {
  const edges: Edge[] = [];
  for (const node of nodes) {
    if (!isOfKind(node, 'handoff') || hasFailed(node)) continue;
    if (node.span.attributes.get('orchescope.handoff.accepted') === false) continue;
    if (node.parent !== null && isOfKind(node.parent, 'handoff')) continue;
    const from = node.span.handoffFrom || node.agent;
    const to = node.span.handoffTo;
    const before = edges.at(-1);
    // Two instrumentations tell of one handoff one after the other.
    if (from === '' || to === '' || from === to) continue;
    if (before?.from === from && before.to === to && node.span.startNs < before.node.endNs)
      continue;
    edges.push({ node, from, to });
  }
  return edges;
}

/** Runs of handoffs of which each takes the one before it back. */
function findVolleys(edges: readonly Edge[]): readonly (readonly Edge[])[] {
  const volleys: Edge[][] = [];
  for (const edge of edges) {
    const volley = volleys.at(-1);
    const before = volley?.at(-1);
    if (before?.from === edge.to && before.to === edge.from) volley?.push(edge);
    else volleys.push([edge]);
  }
  return volleys;
}

/** A call of a tool, or an answer longer than a few words about whose turn it is. */
function isWork(node: RunNode, workTokens: number): boolean {
  if (isOfKind(node, 'llm')) return (node.span.outputTokens ?? 0) >= workTokens;
  return isOfKind(node, 'tool', 'mcp', 'retrieval') && !hasFailed(node);
}

/** Both in order of start time: one walk over each. */
function splitByWork(
  volley: readonly Edge[],
  work: readonly RunNode[],
): readonly (readonly Edge[])[] {
  const parts: Edge[][] = [[]];
  let at = firstAfter(work, volley[0]?.node.span.startNs ?? 0);
  for (const edge of volley) {
    const startNs = edge.node.span.startNs;
    let worked = 0;
    for (; (work[at]?.span.startNs ?? Number.POSITIVE_INFINITY) < startNs; at += 1) worked += 1;
    if (worked > 0) parts.push([edge]);
    else parts.at(-1)?.push(edge);
  }
  return parts;
}

function firstAfter(work: readonly RunNode[], ns: number): number {
  let low = 0;
  let high = work.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((work[middle]?.span.startNs ?? 0) < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}

function toPingPong(volley: readonly Edge[], input: DetectorInput, periods: number): LoopFound {
  const [first] = volley;
  const repeats = Math.floor(volley.length / 2);
  const pair = [first?.from ?? '', first?.to ?? ''].map(toName).sort();
  return {
    variant: 'ping_pong',
    subject: pair.join(' > '),
    nodes: volley.map(({ node }) => node),
    wasted: holdersOf(volley, input),
    repeats,
    sentence: (waste) =>
      `${nameOr(pair[0] ?? '', 'An agent')} and ${nameOr(pair[1] ?? '', 'another')} handed the work back and forth ${toTimes(repeats)} without doing any of it${inBrackets(waste)}.`,
    threshold: { name: 'periods', value: periods, measured: repeats },
  };
}

/** The agents who held the work between the first handoff and the last, each for nothing. */
function holdersOf(volley: readonly Edge[], { tree }: DetectorInput): readonly RunNode[] {
  const fromNs = volley[0]?.node.endNs ?? 0;
  const last = volley.at(-1)?.node;
  const holders = volley
    .slice(1)
    .map(({ node }) => node.agentNode)
    .filter((node) => node !== null);
  const within = holders.filter(({ span }) => span.startNs >= fromNs - 1e6);
  return last === undefined || within.length > 0
    ? within
    : tree.nodes.filter(
        (node) =>
          isOfKind(node, 'llm') &&
          node.span.startNs >= fromNs &&
          node.span.startNs <= last.span.startNs,
      );
}
