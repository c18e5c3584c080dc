import type { Finding } from '../../run.ts';
import type { RunNode } from '../tree/run-tree.ts';
import { defineDetector } from './detector.ts';
import { createNearest } from './nearest.ts';
import { hasFailed, isOfKind } from './siblings.ts';
import { nameOr, plural, toDuration } from './text.ts';
import { toFinding } from './to-finding.ts';
import { noWaste } from './waste.ts';

export const slowFirstTokenDetector = defineDetector({
  kind: 'slow_first_token',
  thresholds: {
    firstTokenMs: {
      default: 8000,
      min: 50,
      max: 600_000,
      unit: 'ms',
      description: 'From the question until the first piece of a streamed answer.',
    },
    reasoningMs: {
      default: 60_000,
      min: 50,
      max: 3_600_000,
      unit: 'ms',
      description: 'The same where the model reasoned before it answered.',
    },
    calls: {
      default: 1,
      min: 1,
      max: 10_000,
      unit: 'count',
      description: 'Calls of one model in a run that were so slow.',
    },
  },
  detect({ tree }, { firstTokenMs, reasoningMs, calls }) {
    const above = createNearest(isStreamed);
    const slow = new Map<string, RunNode[]>();
    for (const node of tree.nodes) {
      // Of spans within each other that tell of one call, the outer one counts.
      if (!isStreamed(node) || above(node) !== null) continue;
      const limit =
        (node.span.reasoningTokens ?? 0) > 0 ? Math.max(reasoningMs, firstTokenMs) : firstTokenMs;
      if (waitOf(node) < limit) continue;
      const known = slow.get(node.span.model);
      if (known === undefined) slow.set(node.span.model, [node]);
      else known.push(node);
    }
    return [...slow.values()]
      .filter((nodes) => nodes.length >= calls)
      .map((nodes) => toSlowFinding(nodes, firstTokenMs));
  },
});

const waitOf = ({ span }: RunNode): number => (span.timeToFirstChunk ?? 0) * 1000;

/** What arrives whole, at the end of the call, is no stream: its first token is its last. */
function isStreamed(node: RunNode): boolean {
  const { timeToFirstChunk, startNs, endNs } = node.span;
  if (!isOfKind(node, 'llm') || timeToFirstChunk === null || hasFailed(node)) return false;
  if (!Number.isFinite(timeToFirstChunk)) return false;
  return endNs === null || timeToFirstChunk * 1000 < (endNs - startNs) / 1e6 - 1;
}

function toSlowFinding(nodes: readonly RunNode[], firstTokenMs: number): Finding {
  const waits = nodes.map(waitOf);
  const worst = waits.reduce((worst, ms) => Math.max(worst, ms), 0);
  const model = nodes[0]?.span.model ?? '';
  return toFinding({
    kind: 'slow_first_token',
    severity: worst >= 3 * firstTokenMs || nodes.length > 2 ? 'warning' : 'info',
    subject: model,
    sentence: `${nameOr(model, 'A model')} took up to ${toDuration(worst)} until the first token; ${plural(nodes.length, 'call')} took ${toDuration(firstTokenMs)} or longer.`,
    advice:
      'Shorten the prompt or keep its beginning the same so that it is cached; if neither helps, ask another model, region or service tier.',
    nodes,
    waste: { ...noWaste, ms: waits.reduce((sum, ms) => sum + Math.max(0, ms - firstTokenMs), 0) },
    threshold: { name: 'firstTokenMs', value: firstTokenMs, measured: worst },
  });
}
