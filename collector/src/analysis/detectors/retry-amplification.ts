import type { Finding } from '../../run.ts';
import type { RunNode } from '../tree/run-tree.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { innerLabelOf } from './names.ts';
import {
  groupsOf,
  groupTries,
  toTries,
  triesOfGroup,
  type RetryLayer,
  type Tries,
} from './retry-layers.ts';
import { hasFailed } from './siblings.ts';
import { nameOr, plural, toCount } from './text.ts';
import { toFinding } from './to-finding.ts';
import { inBrackets, noWaste, wasteOf } from './waste.ts';

/** From so many tries on, one failure has become a storm. */
const criticalAttempts = 20;

/** Layers that retry what retries multiply: 3 tries of 4 tries of 3 tries are 36 calls of something that is down. */
export const retryAmplificationDetector = defineDetector({
  kind: 'retry_amplification',
  thresholds: {
    attempts: {
      default: 6,
      min: 4,
      max: 100_000,
      unit: 'count',
      description: 'Tries of one thing in all, through two or more layers that each try again.',
    },
  },
  detect(input, { attempts }) {
    const tries = toTries(input.tree);
    const findings: Finding[] = [];
    const open: (readonly RunNode[])[] = [...groupTries(input.tree.roots)];
    for (let group = open.pop(); group !== undefined; group = open.pop()) {
      const found = triesOfGroup(group, tries);
      // The layer begins here, and not further down.
      const isOutermost = found.layers[0]?.tries === group;
      if (isOutermost && found.layers.length > 1 && found.leaf >= attempts) {
        findings.push(toRetryFinding(found, attempts, input));
        continue;
      }
      for (const node of group) {
        if (tries.get(node)?.isNested !== true) continue;
        for (const inner of groupsOf(node)) open.push(inner);
      }
    }
    return findings;
  },
});

function toRetryFinding(
  { leaf, layers }: Tries,
  attempts: number,
  { spentUnder }: DetectorInput,
): Finding {
  const [outer] = layers;
  const inner = layers.at(-1);
  // Had the outermost layer not tried again, its first try would have been all.
  const wasted = outer?.tries.slice(1).filter(hasFailed) ?? [];
  const waste = wasted.length === 0 ? noWaste : wasteOf(wasted, spentUnder);
  const subject = subjectOf(inner);
  const counts = layers.map(({ count }) => toCount(count)).join(' × ');
  return toFinding({
    kind: 'retry_amplification',
    severity: leaf >= criticalAttempts ? 'critical' : 'warning',
    subject,
    sentence: `${nameOr(subject, 'One thing')} was tried ${toCount(leaf)} times, because ${plural(layers.length, 'layer')} of retries lie within each other (up to ${counts})${wastedText(wasted.length, inBrackets(waste))}.`,
    advice:
      'Try again in one layer only, the one that knows whether it makes sense, and let the others pass the error on.',
    nodes: layers.flatMap(({ tries }) => tries),
    waste,
    threshold: { name: 'attempts', value: attempts, measured: leaf },
  });
}

function subjectOf(layer: RetryLayer | undefined): string {
  const [first] = layer?.tries ?? [];
  return first === undefined ? '' : innerLabelOf(first);
}

function wastedText(count: number, brackets: string): string {
  return count === 0
    ? ''
    : `; ${plural(count, 'outer try', 'outer tries')} brought nothing${brackets}`;
}
