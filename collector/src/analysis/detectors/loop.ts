import type { Threshold, Waste } from '../../run.ts';
import type { RunNode } from '../tree/run-tree.ts';
import { defineDetector, type Detected, type DetectorInput } from './detector.ts';
import { findCallLoops } from './loops-of-calls.ts';
import { findHandoffLoops } from './loops-of-handoffs.ts';
import { findStepLoops } from './loops-of-steps.ts';
import { findToldLoops } from './loops-told.ts';
import { toFinding } from './to-finding.ts';
import { toToolFlows } from './tool-flows.ts';
import { wasteOf } from './waste.ts';

export type LoopFound = {
  readonly variant: 'exact_repeat' | 'cycle' | 'ping_pong' | 'no_progress';
  readonly subject: string;
  readonly nodes: readonly RunNode[];
  /** What would not have been without the loop. */
  readonly wasted: readonly RunNode[];
  readonly repeats: number;
  readonly sentence: (waste: Waste) => string;
  readonly threshold: Threshold;
};

/** From so many rounds on a loop has got out of hand. */
const criticalRepeats = 10;

export const loopDetector = defineDetector({
  kind: 'loop',
  thresholds: {
    repeats: {
      default: 3,
      min: 2,
      max: 1000,
      unit: 'count',
      description:
        'Calls of one tool in a row with the same arguments and the same answer, each chosen by a model.',
    },
    polls: {
      default: 9,
      min: 2,
      max: 10_000,
      unit: 'count',
      description:
        'The same where the answers differ or are not known, or the name of the tool says that it is made to be called again, such as `job_status` and `scroll_down`.',
    },
    rounds: {
      default: 3,
      min: 2,
      max: 1000,
      unit: 'count',
      description: 'Rounds of two to eight calls, each with the same arguments and answers.',
    },
    periods: {
      default: 3,
      min: 2,
      max: 1000,
      unit: 'count',
      description: 'Handoffs there and back between the same two agents.',
    },
    steps: {
      default: 5,
      min: 2,
      max: 10_000,
      unit: 'count',
      description: 'Steps of a loop after which the work stood where it had stood.',
    },
    pauseMs: {
      default: 5000,
      min: 100,
      max: 86_400_000,
      unit: 'ms',
      description:
        'An agent that did nothing for so long waits on purpose: what comes then is a new story.',
    },
    workTokens: {
      default: 200,
      min: 1,
      max: 1_000_000,
      unit: 'tokens',
      description: 'An answer of so many tokens between two handoffs is work, and no ping-pong.',
    },
  },
  detect(input, { repeats, polls, rounds, periods, steps, pauseMs, workTokens }) {
    const seen = [
      ...toToolFlows(input.tree, pauseMs * 1e6).flatMap((flow) =>
        findCallLoops(flow, { repeats, polls, rounds }),
      ),
      ...findHandoffLoops(input, { periods, workTokens }),
      ...findStepLoops(input.tree, steps),
    ];
    const least = { exact_repeat: repeats, cycle: rounds, ping_pong: periods, no_progress: steps };
    const told = findToldLoops(input.tree).filter(
      ({ variant, repeats }) => repeats >= least[variant],
    );
    return [...seen, ...notSeen(told, seen)].map((loop) => toLoopFinding(loop, input));
  },
});

/** What was seen here goes before what the sender says of the same spans, or of the same names in fewer rounds. */
function notSeen(told: readonly LoopFound[], seen: readonly LoopFound[]): readonly LoopFound[] {
  return told.filter((loop) => !seen.some((other) => isTheSame(loop, other)));
}

function isTheSame(told: LoopFound, seen: LoopFound): boolean {
  const names = new Set(seen.subject.split(separator));
  if (
    told.repeats <= seen.repeats &&
    told.subject.split(separator).every((name) => names.has(name))
  )
    return true;
  const nodes = new Set(seen.nodes);
  return told.variant === seen.variant && told.nodes.some((node) => nodes.has(node));
}

/** Between the names of a subject. */
const separator = ' > ';

function toLoopFinding(loop: LoopFound, { spentUnder }: DetectorInput): Detected {
  const { variant, subject, nodes, wasted, repeats, sentence, threshold } = loop;
  const waste = wasteOf(wasted, spentUnder);
  return toFinding({
    kind: 'loop',
    variant,
    severity: repeats >= criticalRepeats ? 'critical' : 'warning',
    subject,
    sentence: sentence(waste),
    advice: advice[variant],
    nodes,
    wasted,
    waste,
    threshold,
  });
}

const advice: Readonly<Record<LoopFound['variant'], string>> = {
  exact_repeat:
    'Answer a repeated call from a cache and tell the model so, or stop the agent after the second time; a tool that is to be polled belongs on the allow-list.',
  cycle: 'Tell the model what it has tried already, or end the loop when a round changes nothing.',
  ping_pong:
    'Give one of the two the last word, or pass on with the handoff why the work was refused.',
  no_progress:
    'End the loop when a round changes nothing, and hand over to a person or another agent.',
};
