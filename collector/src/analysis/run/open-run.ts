/** Whether a run is still at it. */
import { orchescope } from '@orchescope/sdk/attributes';
import type { RunSpan } from '../../run-span.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { isExecution } from './executions.ts';
import { isWait } from './run-times.ts';

/** A run is open while a root of it is, or has not arrived: spans arrive when they end. */
export function isOpen(tree: RunTree, nowNs: number): boolean {
  const rooted = new Set(tree.roots.filter(isRoot).map(({ span }) => span.traceId));
  const orphans = tree.roots.filter((node) => !isRoot(node) && !rooted.has(node.span.traceId));
  return (
    tree.roots.some((root) => root.span.endNs === null && !wasResumed(tree, root)) ||
    (orphans.some(({ span }) => !isEntry(span)) && !areFiltered(tree, orphans, nowNs))
  );
}

const isRoot = ({ span }: RunNode): boolean => span.parentSpanId === '';

/** Its process died, and another went on with it. */
function wasResumed(tree: RunTree, root: RunNode): boolean {
  return tree.linkedFrom(root).some(({ rel }) => rel === 'resumes');
}

const server = 2;
const consumer = 5;

/** Its parent belongs to a caller, which sends its spans to somebody else. */
function isEntry({ kind, otelKind, attributes }: RunSpan): boolean {
  const isOuter = kind === 'workflow' && !attributes.has(orchescope.runParentId);
  return isOuter || otelKind === server || otelKind === consumer;
}

const quietNs = 900e9;

/**
 * Many send spans of models and agents alone, and the request around them never arrives. After a quarter of an hour
 * whole agents without a parent are taken for roots. Not those of our SDK: its runs begin with a span of their own.
 */
function areFiltered({ endNs }: RunTree, orphans: readonly RunNode[], nowNs: number): boolean {
  return (
    nowNs - endNs >= quietNs &&
    orphans.every((node) => isExecution(node) && node.span.dialect !== 'orchescope')
  );
}

/** The approval that a run waits for: nothing else is at work. */
export function findAwaited({ nodes }: RunTree): RunNode | null {
  const open = nodes.filter(({ span }) => span.endNs === null);
  const awaited = open.find(({ span }) => span.kind === 'approval') ?? null;
  const works = open.some((node) => !isWait(node.span) && !node.children.some(isUnended));
  return works ? null : awaited;
}

const isUnended = ({ span }: RunNode): boolean => span.endNs === null;
