/** Calls of models that count: each call once, however many spans tell of it. */
import type { SpanKind } from '../../span.ts';
import { isCreation } from '../run/span-facts.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { toSubtrees } from '../tree/subtrees.ts';
import { dropCopies } from './drop-copies.ts';
import { tellsUsage } from './tells-usage.ts';

/** In order of start time. */
export function toModelCalls(tree: RunTree): RunNode[] {
  const { topDown } = toSubtrees(tree);
  const calls = toInnermost(topDown);
  const lone = toLoneSpenders(topDown, calls);
  return [...dropCopies(calls), ...lone].sort((a, b) => a.at - b.at);
}

const callKinds: ReadonlySet<SpanKind> = new Set(['llm', 'embedding']);

/** Work of its own: a call of a model below it is another one than the call around it. */
const boundaries: ReadonlySet<SpanKind> = new Set([
  'workflow',
  'agent',
  'turn',
  'tool',
  'mcp',
  'retrieval',
  'memory',
  'handoff',
  'guardrail',
  'evaluation',
  'approval',
  'queue',
]);

const server = 2;

/**
 * Of calls that lie in each other the innermost that tell usage: around them are wrappers, gateways and sums. Where none
 * tells any, the innermost. The server's half of a call is a copy when the client's half tells usage.
 */
function toInnermost(topDown: readonly RunNode[]): RunNode[] {
  const usageAround = markUsageAround(topDown);
  const isCopy = ({ at, span }: RunNode): boolean =>
    span.otelKind === server && usageAround[at] === 1;
  const below = markBelow(
    topDown,
    ({ span }) => !boundaries.has(span.kind),
    (node) => (!isCall(node) || isCopy(node) ? 0 : tellsUsage(node.span) ? usageBelow : callBelow),
  );
  const counts = (node: RunNode): boolean =>
    isCall(node) &&
    !isCopy(node) &&
    (tellsUsage(node.span) ? below[node.at] !== usageBelow : below[node.at] === 0);
  return withoutCovered(topDown, counts);
}

const isCall = ({ span }: RunNode): boolean => callKinds.has(span.kind);

/** By place: 1 where a call around it, up to a boundary, tells usage. */
function markUsageAround(topDown: readonly RunNode[]): Uint8Array {
  const around = new Uint8Array(topDown.length);
  for (const { at, parent } of topDown) {
    if (parent === null || boundaries.has(parent.span.kind)) continue;
    around[at] = Number(around[parent.at] === 1 || (isCall(parent) && tellsUsage(parent.span)));
  }
  return around;
}

const callBelow = 1;
const usageBelow = 2;

/** By place: the most that nodes below say, as far as they let it through to their parents. */
function markBelow(
  topDown: readonly RunNode[],
  isPassable: (node: RunNode) => boolean,
  said: (node: RunNode) => number,
): Uint8Array {
  const below = new Uint8Array(topDown.length);
  for (let i = topDown.length - 1; i >= 0; i -= 1) {
    const node = topDown[i];
    if (node === undefined || node.parent === null || !isPassable(node)) continue;
    const most = Math.max(below[node.at] ?? 0, said(node));
    below[node.parent.at] = Math.max(below[node.parent.at] ?? 0, most);
  }
  return below;
}

/** A call without usage inside a call that counts with its usage is a copy of it. */
function withoutCovered(
  topDown: readonly RunNode[],
  counts: (node: RunNode) => boolean,
): RunNode[] {
  const covered = new Uint8Array(topDown.length);
  const calls: RunNode[] = [];
  for (const node of topDown) {
    const { at, parent, span } = node;
    if (parent !== null && !boundaries.has(parent.span.kind)) covered[at] = covered[parent.at] ?? 0;
    if (!counts(node) || (covered[at] === 1 && !tellsUsage(span))) continue;
    calls.push(node);
    if (tellsUsage(span)) covered[at] = 1;
  }
  return calls;
}

const spenders: ReadonlySet<SpanKind> = new Set(['agent', 'workflow', 'turn']);

/** Agents elsewhere, of whose calls nobody told but the sum: the innermost that tells it stands for them. */
function toLoneSpenders(topDown: readonly RunNode[], calls: readonly RunNode[]): RunNode[] {
  const counted = new Set(calls);
  const isSpender = ({ span }: RunNode): boolean =>
    spenders.has(span.kind) && tellsUsage(span) && !isCreation(span);
  const below = markBelow(
    topDown,
    () => true,
    (node) => (isSpender(node) || (counted.has(node) && tellsUsage(node.span)) ? usageBelow : 0),
  );
  return topDown.filter((node) => isSpender(node) && below[node.at] !== usageBelow);
}
