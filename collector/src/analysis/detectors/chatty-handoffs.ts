import type { Finding } from '../../run.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { createBetween, toHops, withoutLoops, type Between, type Hop } from './handoff-hops.ts';
import { toCount, toList } from './text.ts';
import { toFinding } from './to-finding.ts';
import { isTurnTaking } from './turn-taking.ts';
import { inBrackets, wasteOf } from './waste.ts';

/** So many handoffs for nothing are more than a nuisance. */
const criticalHandoffs = 20;

export const chattyHandoffsDetector = defineDetector({
  kind: 'chatty_handoffs',
  thresholds: {
    handoffs: {
      default: 6,
      min: 3,
      max: 10_000,
      unit: 'count',
      description: 'Handoffs one after the other, with no work between any two of them.',
    },
    agents: {
      default: 3,
      min: 3,
      max: 1000,
      unit: 'count',
      description: 'Different agents among them; what goes on between two is a loop.',
    },
    workTokens: {
      default: 200,
      min: 1,
      max: 1_000_000,
      unit: 'tokens',
      description: 'An answer of so many tokens is work.',
    },
  },
  detect(input, { handoffs, agents, workTokens }) {
    if (isTurnTaking(input.tree)) return [];
    const between = createBetween(input.tree, workTokens);
    return toStretches(withoutLoops(toHops(input)), between)
      .filter((hops) => hops.length >= handoffs && agentsOf(hops).length >= agents)
      .map((hops) => toChatty(hops, between, handoffs, input));
  },
});

/** Cut where work was done. */
function toStretches(
  hops: readonly Hop[],
  between: Between,
): readonly (readonly [Hop, ...Hop[]])[] {
  const stretches: [Hop, ...Hop[]][] = [];
  for (const hop of hops) {
    const stretch = stretches.at(-1);
    const before = stretch?.at(-1);
    if (before === undefined || between.isWork(before.node, hop.node)) stretches.push([hop]);
    else stretch?.push(hop);
  }
  return stretches;
}

function agentsOf(hops: readonly Hop[]): readonly string[] {
  return [...new Set(hops.flatMap(({ from, to }) => [from, to]))];
}

function toChatty(
  hops: readonly [Hop, ...Hop[]],
  between: Between,
  handoffs: number,
  { spentUnder }: DetectorInput,
): Finding {
  const agents = agentsOf(hops);
  const last = hops.at(-1) ?? hops[0];
  const waste = wasteOf(between.modelCalls(hops[0].node, last.node), spentUnder);
  return toFinding({
    kind: 'chatty_handoffs',
    severity: hops.length >= criticalHandoffs ? 'critical' : 'warning',
    subject: agents.toSorted().join(' > '),
    sentence: `${toCount(agents.length)} agents (${toList(agents)}) handed the work on ${toCount(hops.length)} times in a row, and none of them did any of it in between${inBrackets(waste)}.`,
    advice:
      'Decide once who does the work, from what every agent is for, and let agents hand on only after they have done their part.',
    nodes: hops.map(({ node }) => node),
    waste,
    threshold: { name: 'handoffs', value: handoffs, measured: hops.length },
  });
}
