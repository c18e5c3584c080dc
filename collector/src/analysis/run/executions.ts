import { orchescope } from '@orchescope/sdk/attributes';
import type { SpanKind } from '../../span.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { isCreation } from './span-facts.ts';

const kinds: ReadonlySet<SpanKind> = new Set(['workflow', 'agent', 'turn']);

export function isExecution({ span }: RunNode): boolean {
  return kinds.has(span.kind) && !isCreation(span);
}

/**
 * What the run consists of at its top, in order of start time: workflows, else agents and turns, else roots. A workflow
 * inside of another is none, nor is one that names another run as its parent.
 */
export function toExecutions(tree: RunTree): readonly RunNode[] {
  const tops = toTopmost(tree);
  const workflows = tops.filter(({ span }) => span.kind === 'workflow');
  const own = workflows.filter(({ span }) => !span.attributes.has(orchescope.runParentId));
  return [own, workflows, tops].find(({ length }) => length > 0) ?? tree.roots;
}

function toTopmost(tree: RunTree): RunNode[] {
  const tops: RunNode[] = [];
  const open = [...tree.roots];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isExecution(node)) tops.push(node);
    else for (const child of node.children) open.push(child);
  }
  return tops.sort((a, b) => a.at - b.at);
}

export function rootOf(node: RunNode): RunNode {
  let root = node;
  while (root.parent !== null) root = root.parent;
  return root;
}
