import { spanFlags } from '../../span.ts';
import type { Finding, FindingSeverity } from '../../run.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { toSubtrees } from '../tree/subtrees.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { toFanOuts, type FanOut } from './fan-outs.ts';
import { innerLabelOf } from './names.ts';
import { hasFailed, isOfKind } from './siblings.ts';
import { nameOr, toCount, toDuration, toFactor, toPercent } from './text.ts';
import { toFinding } from './to-finding.ts';

/** Senders round times to milliseconds. */
const toleranceNs = 2_000_000;

type Straggler = {
  readonly fanOut: FanOut;
  readonly node: RunNode;
  /** Time in which it alone was at work. */
  readonly slackNs: number;
  /** Its duration over the median of the others'. */
  readonly ratio: number;
  /** Part of the time of the fan-out that the others waited. */
  readonly share: number;
};

export const stragglerDetector = defineDetector({
  kind: 'straggler',
  thresholds: {
    ratio: {
      default: 3,
      min: 1.1,
      max: 1000,
      unit: 'ratio',
      description: 'How much longer than the median of the other branches it took.',
    },
    slackMs: {
      default: 5000,
      min: 1,
      max: 86_400_000,
      unit: 'ms',
      description: 'Time for which all other branches had ended.',
    },
    share: {
      default: 0.3,
      min: 0.01,
      max: 1,
      unit: 'share',
      description: 'Part of the time of the whole fan-out that this is.',
    },
    branches: {
      default: 3,
      min: 2,
      max: 10_000,
      unit: 'count',
      description: 'Branches that were at work at the same time.',
    },
  },
  detect(input, { ratio, slackMs, share, branches }) {
    const waits = toWaitsWithin(input.tree);
    const found = toFanOuts(input.tree, branches).flatMap((fanOut) => {
      const straggler = findStraggler(fanOut);
      if (straggler === null || straggler.ratio < ratio || straggler.share < share) return [];
      if (straggler.slackNs < slackMs * 1e6) return [];
      // Whoever waits for a person is not slow.
      return waits(straggler.node) * 2 >= straggler.slackNs ? [] : [straggler];
    });
    return innermost(found, input.tree).map((each) => toStraggler(each, ratio, input));
  },
});

function findStraggler(fanOut: FanOut): Straggler | null {
  const { parent, branches } = fanOut;
  const [last, second] = branches.toSorted((a, b) => b.endNs - a.endNs);
  if (last === undefined || second === undefined) return null;
  // Who goes on without it does not wait for it.
  if (parent !== null && !isAwaited(parent, last, second.endNs)) return null;
  const others = branches.filter((node) => node !== last).map(durationOf);
  const median = others.toSorted((a, b) => a - b)[Math.floor((others.length - 1) / 2)] ?? 0;
  const startNs = branches[0]?.span.startNs ?? 0;
  const slackNs = last.endNs - second.endNs;
  return {
    fanOut,
    node: last,
    slackNs,
    ratio: durationOf(last) / Math.max(median, 1),
    share: slackNs / Math.max(last.endNs - startNs, 1),
  };
}

const durationOf = ({ span, endNs }: RunNode): number => endNs - span.startNs;

function isAwaited(parent: RunNode, last: RunNode, othersEndNs: number): boolean {
  if (parent.endNs + toleranceNs < last.endNs) return false;
  return !parent.children.some(
    (child) =>
      child !== last &&
      child.span.startNs >= othersEndNs - toleranceNs &&
      child.span.startNs < last.endNs - toleranceNs,
  );
}

/** Time of approvals and other waits at or below a node. */
function toWaitsWithin(tree: RunTree): (node: RunNode) => number {
  const { topDown } = toSubtrees(tree);
  const sums = new Float64Array(tree.nodes.length);
  for (const node of topDown.toReversed()) {
    const isWait = isOfKind(node, 'approval') || (node.span.flags & spanFlags.wait) !== 0;
    if (isWait) sums[node.at] = durationOf(node);
    if (node.parent !== null)
      sums[node.parent.at] = (sums[node.parent.at] ?? 0) + (sums[node.at] ?? 0);
  }
  return (node) => sums[node.at] ?? 0;
}

/** A branch that is slow because of a straggler of its own is explained by that one. */
function innermost(found: readonly Straggler[], tree: RunTree): readonly Straggler[] {
  const { from, until } = toSubtrees(tree);
  const inOrder = found.toSorted((a, b) => (from[a.node.at] ?? 0) - (from[b.node.at] ?? 0));
  return inOrder.filter(({ node, slackNs }, index) => {
    const inner = inOrder[index + 1];
    if (inner === undefined) return true;
    const isBelow = (from[inner.node.at] ?? 0) < (until[node.at] ?? 0);
    return !isBelow || inner.node === node || inner.slackNs * 2 < slackNs;
  });
}

function toStraggler(
  { fanOut, node, slackNs, ratio, share }: Straggler,
  least: number,
  { run }: DetectorInput,
): Finding {
  const { branches } = fanOut;
  const name = nameOr(nameBranch(node), 'One branch');
  const usual = branches.filter((other) => other !== node);
  const waited = slackNs / 1e6;
  const end = hasFailed(node) ? ', and then it failed' : '';
  return toFinding({
    kind: 'straggler',
    severity: severityOf(slackNs, run.durationNs),
    subject: nameBranch(node),
    sentence: `${name} took ${toDuration(durationOf(node) / 1e6)}, ${toFactor(ratio)} times as long as the usual one of ${toCount(branches.length)} branches: the others had ended and waited ${toDuration(waited)} for it (${toPercent(share)} of the fan-out)${end}.`,
    advice: `Put a deadline on ${name} and go on with what the others brought, split its work, or start it first.`,
    nodes: [node, ...usual],
    waste: { ms: waited, tokens: null, costTrillionths: null },
    threshold: { name: 'ratio', value: least, measured: ratio },
  });
}

/** By what the run as a whole lost: a minute and half of its time, a fifth of it, less. */
function severityOf(slackNs: number, runNs: number): FindingSeverity {
  if (slackNs >= runNs / 2 && slackNs >= 60e9) return 'critical';
  return slackNs >= runNs / 5 ? 'warning' : 'info';
}

/** Frameworks put a workflow around every agent, all of one name. */
function nameBranch(node: RunNode): string {
  const [only, ...others] = node.children.filter((child) => isOfKind(child, 'agent'));
  const isWrapped = isOfKind(node, 'workflow') && only !== undefined && others.length === 0;
  return innerLabelOf(isWrapped ? only : node);
}
