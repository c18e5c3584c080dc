/** Runs among the spans of traces that are connected: usually one. */
import { orchescope } from '@orchescope/sdk/attributes';
import type { RunSpan, RunSpans } from '../../run-span.ts';
import { isAgentic, textOf } from '../run/span-facts.ts';
import { toRunTree, type RunNode, type RunTree } from '../tree/run-tree.ts';
import { createDisjointSets, type DisjointSets } from './disjoint-sets.ts';
import { joiningLinks } from './joining-links.ts';
import { toOrderedSpans } from './ordered-spans.ts';
import { toThreadKeys } from './thread-keys.ts';

export type SplitRun = { readonly runId: string; readonly spans: RunSpans };

/**
 * A run id that stands inside of another, names it as its parent or is linked to it is the same run, under the id of
 * the outer, else the earlier. A span without an id belongs to the run of its nearest ancestor that has one; what
 * stands above belongs to the run that it holds. Without any id there is one run. Spans of programs that have nothing
 * to do with agents make none.
 */
export function splitRuns({ baseUnixNano, spans, leftOut }: RunSpans): SplitRun[] {
  const ordered = toOrderedSpans(spans);
  if (!ordered.some(isAgentic)) return [];
  const tree = toRunTree({ baseUnixNano, spans: ordered, leftOut });
  const labels = labelNodes(tree);
  const groups = groupNodes(tree, joinLabels(tree, labels));
  return groups.map(({ runId, nodes }) => ({
    runId,
    spans: { baseUnixNano, spans: toOwnSpans(nodes), leftOut },
  }));
}

/** What a run has above itself in another run is no parent that it waits for. */
function toOwnSpans(nodes: readonly RunNode[]): RunSpan[] {
  const own = new Set(nodes);
  return nodes.map(({ span, parent }) =>
    parent === null || own.has(parent) ? span : { ...span, parentSpanId: '' },
  );
}

/** By place: `run <id>` where a sender gave one, else that of the parent, else a name for all below this root. */
type Labels = {
  readonly of: readonly string[];
  /** Run ids that stand inside of another. */
  readonly inner: ReadonlySet<string>;
  readonly sets: DisjointSets;
};

function labelNodes(tree: RunTree): Labels {
  const of: string[] = Array.from({ length: tree.nodes.length }, () => '');
  const inner = new Set<string>();
  const sets = createDisjointSets();
  // Whether an agentic span without an id stands above: it holds all the runs below it.
  const held = new Uint8Array(tree.nodes.length);
  for (const node of topDown(tree)) {
    const { parent, span, at } = node;
    const outer = parent === null ? '' : (of[parent.at] ?? '');
    const own = span.runId === '' ? '' : `run ${span.runId}`;
    of[at] = own || outer || `root ${at}`;
    const isHeld = parent !== null && held[parent.at] === 1;
    held[at] = Number(isHeld || isAgentic(span));
    if (own === '' || outer === '' || own === outer) continue;
    if (isRun(outer)) inner.add(own);
    if (isRun(outer) || isHeld) sets.join(own, outer);
  }
  return { of, inner, sets };
}

const isRun = (label: string): boolean => label.startsWith('run ');

function* topDown(tree: RunTree): Generator<RunNode> {
  const open = [...tree.roots];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    for (const child of node.children) open.push(child);
  }
}

function joinLabels(tree: RunTree, labels: Labels): Labels {
  const { of, sets } = labels;
  const inner = new Set(labels.inner);
  const known = new Set(of);
  const firstOfTrace = new Map<string, string>();
  for (const { span, at } of tree.nodes)
    if (!firstOfTrace.has(span.traceId)) firstOfTrace.set(span.traceId, of[at] ?? '');
  for (const { span, at } of tree.nodes) {
    const label = of[at] ?? '';
    const outer = `run ${textOf(span, orchescope.runParentId)}`;
    if (outer !== label && isRun(label) && known.has(outer)) {
      inner.add(label);
      sets.join(label, outer);
    }
    for (const { traceId, spanId } of joiningLinks(span)) {
      const linked = tree.find(traceId, spanId);
      const other = linked === null ? firstOfTrace.get(traceId) : of[linked.at];
      // Traces that link to one that is not here have it in common.
      sets.join(label, other ?? `trace ${traceId}`);
    }
  }
  joinThreads(tree, firstOfTrace, sets);
  return { of, inner, sets };
}

function joinThreads(
  tree: RunTree,
  firstOfTrace: ReadonlyMap<string, string>,
  sets: DisjointSets,
): void {
  if (firstOfTrace.size < 2) return;
  const firstWith = new Map<string, string>();
  for (const [traceId, spans] of byTrace(tree)) {
    const label = firstOfTrace.get(traceId) ?? '';
    for (const key of toThreadKeys(spans)) {
      const other = firstWith.get(key);
      if (other === undefined) firstWith.set(key, label);
      else sets.join(label, other);
    }
  }
}

function byTrace(tree: RunTree): Map<string, RunSpan[]> {
  const traces = new Map<string, RunSpan[]>();
  for (const { span } of tree.nodes) {
    const spans = traces.get(span.traceId);
    if (spans === undefined) traces.set(span.traceId, [span]);
    else spans.push(span);
  }
  return traces;
}

type Group = { readonly runId: string; readonly nodes: readonly RunNode[] };

function groupNodes(tree: RunTree, labels: Labels): Group[] {
  adoptStrays(tree, labels);
  const { of, sets } = labels;
  const groups = new Map<string, RunNode[]>();
  for (const node of tree.nodes) {
    const set = sets.find(of[node.at] ?? '');
    const nodes = groups.get(set);
    if (nodes === undefined) groups.set(set, [node]);
    else nodes.push(node);
  }
  return [...groups.values()]
    .filter((nodes) => nodes.some(({ span }) => isAgentic(span)))
    .map((nodes) => ({ runId: nameRun(nodes, labels), nodes }));
}

/** Spans that no id tells apart belong to the first run of their trace. */
function adoptStrays({ nodes }: RunTree, { of, sets }: Labels): void {
  const named = new Set(of.filter(isRun).map(sets.find));
  const hosts = new Map<string, string>();
  for (const { span, at } of nodes) {
    const set = sets.find(of[at] ?? '');
    if (named.has(set) && !hosts.has(span.traceId)) hosts.set(span.traceId, set);
  }
  for (const { span, at } of nodes) {
    const set = sets.find(of[at] ?? '');
    const host = hosts.get(span.traceId);
    if (host === undefined) hosts.set(span.traceId, set);
    // In this direction: what is named stays what it is.
    else if (!named.has(set)) sets.join(set, host);
  }
}

/** The first id that stands in no other. Where each stands in another, which only a ring of parents can say, the first. */
function nameRun(nodes: readonly RunNode[], { of, inner }: Labels): string {
  const ids = nodes.filter(({ at }) => isRun(of[at] ?? ''));
  const outermost = ids.find(({ at }) => !inner.has(of[at] ?? '')) ?? ids[0];
  if (outermost !== undefined) return (of[outermost.at] ?? '').slice('run '.length);
  const root =
    nodes.find(({ span }) => span.parentSpanId === '') ?? nodes.find(({ parent }) => !parent);
  return `trace:${(root ?? nodes[0])?.span.traceId ?? ''}`;
}
