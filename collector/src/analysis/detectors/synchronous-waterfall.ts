import type { Finding } from '../../run.ts';
import type { RunNode } from '../tree/run-tree.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { labelOf } from './names.ts';
import { nameOr, plural, toDuration, toList, toName } from './text.ts';
import { toFinding } from './to-finding.ts';
import { toAskedAtOnce, toEmbeddings, toIndependentSteps, type Waterfall } from './waterfalls.ts';

export const synchronousWaterfallDetector = defineDetector({
  kind: 'synchronous_waterfall',
  thresholds: {
    calls: {
      default: 3,
      min: 2,
      max: 10_000,
      unit: 'count',
      description: 'Calls one after the other, of which none needed what another brought.',
    },
    savedMs: {
      default: 1000,
      min: 1,
      max: 86_400_000,
      unit: 'ms',
      description:
        'What running them at once would have saved at most: all of them but the longest.',
    },
  },
  detect(input, { calls, savedMs }) {
    const { tree } = input;
    return [...toAskedAtOnce(tree), ...toIndependentSteps(tree), ...toEmbeddings(tree)]
      .filter(({ nodes }) => nodes.length >= calls && savedBy(nodes) >= savedMs)
      .map((waterfall) => toWaterfall(waterfall, savedMs, input));
  },
});

/** Milliseconds. */
function savedBy(nodes: readonly RunNode[]): number {
  const durations = nodes.map(({ span, endNs }) => endNs - span.startNs);
  const sum = durations.reduce((total, one) => total + one, 0);
  return (sum - durations.reduce((longest, one) => Math.max(longest, one), 0)) / 1e6;
}

function toWaterfall(
  { variant, nodes }: Waterfall,
  savedMs: number,
  { run }: DetectorInput,
): Finding {
  const saved = savedBy(nodes);
  const names = [...new Set(nodes.map((node) => labelOf(node)))];
  const subject =
    variant === 'steps'
      ? nodes[0]?.agent || run.workflow || run.rootName
      : names.toSorted().join(', ');
  const isMost = saved * 1e6 >= run.durationNs / 2 && saved >= 30_000;
  const took =
    saved +
    Math.max(0, ...nodes.slice(0, 1000).map(({ span, endNs }) => endNs - span.startNs)) / 1e6;
  return toFinding({
    kind: 'synchronous_waterfall',
    variant,
    severity: isMost ? 'critical' : saved * 1e6 >= run.durationNs / 10 ? 'warning' : 'info',
    subject: toName(subject),
    sentence: `${plural(nodes.length, nouns[variant], pluralNouns[variant])} (${toList(names)}) ran one after the other for ${toDuration(took)}, and ${reasons[variant]}: at once they would have taken ${toDuration(took - saved)}, ${toDuration(saved)} less at most.`,
    advice: advice[variant](nameOr(names[0] ?? '', 'them')),
    nodes,
    waste: { ms: saved, tokens: null, costTrillionths: null },
    threshold: { name: 'savedMs', value: savedMs, measured: saved },
  });
}

type Variant = Waterfall['variant'];
const nouns: Readonly<Record<Variant, string>> = {
  tools: 'call of a tool',
  steps: 'step',
  embeddings: 'embedding',
};
const pluralNouns: Readonly<Record<Variant, string>> = {
  tools: 'calls of tools',
  steps: 'steps',
  embeddings: 'embeddings',
};
const reasons: Readonly<Record<Variant, string>> = {
  tools: 'one answer of the model had asked for all of them',
  steps: 'none of them depends on another',
  embeddings: 'no embedding needs another',
};
const advice: Readonly<Record<Variant, (name: string) => string>> = {
  tools: () =>
    'Run the tools that one answer asks for at once, with a limit if what they call needs one.',
  steps: () =>
    'Start a step when what it depends on has ended, and not when the step before it has.',
  embeddings: (name) => `Send many texts to ${name} in one request, as its API allows.`,
};
