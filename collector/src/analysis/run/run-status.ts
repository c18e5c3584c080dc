/** How a run ended, or that it did not. */
import { eventAttributes, orchescope } from '@orchescope/sdk/attributes';
import type { RunSpan } from '../../run-span.ts';
import type { RunStatus } from '../../run.ts';
import type { SpanKind } from '../../span.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { hasFailed, isCreation, isPause, textOf, wasCancelled } from './span-facts.ts';

export type Verdict = {
  readonly status: RunStatus;
  readonly reason: string;
  readonly errorType: string;
};

const completed: Verdict = { status: 'completed', reason: '', errorType: '' };
const running: Verdict = { status: 'running', reason: '', errorType: '' };

/** `executions` are what `toExecutions` found: the last of them to end says how the run ended. */
export function toVerdict(tree: RunTree, executions: readonly RunNode[]): Verdict {
  const waiting = findOpenApproval(tree);
  const rooted = new Set(tree.roots.filter(isRoot).map(({ span }) => span.traceId));
  if (tree.roots.some((root) => isOpen(root, executions, rooted)))
    return waiting === null ? running : suspendedBy(waiting);
  const last = executions.reduce<RunNode | null>(
    (last, node) => (last === null || node.endNs >= last.endNs ? node : last),
    null,
  );
  if (last === null) return completed;
  const verdict = judge(last);
  const root = rootOf(last);
  return verdict.status === 'completed' && root !== last ? judge(root) : verdict;
}

const isRoot = ({ span }: RunNode): boolean => span.parentSpanId === '';

/** An orphan in a trace whose root has ended only lost its parent. */
function isOpen(
  root: RunNode,
  executions: readonly RunNode[],
  rooted: ReadonlySet<string>,
): boolean {
  if (root.span.endNs === null) return !wasResumed(root, executions);
  return !isRoot(root) && !rooted.has(root.span.traceId) && !isEntry(root.span);
}

/** Its process died, and another went on with it. */
function wasResumed(root: RunNode, executions: readonly RunNode[]): boolean {
  return executions.some(
    (other) => other !== root && other.span.runId === root.span.runId && isResumeOf(other, root),
  );
}

function isResumeOf({ span }: RunNode, root: RunNode): boolean {
  const { traceId, spanId } = root.span;
  return span.links.some(
    (link) => link.rel === 'resumes' && link.traceId === traceId && link.spanId === spanId,
  );
}

const server = 2;
const consumer = 5;

/**
 * The parent of an orphan is still open, or on its way: spans arrive when they end. Not so where the parent belongs to
 * a caller that sends its spans to somebody else.
 */
function isEntry({ kind, otelKind, attributes }: RunSpan): boolean {
  const isOuter = kind === 'workflow' && !attributes.has(orchescope.runParentId);
  return isOuter || otelKind === server || otelKind === consumer;
}

function findOpenApproval({ nodes }: RunTree): RunNode | null {
  return nodes.find(({ span }) => span.kind === 'approval' && span.endNs === null) ?? null;
}

function suspendedBy({ span }: RunNode): Verdict {
  const reason = textOf(span, orchescope.approvalSubject) || span.name;
  return { status: 'suspended', reason, errorType: '' };
}

function rootOf(node: RunNode): RunNode {
  let root = node;
  while (root.parent !== null) root = root.parent;
  return root;
}

/** What a sender says in `orchescope.run.outcome`. A run that stopped itself before its end did not reach its goal. */
const outcomes: Readonly<Record<string, RunStatus>> = {
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  abandoned: 'cancelled',
  suspended: 'suspended',
  partial: 'partial',
  terminated: 'failed',
};

function judge(node: RunNode): Verdict {
  const { span } = node;
  const told = textOf(span, orchescope.runOutcome);
  const status = outcomes[told] ?? toForeignStatus(node);
  const reason = textOf(span, orchescope.runReason) || span.statusMessage || interruptReason(span);
  const errorType = told === 'terminated' ? 'terminated' : span.errorType;
  if (status === 'completed') return { ...completed, reason: textOf(span, orchescope.runReason) };
  return { status, reason, errorType: status === 'failed' ? errorType : '' };
}

function toForeignStatus(node: RunNode): RunStatus {
  const { span } = node;
  if (isPause(span) || hasSuspendedStep(node) || isInterrupted(span)) return 'suspended';
  if (wasCancelled(span)) return 'cancelled';
  return hasFailed(span) ? 'failed' : 'completed';
}

/** Mastra: the latest state of each step. */
function hasSuspendedStep({ children }: RunNode): boolean {
  const states = new Map<string, string>();
  for (const { span } of children) {
    const state = textOf(span, 'mastra.workflow_step.status');
    if (state !== '') states.set(textOf(span, 'mastra.workflow_step.step_id') || span.name, state);
  }
  return [...states.values()].some((state) => state === 'suspended' || state === 'waiting');
}

function isInterrupted(span: RunSpan): boolean {
  return span.events.some(({ name }) => name === 'orchescope.interrupt');
}

function interruptReason(span: RunSpan): string {
  const interrupt = span.events.find(({ name }) => name === 'orchescope.interrupt');
  return interrupt === undefined ? '' : textOf(interrupt, eventAttributes.interrupt.reason);
}

const execution: ReadonlySet<SpanKind> = new Set(['workflow', 'agent', 'turn']);

/**
 * What the run consists of at its top: workflows, else agents and turns, else roots. A nested workflow is none, nor is
 * one that names another run as its parent.
 */
export function toExecutions(tree: RunTree): RunNode[] {
  const tops = toTopmost(tree);
  const workflows = tops.filter(({ span }) => span.kind === 'workflow');
  const own = workflows.filter(({ span }) => !span.attributes.has(orchescope.runParentId));
  return [own, workflows, tops, tree.roots].find(({ length }) => length > 0)?.slice() ?? [];
}

function toTopmost(tree: RunTree): RunNode[] {
  const tops: RunNode[] = [];
  const open = [...tree.roots];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (execution.has(node.span.kind) && !isCreation(node.span)) tops.push(node);
    else for (const child of node.children) open.push(child);
  }
  return tops.sort((a, b) => a.at - b.at);
}
