import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { numberOf } from './span-facts.ts';

/**
 * Tries after the first. A try tells of itself by its number or a link to the try before, and what tries again may tell
 * of it by an event: under one parent the more of both counts, so that no try counts twice.
 */
export function countRetries(tree: RunTree): number {
  const tries = new Map<RunNode | null, number>();
  const events = new Map<RunNode | null, number>();
  for (const node of tree.nodes) {
    if (isRetry(node)) add(tries, node.parent, 1);
    const told = node.span.events.filter(({ name }) => name === 'orchescope.retry').length;
    if (told > 0) add(events, node.span.attempt > 0 ? node.parent : node, told);
  }
  let count = 0;
  for (const parent of new Set([...tries.keys(), ...events.keys()]))
    count += Math.max(tries.get(parent) ?? 0, events.get(parent) ?? 0);
  return count;
}

export function isRetry({ span, parent }: RunNode): boolean {
  // A wrapper and what it wraps may both bear the number of the try.
  if (span.attempt > 1) return parent?.span.attempt !== span.attempt;
  if (span.links.some(({ rel }) => rel === 'retries')) return true;
  return (numberOf(span, 'http.request.resend_count') ?? 0) > 0;
}

function add(counts: Map<RunNode | null, number>, key: RunNode | null, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
