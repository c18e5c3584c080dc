import type { Finding } from '../../run.ts';
import type { RunNode } from '../tree/run-tree.ts';
import { toCauses, wayDown } from './causes.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { labelOf } from './names.ts';
import { attemptOf, wasRetried } from './retry-layers.ts';
import { hasFailed, isOfKind } from './siblings.ts';
import { nameOr, plural } from './text.ts';
import { toFinding } from './to-finding.ts';
import { inBrackets, wasteOf } from './waste.ts';

/** So much work that one error threw away is more than a nuisance. */
const criticalLost = 10;

export const missingErrorBoundaryDetector = defineDetector({
  kind: 'missing_error_boundary',
  thresholds: {
    lost: {
      default: 2,
      min: 1,
      max: 100_000,
      unit: 'count',
      description:
        'Calls of models, tools and agents that had succeeded before the error made them worthless.',
    },
  },
  detect(input, { lost }) {
    const root = fatalRoot(input);
    if (root === null) return [];
    const way = wayDown(root, toCauses(input.tree));
    const leaf = way.at(-1);
    if (leaf === undefined || leaf === root || !isWork(leaf)) return [];
    if (way.some(isGuarded) || isOnPurpose(leaf)) return [];
    const succeeded = input.tree.nodes.filter(
      (node) => isWork(node) && !hasFailed(node) && node.span.endNs !== null,
    );
    if (succeeded.length < lost) return [];
    return [toBoundaryFinding(way, leaf, succeeded.length, lost, input)];
  },
});

/** The span that the run is, when it failed. */
function fatalRoot({ tree, run }: DetectorInput): RunNode | null {
  if (run.status !== 'failed') return null;
  const root = tree.find(run.rootTraceId, run.rootSpanId);
  return root !== null && hasFailed(root) ? root : null;
}

function isWork(node: RunNode): boolean {
  return isOfKind(node, 'llm', 'tool', 'mcp', 'retrieval', 'embedding', 'rerank', 'memory');
}

/** Somebody tried again, or tried something else: there is a boundary, and it did not hold. */
function isGuarded(node: RunNode): boolean {
  return (
    wasRetried(node) ||
    node.span.events.some(({ name }) => guards.has(name)) ||
    node.children.some((child) => attemptOf(child) > 1)
  );
}

const guards: ReadonlySet<string> = new Set([
  'orchescope.fallback',
  'orchescope.partial',
  'orchescope.escalation',
  'orchescope.breaker',
]);

/** Errors that are made to stop a run. */
function isOnPurpose({ span }: RunNode): boolean {
  if (span.events.some(({ name }) => name === 'orchescope.rejected')) return true;
  return /abort|cancel|budget|circuit_?open|guardrail|interrupt|usage_?limit|max_?turns|recursion|approval|denied|refus/i.test(
    span.errorType.slice(0, 200),
  );
}

function toBoundaryFinding(
  way: readonly RunNode[],
  leaf: RunNode,
  succeeded: number,
  lost: number,
  { spentUnder, run }: DetectorInput,
): Finding {
  const [root] = way;
  const waste = wasteOf(root === undefined ? [] : [root], spentUnder);
  const label = labelOf(leaf);
  const run_ = nameOr(run.workflow || run.rootName, 'the run');
  return toFinding({
    kind: 'missing_error_boundary',
    severity: succeeded >= criticalLost ? 'critical' : 'warning',
    subject: label,
    sentence: `One ${nameOr(leaf.span.errorType, 'error')} of ${nameOr(label, 'a call')} ended ${run_}: nobody tried again, caught it or had another way, and ${plural(succeeded, 'call')} that had succeeded ${succeeded === 1 ? 'was' : 'were'} lost${inBrackets(waste)}.`,
    advice: `Catch the error around ${nameOr(label, 'the call')}: try again if it may pass, else go on without its answer and say so in the result.`,
    nodes: way,
    waste,
    threshold: { name: 'lost', value: lost, measured: succeeded },
  });
}
