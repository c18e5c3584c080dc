/**
 * Siblings in a row that say the same thing become one row: repeats of one name and kind, the iterations of a loop,
 * the attempts of one operation. A fold only groups; which members stay in sight is decided when rows are listed.
 */
import type { Tree } from './build-tree.ts';
import { percentile } from './measure.ts';
import type { Times } from './measure.ts';
import { foldTypes, marks, nodeTypes } from './trace-layout.ts';
import type { Folds } from './trace-layout.ts';

const repeatsAtLeast = 4;
const attemptsAtLeast = 2;

export type FoldColumns = Times & {
  readonly name: Int32Array;
  readonly kind: Uint8Array;
  readonly attempt: Int32Array;
  readonly loopIteration: Int32Array;
  readonly costMicroUsd: Float64Array;
  readonly marks: Uint16Array;
};

type Fold = { readonly type: number; readonly members: readonly number[] };

export function findFolds(tree: Tree, columns: FoldColumns): Folds {
  const folds: Fold[] = [];
  const ofNode = new Int32Array(tree.count).fill(-1);
  for (let node = -1; node < tree.count; node += 1) {
    const children = childrenOf(tree, node);
    if (children.length < attemptsAtLeast) continue;
    for (const fold of foldsAmong(children, tree, columns)) {
      for (const member of fold.members) ofNode[member] = folds.length;
      folds.push(fold);
    }
  }
  return toColumns(folds, ofNode, tree, columns);
}

function childrenOf(tree: Tree, node: number): number[] {
  const children: number[] = [];
  const stop = node < 0 ? tree.count : (tree.subtreeEnd[node] ?? 0);
  for (let child = node + 1; child < stop; child = tree.subtreeEnd[child] ?? stop) {
    children.push(child);
  }
  return children;
}

function foldsAmong(children: readonly number[], tree: Tree, columns: FoldColumns): Fold[] {
  const folds: Fold[] = [];
  let i = 0;
  while (i < children.length) {
    const attempts = takeWhile(children, i, (prev, node) => isNextAttempt(prev, node, columns));
    if (attempts.length >= attemptsAtLeast && (columns.attempt[children[i] ?? 0] ?? 0) <= 1) {
      folds.push({ type: foldTypes.attempts, members: attempts });
      i += attempts.length;
      continue;
    }
    const alike = takeWhile(
      children,
      i,
      (prev, node) => isAlike(prev, node, tree, columns) && (columns.attempt[node] ?? 0) <= 1,
    );
    const type = alike.every((node) => (columns.loopIteration[node] ?? 0) > 0)
      ? foldTypes.iterations
      : foldTypes.repeat;
    // The last one may be the first attempt of several; then it belongs to those.
    const next = children[i + alike.length];
    const last = alike.at(-1);
    const isSplit = next !== undefined && last !== undefined && isNextAttempt(last, next, columns);
    const members = isSplit && alike.length > 1 ? alike.slice(0, -1) : alike;
    if (members.length >= repeatsAtLeast) folds.push({ type, members });
    i += members.length;
  }
  return folds;
}

function takeWhile(
  nodes: readonly number[],
  from: number,
  goesOn: (previous: number, node: number) => boolean,
): readonly number[] {
  let to = from + 1;
  while (to < nodes.length && goesOn(nodes[to - 1] ?? 0, nodes[to] ?? 0)) to += 1;
  return nodes.slice(from, to);
}

function isAlike(a: number, b: number, tree: Tree, { name, kind }: FoldColumns): boolean {
  const areSpans = tree.type[a] === nodeTypes.span && tree.type[b] === nodeTypes.span;
  return areSpans && name[a] === name[b] && kind[a] === kind[b];
}

function isNextAttempt(a: number, b: number, { name, kind, attempt }: FoldColumns): boolean {
  // Many senders number only the second attempt and those after it.
  const follows = attempt[b] === Math.max(1, attempt[a] ?? 0) + 1;
  return follows && name[a] === name[b] && kind[a] === kind[b];
}

function toColumns(
  folds: readonly Fold[],
  ofNode: Int32Array,
  tree: Tree,
  columns: FoldColumns,
): Folds {
  const costBefore = runningSum(columns.costMicroUsd);
  const first = Int32Array.from(folds, ({ members }) => members[0] ?? 0);
  const end = Int32Array.from(folds, ({ members }) => tree.subtreeEnd[members.at(-1) ?? 0] ?? 0);
  const durations = folds.map(({ members }) =>
    Float64Array.from(
      members,
      (node) => (columns.end[node] ?? 0) - (columns.start[node] ?? 0),
    ).sort(),
  );
  return {
    count: folds.length,
    type: Uint8Array.from(folds, ({ type }) => type),
    first,
    end,
    members: Int32Array.from(folds, ({ members }) => members.length),
    errors: Int32Array.from(folds, ({ members }) => countErrors(members, columns.marks)),
    critical: Uint8Array.from(folds, ({ members }) =>
      members.some((node) => ((columns.marks[node] ?? 0) & marks.critical) !== 0) ? 1 : 0,
    ),
    p50: Float64Array.from(durations, (sorted) => percentile(sorted, 0.5)),
    p95: Float64Array.from(durations, (sorted) => percentile(sorted, 0.95)),
    costMicroUsd: first.length === 0 ? new Float64Array() : costs(first, end, costBefore),
    ofNode,
  };
}

function countErrors(members: readonly number[], values: Uint16Array): number {
  return members.filter((node) => ((values[node] ?? 0) & marks.errorWithin) !== 0).length;
}

function costs(first: Int32Array, end: Int32Array, costBefore: Float64Array): Float64Array {
  return Float64Array.from(
    first,
    (from, fold) => (costBefore[end[fold] ?? 0] ?? 0) - (costBefore[from] ?? 0),
  );
}

/** `[i]` = sum of what is known before node `i`. */
function runningSum(costMicroUsd: Float64Array): Float64Array {
  const sum = new Float64Array(costMicroUsd.length + 1);
  for (const [node, cost] of costMicroUsd.entries()) {
    sum[node + 1] = (sum[node] ?? 0) + Math.max(0, cost);
  }
  return sum;
}
