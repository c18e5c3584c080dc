/** Which spans of a very large trace are sent, and what is told of the others. */
import { spanFlags, spanKinds } from '../../span.ts';

export type RowFacts = {
  readonly parent: Int32Array;
  readonly kind: Uint8Array;
  readonly status: Int8Array;
  readonly flags: Uint16Array;
  readonly duration: Float64Array;
  readonly costMicroUsd: Float64Array;
};

export type Omitted = {
  /** Row, among those kept, under which the others are missing; -1 = at the top. */
  readonly parent: number[];
  readonly count: number[];
  readonly durationNs: number[];
  readonly costMicroUsd: number[];
};

export type Cut = {
  /** Rows to keep, in their order. */
  readonly kept: Int32Array;
  readonly omitted: Omitted;
};

const agentKind = spanKinds.indexOf('agent');
const handoffKind = spanKinds.indexOf('handoff');
const errorStatus = 2;

/**
 * Roots, agents, handoffs, errors and waits first, then the longest of each parent in turn, so that no part of the
 * tree is empty. Whoever is kept keeps all ancestors: nothing hangs in the air.
 */
export function cutRows(facts: RowFacts, limit: number): Cut {
  const size = facts.parent.length;
  if (size <= limit)
    return { kept: Int32Array.from({ length: size }, (_, row) => row), omitted: none() };
  const keep = new Uint8Array(size);
  let room = limit;
  for (const row of rankRows(facts)) {
    const chain = missingChain(facts.parent, keep, row, room);
    if (chain === undefined) continue;
    for (const one of chain) keep[one] = 1;
    room -= chain.length;
    if (room === 0) break;
  }
  return toCut(facts, keep);
}

function none(): Omitted {
  return { parent: [], count: [], durationNs: [], costMicroUsd: [] };
}

/** The row and its ancestors that are not kept yet; undefined when they need more room than there is. */
function missingChain(
  parent: Int32Array,
  keep: Uint8Array,
  row: number,
  room: number,
): number[] | undefined {
  const chain: number[] = [];
  for (let one = row; one >= 0 && keep[one] === 0; one = parent[one] ?? -1) {
    if (chain.length === room) return undefined;
    chain.push(one);
  }
  return chain;
}

/** Important rows, then by place among siblings: every parent's longest, every parent's second longest, ... */
function rankRows(facts: RowFacts): Int32Array {
  const size = facts.parent.length;
  const byDuration = Int32Array.from({ length: size }, (_, row) => row).sort(
    (a, b) => spent(facts, b) - spent(facts, a) || a - b,
  );
  const place = new Int32Array(size);
  const seen = new Map<number, number>();
  for (const row of byDuration) {
    const parent = facts.parent[row] ?? -1;
    const before = seen.get(parent) ?? 0;
    seen.set(parent, before + 1);
    place[row] = isImportant(facts, row) ? -1 : before;
  }
  return byDuration.sort(
    (a, b) => (place[a] ?? 0) - (place[b] ?? 0) || spent(facts, b) - spent(facts, a) || a - b,
  );
}

/** A running span counts as the longest. */
function spent(facts: RowFacts, row: number): number {
  const duration = facts.duration[row] ?? 0;
  return duration < 0 ? Number.MAX_SAFE_INTEGER : duration;
}

function isImportant(facts: RowFacts, row: number): boolean {
  const kind = facts.kind[row];
  return (
    (facts.parent[row] ?? -1) < 0 ||
    kind === agentKind ||
    kind === handoffKind ||
    facts.status[row] === errorStatus ||
    ((facts.flags[row] ?? 0) & spanFlags.wait) !== 0
  );
}

function toCut(facts: RowFacts, keep: Uint8Array): Cut {
  const kept = Int32Array.from(Array.from(keep.keys()).filter((row) => keep[row] === 1));
  const newRow = new Map(Array.from(kept, (row, at) => [row, at]));
  const groups = new Map<number, { count: number; durationNs: number; costMicroUsd: number }>();
  for (let row = 0; row < keep.length; row += 1) {
    if (keep[row] === 1) continue;
    const parent = newRow.get(keptAncestor(facts.parent, keep, row)) ?? -1;
    const group = groups.get(parent) ?? { count: 0, durationNs: 0, costMicroUsd: 0 };
    group.count += 1;
    group.durationNs += Math.max(0, facts.duration[row] ?? 0);
    group.costMicroUsd += Math.max(0, facts.costMicroUsd[row] ?? 0);
    groups.set(parent, group);
  }
  const all = [...groups].toSorted(([a], [b]) => a - b);
  const omitted = {
    parent: all.map(([parent]) => parent),
    count: all.map(([, group]) => group.count),
    durationNs: all.map(([, group]) => group.durationNs),
    costMicroUsd: all.map(([, group]) => group.costMicroUsd),
  };
  return { kept, omitted };
}

function keptAncestor(parent: Int32Array, keep: Uint8Array, row: number): number {
  let one = parent[row] ?? -1;
  while (one >= 0 && keep[one] === 0) one = parent[one] ?? -1;
  return one;
}
