/** What a node's numbers say about it: self time, failures below, slower or dearer than its like. */
import { marks, nodeTypes } from './trace-layout.ts';
import type { Tree } from './build-tree.ts';

export type Times = { readonly start: Float64Array; readonly end: Float64Array };

/** Time of a span that none of its children covers. Children lie in start order, so one sweep does. */
export function selfTimes(tree: Tree, { start, end }: Times): Float64Array {
  const self = new Float64Array(tree.count);
  const coveredTo = start.slice();
  for (let node = 0; node < tree.count; node += 1) {
    if (tree.type[node] !== nodeTypes.span) continue;
    self[node] = (self[node] ?? 0) + (end[node] ?? 0) - (start[node] ?? 0);
    const p = tree.parent[node] ?? -1;
    if (p < 0 || tree.type[p] !== nodeTypes.span) continue;
    const from = Math.max(start[node] ?? 0, coveredTo[p] ?? 0);
    const to = Math.min(end[node] ?? 0, end[p] ?? 0);
    if (to <= from) continue;
    self[p] = (self[p] ?? 0) - (to - from);
    coveredTo[p] = to;
  }
  return self;
}

/** Sets `bit` on every ancestor of a node that carries one of `from`. */
export function markAncestors(tree: Tree, values: Uint16Array, from: number, bit: number): void {
  for (let node = tree.count - 1; node >= 0; node -= 1) {
    if (((values[node] ?? 0) & from) === 0) continue;
    values[node] = (values[node] ?? 0) | bit;
    const p = tree.parent[node] ?? -1;
    if (p >= 0) values[p] = (values[p] ?? 0) | bit;
  }
}

/** Below this many alike, "slower than 95 %" says nothing. */
const alikeAtLeast = 20;

export function markSlow(
  name: Int32Array,
  kind: Uint8Array,
  { start, end }: Times,
  values: Uint16Array,
): void {
  for (const nodes of groupAlike(name, kind)) {
    if (nodes.length < alikeAtLeast) continue;
    const durations = new Float64Array(nodes.length);
    for (const [i, node] of nodes.entries()) durations[i] = (end[node] ?? 0) - (start[node] ?? 0);
    const limit = percentile(durations.slice().sort(), 0.95);
    for (const [i, node] of nodes.entries()) {
      if ((durations[i] ?? 0) > limit) values[node] = (values[node] ?? 0) | marks.slow;
    }
  }
}

function groupAlike(name: Int32Array, kind: Uint8Array): Iterable<number[]> {
  const groups = new Map<number, number[]>();
  for (let node = 0; node < name.length; node += 1) {
    const nameNumber = name[node] ?? -1;
    if (nameNumber < 0) continue;
    const key = nameNumber * 256 + (kind[node] ?? 0);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  return groups.values();
}

/** The dearest twentieth of the spans that cost anything, at least one. */
export function markCostly(costMicroUsd: Float64Array, values: Uint16Array): void {
  const known = costMicroUsd.filter((cost) => cost > 0).sort();
  if (known.length === 0) return;
  const limit = known[Math.min(known.length - 1, Math.floor(known.length * 0.95))] ?? 0;
  for (let node = 0; node < costMicroUsd.length; node += 1) {
    if ((costMicroUsd[node] ?? 0) >= limit) values[node] = (values[node] ?? 0) | marks.costly;
  }
}

/** Nearest rank; `sorted` ascending. */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** The deepest failure that started first: the one with no failure below it, not those that passed it on. */
export function findFirstError(tree: Tree, { start }: Times, values: Uint16Array): number {
  let found = -1;
  const failsBelow = new Uint8Array(tree.count);
  for (let node = tree.count - 1; node >= 0; node -= 1) {
    if (((values[node] ?? 0) & marks.errorWithin) === 0) continue;
    const p = tree.parent[node] ?? -1;
    if (p >= 0) failsBelow[p] = 1;
    if (failsBelow[node] === 1 || ((values[node] ?? 0) & marks.error) === 0) continue;
    if (found < 0 || (start[node] ?? 0) <= (start[found] ?? 0)) found = node;
  }
  return found;
}
