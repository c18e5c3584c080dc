/** Columns of the skeleton, by node. */
import type { SpanKind, TraceSkeleton } from 'orchescope/contract';
import type { Tree } from './build-tree.ts';
import { bytesByNode, floatsByNode } from './by-node.ts';
import { kindNames } from './kinds.ts';
import { marks } from './trace-layout.ts';

/** Bits of the skeleton's `flags`. */
const flagBits = { running: 1, endBeforeStart: 2, badTime: 4, truncated: 8, wait: 16 } as const;

export function readMarks({ columns }: TraceSkeleton, tree: Tree): Uint16Array {
  const values = new Uint16Array(tree.count);
  for (let node = 0; node < tree.count; node += 1) {
    const row = tree.row[node] ?? -1;
    if (row < 0) continue;
    const flags = columns.flags[row] ?? 0;
    const isRunning = (flags & flagBits.running) !== 0 || (columns.duration[row] ?? 0) < 0;
    let value = 0;
    if (isRunning) value |= marks.running;
    if (columns.status[row] === 2) value |= marks.error;
    if ((flags & flagBits.badTime) !== 0) value |= marks.badTime;
    if ((flags & flagBits.endBeforeStart) !== 0) value |= marks.endBeforeStart;
    if ((flags & flagBits.truncated) !== 0) value |= marks.truncated;
    if ((flags & flagBits.wait) !== 0) value |= marks.wait;
    if ((columns.attempt[row] ?? 0) > 1) value |= marks.retry;
    if (tree.cutRows.has(row)) value |= marks.cycle;
    values[node] = value;
  }
  return values;
}

export function readKinds(
  kinds: readonly SpanKind[],
  column: readonly number[],
  tree: Tree,
): Uint8Array {
  const numbers = kinds.map((kind) => Math.max(0, kindNames.indexOf(kind)));
  return bytesByNode(tree.row, (row) => numbers[column[row] ?? -1] ?? 0);
}

export function readTokens({ columns }: TraceSkeleton, tree: Tree): Float64Array {
  return floatsByNode(tree.row, (row) => {
    const input = columns.inputTokens[row] ?? -1;
    const output = columns.outputTokens[row] ?? -1;
    return input < 0 && output < 0 ? -1 : Math.max(0, input) + Math.max(0, output);
  });
}

export function readCosts({ columns, omitted }: TraceSkeleton, tree: Tree): Float64Array {
  return floatsByNode(tree.row, (row, node) => {
    if (row >= 0) return columns.costMicroUsd[row] ?? -1;
    return omitted.costMicroUsd[tree.omission[node] ?? -1] ?? -1;
  });
}
