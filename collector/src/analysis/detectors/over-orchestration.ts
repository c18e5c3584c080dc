import type { Finding } from '../../run.ts';
import type { RunNode } from '../tree/run-tree.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { hasFailed, isOfKind } from './siblings.ts';
import { toOrchestration, type Orchestration } from './orchestration.ts';
import { plural, toCount, toList } from './text.ts';
import { toFinding } from './to-finding.ts';
import { isChat } from './turn-taking.ts';
import { inBrackets, wasteOf } from './waste.ts';

export const overOrchestrationDetector = defineDetector({
  kind: 'over_orchestration',
  thresholds: {
    passing: {
      default: 3,
      min: 2,
      max: 1000,
      unit: 'count',
      description:
        'Different agents that did nothing but pass the work on to one other, in half of all calls of agents or more.',
    },
    acts: {
      default: 10,
      min: 3,
      max: 10_000,
      unit: 'count',
      description: 'Handoffs, delegations, routes and plans of a run.',
    },
    ratio: {
      default: 4,
      min: 1,
      max: 1000,
      unit: 'ratio',
      description: 'How many of them there are for each piece of work.',
    },
    outputTokens: {
      default: 100,
      min: 1,
      max: 1_000_000,
      unit: 'tokens',
      description: 'An answer of so many tokens is a piece of work, as a tool call is.',
    },
    inputTokens: {
      default: 2000,
      min: 1,
      max: 10_000_000,
      unit: 'tokens',
      description: 'An answer to a question of so many tokens is one too: reading is work.',
    },
  },
  detect(input, { passing, acts, ratio, outputTokens, inputTokens }) {
    if (input.run.status === 'running' || isChat(input.tree)) return [];
    const seen = toOrchestration(input, (node) => isWork(node, outputTokens, inputTokens));
    const isHalf = 2 * seen.passing.length >= seen.agents.length;
    const names = [...new Set(seen.passing.map(({ agent }) => agent))];
    if (names.length >= passing && isHalf) return [toPassing(seen, names, passing, input)];
    const measured = seen.acts.length / Math.max(1, seen.work);
    if (seen.acts.length < acts || measured < ratio) return [];
    // Agents whose models nobody traces may have worked all the time.
    if (2 * input.modelCalls.length < Math.max(1, seen.agents.length)) return [];
    return [toLittleWork(seen, measured, ratio, input)];
  },
});

/** What nobody tells of may have been work. */
function isWork(node: RunNode, outputTokens: number, inputTokens: number): boolean {
  const { span } = node;
  if (hasFailed(node)) return false;
  if (isOfKind(node, 'llm'))
    return (
      (span.outputTokens ?? outputTokens) >= outputTokens ||
      (span.inputTokens ?? inputTokens) >= inputTokens
    );
  return isOfKind(node, 'tool', 'mcp', 'retrieval', 'embedding', 'rerank', 'memory', 'approval');
}

function toPassing(
  { passing, agents }: Orchestration,
  names: readonly string[],
  least: number,
  { run, spentUnder }: DetectorInput,
): Finding {
  const calls = passing.flatMap(({ own }) => own);
  const waste = wasteOf(calls, spentUnder);
  return toFinding({
    kind: 'over_orchestration',
    variant: 'passing_on',
    severity: 'warning',
    subject: run.workflow || run.rootName,
    sentence: `${toList(names)} did nothing but pass the work on to one other: ${toCount(passing.length)} of ${plural(agents.length, 'call')} of agents${inBrackets(waste)}.`,
    advice:
      'Leave out the agents in the middle: let the first give the work to the one that does it, or merge their instructions.',
    nodes: passing.map(({ node }) => node),
    waste,
    threshold: { name: 'passing', value: least, measured: names.length },
  });
}

function toLittleWork(
  { acts, work, coordinating, agents }: Orchestration,
  measured: number,
  ratio: number,
  { run, spentUnder }: DetectorInput,
): Finding {
  const waste = wasteOf(coordinating, spentUnder);
  return toFinding({
    kind: 'over_orchestration',
    variant: 'little_work',
    severity: 'info',
    subject: run.workflow || run.rootName,
    sentence: `${plural(acts.length, 'handoff, delegation, route or plan', 'handoffs, delegations, routes and plans')} among ${plural(agents.length, 'agent')} went into ${plural(work, 'piece')} of work${inBrackets(waste)}.`,
    advice:
      'Try the same with one agent and the tools: several agents pay off when each has much to do, or they work at the same time.',
    nodes: acts,
    waste,
    threshold: { name: 'ratio', value: ratio, measured },
  });
}
