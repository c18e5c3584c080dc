/** The spans of a run as a forest: every span has at most one parent, whatever its sender said. */
import type { RunSpan, RunSpans } from '../../run-span.ts';

export type RunNode = {
  /** Place among the nodes of the tree: order of start time. */
  readonly at: number;
  readonly span: RunSpan;
  readonly parent: RunNode | null;
  /** In order of start time. */
  readonly children: readonly RunNode[];
  /** 0 for a root. */
  readonly depth: number;
  /** The nearest agent span, itself included. */
  readonly agentNode: RunNode | null;
  /** Name of that agent, else what the span itself says; empty outside of agents. */
  readonly agent: string;
  /** While it is running, the end of what was seen of the run. */
  readonly endNs: number;
};

export type NodeLink = { readonly node: RunNode; readonly rel: string };

export type RunTree = {
  readonly baseUnixNano: bigint;
  /** In order of start time, then trace id, then span id. */
  readonly nodes: readonly RunNode[];
  /** Spans without a parent here: real roots, and orphans. */
  readonly roots: readonly RunNode[];
  /** The first start and the last start or end of all of them. */
  readonly startNs: number;
  readonly endNs: number;
  readonly find: (traceId: string, spanId: string) => RunNode | null;
  /** Spans of this run that it links to. */
  readonly linksOf: (node: RunNode) => readonly NodeLink[];
  /** Spans of this run that link to it, in order of start time. */
  readonly linkedFrom: (node: RunNode) => readonly NodeLink[];
};

type Draft = {
  -readonly [K in keyof RunNode]: K extends 'children'
    ? Draft[]
    : K extends 'parent' | 'agentNode'
      ? Draft | null
      : RunNode[K];
};

export function toRunTree({ baseUnixNano, spans }: RunSpans): RunTree {
  const endNs = spans.reduce((last, span) => Math.max(last, span.endNs ?? span.startNs), 0);
  const nodes = spans.map((span, at) => toDraft(span, at, endNs));
  const find = createFinder(nodes);
  for (const node of nodes) node.parent = find(node.span.traceId, node.span.parentSpanId);
  cutRings(nodes);
  for (const node of nodes) node.parent?.children.push(node);
  const roots = nodes.filter(({ parent }) => parent === null);
  for (const root of roots) descend(root);
  const links = resolveLinks(nodes, find);
  return {
    baseUnixNano,
    nodes,
    roots,
    startNs: spans[0]?.startNs ?? 0,
    endNs,
    find,
    linksOf: (node) => links.from.get(node) ?? none,
    linkedFrom: (node) => links.to.get(node) ?? none,
  };
}

const none: readonly NodeLink[] = [];

/** A map a trace: making one key of both ids would cost more than looking twice. */
function createFinder(nodes: readonly Draft[]): (traceId: string, spanId: string) => Draft | null {
  const byTrace = new Map<string, Map<string, Draft>>();
  for (const node of nodes) {
    const { traceId, spanId } = node.span;
    const bySpan = byTrace.get(traceId);
    if (bySpan === undefined) byTrace.set(traceId, new Map([[spanId, node]]));
    else bySpan.set(spanId, node);
  }
  return (traceId, spanId) => byTrace.get(traceId)?.get(spanId) ?? null;
}

function toDraft(span: RunSpan, at: number, lastNs: number): Draft {
  const endNs = span.endNs ?? Math.max(span.startNs, lastNs);
  return { at, span, parent: null, children: [], depth: 0, agentNode: null, agent: '', endNs };
}

/**
 * A parent that is its own descendant is no parent: the earliest span of such a ring becomes a root. Each span is walked
 * over once, however deep it lies.
 */
function cutRings(nodes: readonly Draft[]): void {
  const walkedBy = new Map<Draft, Draft>();
  for (const start of nodes) {
    let at: Draft | null = start;
    while (at !== null && !walkedBy.has(at)) {
      walkedBy.set(at, start);
      at = at.parent;
    }
    // Back on this walk's own way: `at` lies on a ring.
    if (at !== null && walkedBy.get(at) === start) earliestOfRing(at).parent = null;
  }
}

function earliestOfRing(node: Draft): Draft {
  let earliest = node;
  for (let at = node.parent; at !== null && at !== node; at = at.parent) {
    if (at.at < earliest.at) earliest = at;
  }
  return earliest;
}

/** Without recursion: a chain of parents may be as deep as the run is long. */
function descend(root: Draft): void {
  const open: Draft[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { parent, span } = node;
    node.depth = parent === null ? 0 : parent.depth + 1;
    node.agentNode = span.kind === 'agent' ? node : (parent?.agentNode ?? null);
    node.agent = node.agentNode?.span.agentName || span.agentName || (parent?.agent ?? '');
    // Not spread: there may be more children than a call may have arguments.
    for (const child of node.children) open.push(child);
  }
}

function resolveLinks(
  nodes: readonly Draft[],
  find: (traceId: string, spanId: string) => Draft | null,
): { from: Map<RunNode, NodeLink[]>; to: Map<RunNode, NodeLink[]> } {
  const from = new Map<RunNode, NodeLink[]>();
  const to = new Map<RunNode, NodeLink[]>();
  for (const node of nodes) {
    for (const { traceId, spanId, rel } of node.span.links) {
      const linked = find(traceId, spanId);
      if (linked === null || linked === node) continue;
      push(from, node, { node: linked, rel });
      push(to, linked, { node, rel });
    }
  }
  return { from, to };
}

function push(map: Map<RunNode, NodeLink[]>, key: RunNode, link: NodeLink): void {
  const links = map.get(key);
  if (links === undefined) map.set(key, [link]);
  else links.push(link);
}
