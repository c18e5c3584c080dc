/** How a run ended, or that it did not. */
import { eventAttributes, orchescope } from '@orchescope/sdk/attributes';
import type { RunSpan } from '../../run-span.ts';
import type { RunStatus } from '../../run.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import type { Subtrees } from '../tree/subtrees.ts';
import { rootOf } from './executions.ts';
import { findAwaited, isOpen } from './open-run.ts';
import { hasFailed, isPause, textOf, wasCancelled } from './span-facts.ts';

export type Verdict = {
  readonly status: RunStatus;
  readonly reason: string;
  readonly errorType: string;
};

/** `executions` are what `toExecutions` found: the last of them to end says how the run ended. */
export function toVerdict(
  tree: RunTree,
  subtrees: Subtrees,
  executions: readonly RunNode[],
  nowNs: number,
): Verdict {
  if (isOpen(tree, nowNs)) return toOpenVerdict(findAwaited(tree));
  const last = executions.reduce<RunNode | null>(
    (last, node) => (last === null || node.endNs >= last.endNs ? node : last),
    null,
  );
  if (last === null) return { status: 'completed', reason: '', errorType: '' };
  const verdict = judge(last, subtrees);
  const root = rootOf(last);
  // A request may fail after its agents have done their work.
  return verdict.status === 'completed' && root !== last ? judge(root, subtrees) : verdict;
}

function toOpenVerdict(awaited: RunNode | null): Verdict {
  if (awaited === null) return { status: 'running', reason: '', errorType: '' };
  const reason = textOf(awaited.span, orchescope.approvalSubject) || awaited.span.name;
  return { status: 'suspended', reason, errorType: '' };
}

/** What a sender says in `orchescope.run.outcome`. A run that stopped itself before its end did not reach its goal. */
const outcomes: ReadonlyMap<string, RunStatus> = new Map([
  ['completed', 'completed'],
  ['failed', 'failed'],
  ['cancelled', 'cancelled'],
  ['abandoned', 'cancelled'],
  ['suspended', 'suspended'],
  ['partial', 'partial'],
  ['terminated', 'failed'],
]);

function judge(node: RunNode, subtrees: Subtrees): Verdict {
  const { span } = node;
  const told = textOf(span, orchescope.runOutcome);
  const paused = told === '' && !hasFailed(span) ? findPause(node, subtrees) : null;
  const status = outcomes.get(told) ?? (paused === null ? toPlainStatus(span) : 'suspended');
  const reason = textOf(span, orchescope.runReason);
  if (status === 'completed') return { status, reason, errorType: '' };
  const errorType = told === 'terminated' ? told : span.errorType;
  return {
    status,
    reason: reason || (paused === null ? span.statusMessage : toPauseReason(paused)),
    errorType: status === 'failed' ? errorType : '',
  };
}

function toPlainStatus(span: RunSpan): RunStatus {
  if (wasCancelled(span)) return 'cancelled';
  return hasFailed(span) ? 'failed' : 'completed';
}

/** What at or below the node made it pause, and was not gone on with. */
function findPause(node: RunNode, { topDown, from, until }: Subtrees): RunSpan | null {
  const steps = new Map<string, RunSpan>();
  for (let i = from[node.at] ?? 0; i < (until[node.at] ?? 0); i += 1) {
    const span = topDown[i]?.span;
    if (span === undefined) break;
    if (isPause(span) || (span === node.span && isInterrupted(span))) return span;
    // Mastra tells of each state of a step; its latest counts.
    const id = textOf(span, 'mastra.workflow_step.step_id');
    if (id !== '') steps.set(id, span);
  }
  return [...steps.values()].find(isSuspendedStep) ?? null;
}

function isSuspendedStep(span: RunSpan): boolean {
  const state = textOf(span, 'mastra.workflow_step.status');
  return state === 'suspended' || state === 'waiting';
}

/** An agent further down may be interrupted, and what is around it goes on. */
function isInterrupted(span: RunSpan): boolean {
  return span.events.some(({ name }) => name === 'orchescope.interrupt');
}

function toPauseReason(span: RunSpan): string {
  const interrupt = span.events.find(({ name }) => name === 'orchescope.interrupt');
  const told = interrupt === undefined ? '' : textOf(interrupt, eventAttributes.interrupt.reason);
  return told || span.name;
}
