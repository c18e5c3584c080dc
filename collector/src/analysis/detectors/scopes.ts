/** In which life of which agent something happens. */
import type { RunNode } from '../tree/run-tree.ts';
import { createNearest } from './nearest.ts';
import { isOfKind, textOf } from './siblings.ts';

/** What one thread of thought runs in, itself included; null outside of all. */
export type ScopeOf = (node: RunNode) => RunNode | null;

export function createScopeOf(): ScopeOf {
  const nearest = createNearest(isScope);
  return (node) => (isScope(node) ? node : nearest(node));
}

/** Graphs may name no agents, and branches of one agent run side by side. */
export function isScope(node: RunNode): boolean {
  if (isOfKind(node, 'agent', 'workflow')) return true;
  return (
    isOfKind(node, 'step') && textOf(node.span.attributes, 'orchescope.step.type') === 'branch'
  );
}
