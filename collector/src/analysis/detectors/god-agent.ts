import type { Finding } from '../../run.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { createNearest } from './nearest.ts';
import { isOfKind } from './siblings.ts';
import { nameOr, plural, toCount, toList, toPercent } from './text.ts';
import { toFinding } from './to-finding.ts';
import { noWaste } from './waste.ts';

type Work = {
  readonly agent: string;
  readonly calls: RunNode[];
  readonly toolCalls: RunNode[];
  readonly tools: Set<string>;
};

/** With so many tools models begin to mix them up. */
const warningTools = 20;

export const godAgentDetector = defineDetector({
  kind: 'god_agent',
  thresholds: {
    share: {
      default: 0.8,
      min: 0.5,
      max: 1,
      unit: 'share',
      description:
        'Part of all model calls, and of all tool calls, that one of several agents made.',
    },
    tools: {
      default: 10,
      min: 2,
      max: 1000,
      unit: 'count',
      description: 'Different tools that it called.',
    },
    calls: {
      default: 20,
      min: 2,
      max: 100_000,
      unit: 'count',
      description: 'Calls of models and tools that it made.',
    },
  },
  detect(input, { share, tools, calls }) {
    const all = toWork(input);
    const [most] = [...all.values()].toSorted((a, b) => sizeOf(b) - sizeOf(a));
    const others = [...input.run.agents].filter((name) => name !== most?.agent);
    // One agent alone is no team in which one does it all.
    if (most === undefined || most.agent === '' || others.length === 0) return [];
    const measured = shareOf(most, all);
    if (most.tools.size < tools || sizeOf(most) < calls || measured < share) return [];
    return [toGod(most, others, measured, share, input.tree)];
  },
});

const sizeOf = ({ calls, toolCalls }: Work): number => calls.length + toolCalls.length;

/** The smaller of its shares of model calls and tool calls: it leads in both. */
function shareOf({ calls, toolCalls }: Work, all: ReadonlyMap<string, Work>): number {
  let [models, tools] = [0, 0];
  for (const work of all.values()) {
    models += work.calls.length;
    tools += work.toolCalls.length;
  }
  const ofModels = models === 0 ? 1 : calls.length / models;
  return Math.min(ofModels, tools === 0 ? 1 : toolCalls.length / tools);
}

/** By agent. A tool that is another agent is no work of the one who calls it, nor is what is done inside of a tool. */
function toWork({ tree, modelCalls }: DetectorInput): ReadonlyMap<string, Work> {
  const all = new Map<string, Work>();
  const workOf = ({ agent }: RunNode): Work => {
    const work = all.get(agent) ?? { agent, calls: [], toolCalls: [], tools: new Set() };
    all.set(agent, work);
    return work;
  };
  const holding = toHolding(tree);
  const toolAbove = createNearest((node) => isOfKind(node, 'tool', 'mcp', 'agent'));
  for (const node of modelCalls) workOf(node).calls.push(node);
  for (const node of tree.nodes) {
    if (!isOfKind(node, 'tool', 'mcp') || holding.has(node)) continue;
    const above = toolAbove(node);
    if (above !== null && !isOfKind(above, 'agent')) continue;
    const work = workOf(node);
    work.toolCalls.push(node);
    work.tools.add(node.span.toolName || node.span.name);
  }
  return all;
}

/** Tools with an agent right inside. */
function toHolding({ nodes }: RunTree): ReadonlySet<RunNode> {
  const above = createNearest((node) => isOfKind(node, 'tool', 'mcp', 'agent'));
  const holding = new Set<RunNode>();
  for (const node of nodes) {
    const tool = isOfKind(node, 'agent') ? above(node) : null;
    if (tool !== null && !isOfKind(tool, 'agent')) holding.add(tool);
  }
  return holding;
}

function toGod(
  { agent, calls, toolCalls, tools }: Work,
  others: readonly string[],
  measured: number,
  share: number,
  { nodes }: RunTree,
): Finding {
  const own = nodes.filter((node) => isOfKind(node, 'agent') && node.agent === agent);
  const name = nameOr(agent, 'One agent');
  return toFinding({
    kind: 'god_agent',
    severity: tools.size >= warningTools ? 'warning' : 'info',
    subject: agent,
    sentence: `${name} did nearly everything: ${plural(calls.length, 'model call')} and ${plural(toolCalls.length, 'call')} of ${toCount(tools.size)} different tools, at least ${toPercent(measured)} of either, beside ${plural(others.length, 'other agent')} (${toList(others, 3)}).`,
    advice: `Give ${name} the few tools that belong together, and the rest to agents of their own: a model chooses better among ten tools than among forty, and every tool is paid for in every prompt.`,
    nodes: own.length > 0 ? own : toolCalls,
    waste: noWaste,
    threshold: { name: 'share', value: share, measured },
  });
}
