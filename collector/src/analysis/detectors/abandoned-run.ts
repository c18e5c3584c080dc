import type { RunNode } from '../tree/run-tree.ts';
import { spanFlags } from '../../span.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { labelOf } from './names.ts';
import { isOfKind, textOf } from './siblings.ts';
import { nameOr, toDuration } from './text.ts';
import { toFinding } from './to-finding.ts';
import { toWasteText, wasteOf } from './waste.ts';

const dayMs = 86_400_000;

export const abandonedRunDetector = defineDetector({
  kind: 'abandoned_run',
  thresholds: {
    silenceMs: {
      default: 3_600_000,
      min: 1000,
      max: 30 * dayMs,
      unit: 'ms',
      description: 'Since the last start or end of a span of a run that never ended.',
    },
  },
  detect(input, { silenceMs }) {
    const { tree, run, nowNs } = input;
    const last = lastActive(tree.nodes);
    if (run.status !== 'running' || last === null) return [];
    const silentMs = (nowNs - activeNs(last)) / 1e6;
    const open = tree.nodes.filter(({ span }) => span.endNs === null);
    if (silentMs < silenceMs || open.some(isWaiting) || isInterrupted(last)) return [];
    return [toAbandoned(input, last, open, silentMs, silenceMs)];
  },
});

const activeNs = ({ span }: RunNode): number => span.endNs ?? span.startNs;

function lastActive(nodes: readonly RunNode[]): RunNode | null {
  return nodes.reduce<RunNode | null>(
    (last, node) => (last === null || activeNs(node) >= activeNs(last) ? node : last),
    null,
  );
}

/** Somebody or something is waited for, and the sender says so. */
function isWaiting(node: RunNode): boolean {
  const type = textOf(node.span.attributes, 'orchescope.step.type');
  return (
    isOfKind(node, 'approval') ||
    (node.span.flags & spanFlags.wait) !== 0 ||
    type === 'wait' ||
    type === 'approval'
  );
}

function isInterrupted({ span, parent }: RunNode): boolean {
  const events = [...span.events, ...(parent?.span.events ?? [])];
  return events.some(({ name }) => name === 'orchescope.interrupt');
}

function toAbandoned(
  { run, tree, spentUnder }: DetectorInput,
  last: RunNode,
  open: readonly RunNode[],
  silentMs: number,
  silenceMs: number,
) {
  const waste = wasteOf(tree.roots, spentUnder);
  const spent = toWasteText(waste);
  const name = run.workflow || run.rootName || last.agent;
  return toFinding({
    kind: 'abandoned_run',
    severity: silentMs >= dayMs ? 'critical' : 'warning',
    subject: name,
    sentence: `${nameOr(name, 'A run')} never ended and has been silent for ${toDuration(silentMs)}, since ${nameOr(labelOf(last), 'a span without a name')}${spent === '' ? '' : `; what it spent until then is lost (${spent})`}.`,
    advice:
      'See whether its process died, and let a deadline or a supervisor end runs that say nothing; a run that waits for a person should say so with an interrupt or an approval.',
    nodes: open.length > 0 ? [...open, last] : [last],
    waste,
    threshold: { name: 'silenceMs', value: silenceMs, measured: silentMs },
  });
}
