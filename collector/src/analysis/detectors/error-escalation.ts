import type { Finding, Waste } from '../../run.ts';
import { wasCancelled } from '../run/span-facts.ts';
import type { RunNode } from '../tree/run-tree.ts';
import { toCauses, wayDown } from './causes.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { labelOf } from './names.ts';
import { nameOr, toDuration, toList } from './text.ts';
import { toFinding } from './to-finding.ts';
import { noWaste, wasteOf } from './waste.ts';

export const errorEscalationDetector = defineDetector({
  kind: 'error_escalation',
  thresholds: {
    agents: {
      default: 3,
      min: 2,
      max: 1000,
      unit: 'count',
      description: 'Different agents that one error failed, the one in which it arose among them.',
    },
  },
  detect(input, { agents }) {
    const causes = toCauses(input.tree);
    const passedOn = new Set(causes.values());
    return input.tree.nodes
      .filter((node) => node.span.status === 'error' && !passedOn.has(node))
      .map((top) => wayDown(top, causes))
      .filter((way) => agentsOf(way).length >= agents && !isCancelled(way))
      .map((way) => toEscalation(way, agents, input));
  },
});

/** Somebody stopped it: all that was at work is meant to end. */
function isCancelled(way: readonly RunNode[]): boolean {
  const leaf = way.at(-1);
  return leaf !== undefined && wasCancelled(leaf.span);
}

/** From where the error arose to how far it got, each once. */
function agentsOf(way: readonly RunNode[]): readonly string[] {
  const names = way.map(({ agentNode, agent }) =>
    agentNode === null ? '' : agent || agentNode.span.name,
  );
  return [...new Set(names.reverse())].filter((name) => name !== '');
}

function toEscalation(way: readonly RunNode[], agents: number, input: DetectorInput): Finding {
  const names = agentsOf(way);
  const top = way[0];
  const leaf = way.at(-1);
  const waste = wasteOfClimb(way, input);
  const isFatal = top?.parent === null && input.run.status === 'failed';
  const error = nameOr(leaf?.span.errorType ?? '', 'An error');
  const place = leaf === undefined ? '' : ` in ${nameOr(labelOf(leaf), 'a span without a name')}`;
  const climb = waste.ms === null || waste.ms < 1 ? '' : ` in ${toDuration(waste.ms)}`;
  return toFinding({
    kind: 'error_escalation',
    severity: isFatal ? 'critical' : 'warning',
    subject: names[0] ?? '',
    sentence: `${error}${place} failed ${names.length} agents on its way up${climb}: ${toList(names)}${isFatal ? ', and with them the run' : ''}.`,
    advice: `Handle the error in ${nameOr(names[1] ?? names[0] ?? '', 'the agent above')}: go on without the part that failed, or ask another agent.`,
    nodes: way,
    waste,
    threshold: { name: 'agents', value: agents, measured: names.length },
  });
}

/** From the end of what failed first until the last span failed of it, and what was spent in that time. */
function wasteOfClimb(way: readonly RunNode[], { spentUnder }: DetectorInput): Waste {
  const [top] = way;
  const leaf = way.at(-1);
  if (top === undefined || leaf === undefined) return noWaste;
  const late = way.flatMap(({ children }) =>
    children.filter(({ span }) => span.startNs >= leaf.endNs && span.startNs <= top.endNs),
  );
  const ms = Math.max(0, top.endNs - leaf.endNs) / 1e6;
  return { ...wasteOf(late, spentUnder), ms };
}
