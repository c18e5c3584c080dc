import type { Finding } from '../../run.ts';
import type { RunNode } from '../tree/run-tree.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { createBetween, loopPeriods, toHops, type Between, type Hop } from './handoff-hops.ts';
import { nameOr, toTimes } from './text.ts';
import { toFinding } from './to-finding.ts';
import { isTurnTaking } from './turn-taking.ts';
import { inBrackets, wasteOf } from './waste.ts';

type Bounce = { readonly there: Hop; readonly back: Hop };

export const handoffBouncedDetector = defineDetector({
  kind: 'handoff_bounced',
  thresholds: {
    bounces: {
      default: 1,
      min: 1,
      max: 1000,
      unit: 'count',
      description: 'Times that one agent handed the work back to the other without having worked.',
    },
    workTokens: {
      default: 80,
      min: 1,
      max: 1_000_000,
      unit: 'tokens',
      description: 'An answer of so many tokens is work.',
    },
  },
  detect(input, { bounces, workTokens }) {
    if (isTurnTaking(input.tree)) return [];
    const between = createBetween(input.tree, workTokens);
    return [...byPair(toBounces(toHops(input), between)).values()]
      .filter((found) => found.length >= bounces)
      .map((found) => toBounced(found, between, bounces, input));
  },
});

function toBounces(hops: readonly Hop[], between: Between): readonly Bounce[] {
  return toVolleys(hops, between)
    .filter((volley) => volley.length < 2 * loopPeriods)
    .flatMap((volley) => {
      const bounces: Bounce[] = [];
      for (let at = 0; at + 1 < volley.length; at += 2) {
        const [there, back] = [volley[at], volley[at + 1]];
        if (there !== undefined && back !== undefined) bounces.push({ there, back });
      }
      return bounces;
    });
}

/** Handoffs of which each takes the one before it back. */
function toVolleys(hops: readonly Hop[], between: Between): readonly (readonly Hop[])[] {
  const volleys: Hop[][] = [];
  for (const hop of hops) {
    const volley = volleys.at(-1);
    const before = volley?.at(-1);
    const isBack =
      before?.from === hop.to &&
      before.to === hop.from &&
      isUnworked(before.node, hop.node, between);
    if (isBack) volley?.push(hop);
    else volleys.push([hop]);
  }
  return volleys;
}

/** Some models say that they are done. */
function isUnworked(there: RunNode, back: RunNode, between: Between): boolean {
  if (between.isWork(there, back)) return false;
  const last = between.modelCalls(there, back).at(-1);
  return !(last?.span.finishReasons ?? []).some((reason) => answers.has(reason.toLowerCase()));
}

const answers: ReadonlySet<string> = new Set(['stop', 'end_turn', 'completed']);

function byPair(bounces: readonly Bounce[]): Map<string, Bounce[]> {
  return Map.groupBy(bounces, ({ there: { from, to } }) => JSON.stringify([from, to]));
}

function toBounced(
  found: readonly Bounce[],
  between: Between,
  bounces: number,
  { spentUnder }: DetectorInput,
): Finding {
  const { from = '', to = '' } = found[0]?.there ?? {};
  const calls = found.flatMap(({ there, back }) => between.modelCalls(there.node, back.node));
  const waste = wasteOf(calls, spentUnder);
  return toFinding({
    kind: 'handoff_bounced',
    severity: found.length > 1 ? 'warning' : 'info',
    subject: `${from} > ${to}`,
    sentence: `${nameOr(from, 'An agent')} handed over to ${nameOr(to, 'another')}, which handed back ${toTimes(found.length)} without having done anything${inBrackets(waste)}.`,
    advice: `Tell ${nameOr(from, 'the first agent')} more exactly what ${nameOr(to, 'the other')} is for, and let ${nameOr(to, 'the other')} say why it hands back.`,
    nodes: found.flatMap(({ there, back }) => [there.node, ...calls, back.node]),
    waste,
    threshold: { name: 'bounces', value: bounces, measured: found.length },
  });
}
