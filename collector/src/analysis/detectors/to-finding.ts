import type { Finding } from '../../run.ts';
import type { Detected } from './detector.ts';
import type { RunNode } from '../tree/run-tree.ts';
import { toName } from './text.ts';

export const maxEvidenceSpans = 100;

export type FindingDraft = Omit<Finding, 'spans' | 'spanCount' | 'variant'> & {
  /** Empty where the kind has one shape. */
  readonly variant?: string;
  /** The evidence, in any order, repeated or not. */
  readonly nodes: readonly RunNode[];
  /** What would not have been without the fault, where its calls are waste of their own. */
  readonly wasted?: readonly RunNode[];
};

/** Evidence comes in the order it happened, each span once; of more than the limit the first ones are named. */
export function toFinding({
  nodes,
  subject,
  variant = '',
  wasted = [],
  ...rest
}: FindingDraft): Detected {
  const inOrder = [...new Set(nodes)].sort((a, b) => a.at - b.at);
  const spans = inOrder
    .slice(0, maxEvidenceSpans)
    .map(({ span: { traceId, spanId } }) => ({ traceId, spanId }));
  const finding = { ...rest, variant, subject: toName(subject) };
  return { ...finding, spans, spanCount: inOrder.length, wasted };
}
