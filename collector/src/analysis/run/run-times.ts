/** When a run was at work, and when it waited. */
import { eventAttributes, orchescope } from '@orchescope/sdk/attributes';
import type { RunSpan } from '../../run-span.ts';
import { spanFlags, type SpanKind } from '../../span.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { sumOutside, toUnion, type Interval } from './intervals.ts';
import { numberOf } from './span-facts.ts';

export type RunTimes = {
  readonly startNs: number;
  /** The last start or end that was seen. */
  readonly endNs: number;
  readonly activeNs: number;
};

/** Spans whose clock cannot be trusted say nothing about time, unless there are no others. */
export function toRunTimes(tree: RunTree): RunTimes {
  const trusted = tree.nodes.filter(({ span }) => (span.flags & spanFlags.badTime) === 0);
  const nodes = trusted.length > 0 ? trusted : tree.nodes;
  const startNs = nodes.reduce((first, { span }) => Math.min(first, span.startNs), Infinity);
  const endNs = nodes.reduce(
    (last, { span }) => Math.max(last, span.endNs ?? span.startNs),
    -Infinity,
  );
  if (nodes.length === 0) return { startNs: 0, endNs: 0, activeNs: 0 };
  return { startNs, endNs, activeNs: toActiveNs(nodes, endNs) };
}

/**
 * At work are spans with nothing open below them. Where only the spans that hold others are open, a message in a queue
 * or a pause before the next try means that they wait.
 */
function toActiveNs(nodes: readonly RunNode[], endNs: number): number {
  const working: Interval[] = [];
  const holding: Interval[] = [];
  for (const node of nodes) {
    if (isWait(node.span)) continue;
    const into = holds(node) ? holding : working;
    for (const own of toOwnTime(node, endNs)) into.push(own);
  }
  const work = toUnion(working);
  const waits = toUnion([...work, ...nodes.flatMap(toWaits)]);
  return work.reduce((sum, { from, until }) => sum + until - from, 0) + sumOutside(holding, waits);
}

export function isWait({ kind, flags }: RunSpan): boolean {
  return kind === 'approval' || (flags & spanFlags.wait) !== 0;
}

const holders: ReadonlySet<SpanKind> = new Set([
  'other',
  'workflow',
  'agent',
  'turn',
  'step',
  'plan',
  'route',
  'handoff',
  'queue',
]);

function holds({ span, children }: RunNode): boolean {
  return children.length > 0 && holders.has(span.kind);
}

/** Its time without that of its children. */
function toOwnTime({ span, children }: RunNode, lastNs: number): Interval[] {
  const own: Interval[] = [];
  const until = span.endNs ?? Math.max(span.startNs, lastNs);
  let from = span.startNs;
  for (const child of children) {
    if (child.span.startNs >= until) break;
    if (child.span.startNs > from) own.push({ from, until: child.span.startNs });
    from = Math.max(from, child.span.endNs ?? lastNs);
  }
  if (from < until) own.push({ from, until });
  return own;
}

/** Of a message before it was taken, and of a failed try before the next. */
function toWaits({ span }: RunNode): Interval[] {
  const waits: Interval[] = [];
  const queuedS = numberOf(span, orchescope.queueWait);
  if (queuedS !== null && queuedS > 0)
    waits.push({ from: span.startNs - queuedS * 1e9, until: span.startNs });
  for (const event of span.events) {
    const waitedS = numberOf(event, eventAttributes.queue.waitMs);
    if (event.name === 'orchescope.queue' && waitedS !== null && waitedS > 0)
      waits.push({ from: event.timeNs - waitedS * 1e9, until: event.timeNs });
    const delayS = numberOf(event, eventAttributes.retry.delayMs);
    if (event.name === 'orchescope.retry' && delayS !== null && delayS > 0)
      waits.push({ from: event.timeNs, until: event.timeNs + delayS * 1e9 });
  }
  return waits;
}
