/**
 * The critical path of a run: from its end backwards, always the work that ended last. What is on it decided how long the
 * run took; what is not could have been slower for nothing.
 */
import type { RunNode, RunTree } from '../tree/run-tree.ts';

/** A stretch of the path. The stretches of a run do not overlap, and cover it from start to end. */
export type PathStretch = {
  /** Whose own time it was; null when nothing of the run was at work. */
  readonly node: RunNode | null;
  readonly fromNs: number;
  readonly toNs: number;
};

type Frame = {
  /** null = the run as a whole, whose children are the roots of its traces. */
  readonly node: RunNode | null;
  /** Those that ended last come last. */
  readonly children: RunNode[];
  /** The path below this frame does not reach before it. */
  readonly floorNs: number;
  /** How far back the path has come. */
  atNs: number;
};

/** Senders round times to milliseconds: a step may seem to begin before the one it waited for has ended. */
const toleranceNs = 1_000_000;

/** Last stretch first. Without recursion: spans may be nested as deep as there are spans. */
export function walkPath(tree: RunTree): PathStretch[] {
  const ends = toLastEnds(tree);
  const lastEnd = (node: RunNode): number => ends[node.at] ?? node.endNs;
  const byEnd = (nodes: readonly RunNode[]): RunNode[] =>
    nodes.toSorted((a, b) => lastEnd(a) - lastEnd(b) || a.at - b.at);
  const stretches: PathStretch[] = [];
  const stack: Frame[] = [
    { node: null, children: byEnd(tree.roots), floorNs: tree.startNs, atNs: tree.endNs },
  ];
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const child = frame.atNs > frame.floorNs ? frame.children.pop() : undefined;
    if (child === undefined) {
      addOwn(stretches, frame.node, frame.floorNs, frame.atNs);
      stack.pop();
      const below = stack.at(-1);
      if (below !== undefined) below.atNs = Math.min(below.atNs, frame.floorNs);
      continue;
    }
    // What went on while it began, nobody waited for.
    if (lastEnd(child) > frame.atNs + toleranceNs) continue;
    const toNs = Math.min(lastEnd(child), frame.atNs);
    const floorNs = Math.max(child.span.startNs, frame.floorNs);
    if (toNs <= floorNs) continue;
    addOwn(stretches, frame.node, toNs, frame.atNs);
    frame.atNs = toNs;
    stack.push({ node: child, children: byEnd(child.children), floorNs, atNs: toNs });
  }
  return stretches;
}

/** Of each node with all below it: work may go on after the span that started it has ended. */
function toLastEnds({ nodes }: RunTree): Float64Array {
  const ends = Float64Array.from(nodes, ({ endNs }) => endNs);
  // Deepest first: a child may have started before its parent.
  const deepest = nodes.toSorted((a, b) => b.depth - a.depth);
  for (const { at, parent } of deepest) {
    if (parent !== null) ends[parent.at] = Math.max(ends[parent.at] ?? 0, ends[at] ?? 0);
  }
  return ends;
}

/** After its own end a span was not at work, whoever it had started. */
function addOwn(
  stretches: PathStretch[],
  node: RunNode | null,
  fromNs: number,
  toNs: number,
): void {
  if (toNs <= fromNs) return;
  const ownEndNs = node === null ? fromNs : Math.max(fromNs, Math.min(toNs, node.endNs));
  if (toNs > ownEndNs) stretches.push({ node: null, fromNs: ownEndNs, toNs });
  if (ownEndNs > fromNs) stretches.push({ node, fromNs, toNs: ownEndNs });
}
