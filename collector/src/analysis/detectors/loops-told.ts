/** Loops that the SDK saw where it ran: it compared arguments and answers that it did not send. */
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import type { LoopFound } from './loop.ts';
import { loopNameOf } from './loops-of-steps.ts';
import { isOfKind, numberOf, textOf } from './siblings.ts';
import { nameOr, toList, toTimes } from './text.ts';
import { inBrackets } from './waste.ts';

type Told = {
  readonly node: RunNode;
  readonly kind: string;
  readonly period: number;
  readonly repeats: number;
  readonly names: readonly string[];
};

const variants: ReadonlyMap<string, LoopFound['variant']> = new Map([
  ['repeat', 'exact_repeat'],
  ['cycle', 'cycle'],
  ['ping_pong', 'ping_pong'],
  ['no_progress', 'no_progress'],
]);

/** The SDK tells a loop again when it has gone on for twice as long: of one loop the last word counts. */
export function findToldLoops(tree: RunTree): readonly LoopFound[] {
  const told = new Map<string, Told>();
  for (const node of tree.nodes) {
    for (const { name, attributes } of node.span.events) {
      if (name !== 'orchescope.loop') continue;
      const loop = toTold(node, attributes);
      const scope = node.agentNode?.at ?? -1;
      const key = loop.kind === 'ping_pong' ? loop.kind : `${loop.kind} ${scope}`;
      const id = `${key} ${loop.names.join(' > ')}`;
      if ((told.get(id)?.repeats ?? 0) <= loop.repeats) told.set(id, loop);
    }
  }
  return [...told.values()].flatMap((loop) => toLoopFound(loop, tree));
}

function toTold(node: RunNode, attributes: RunNode['span']['attributes']): Told {
  return {
    node,
    kind: textOf(attributes, 'orchescope.loop.kind'),
    period: Math.min(64, Math.max(1, numberOf(attributes, 'orchescope.loop.period') ?? 1)),
    repeats: Math.max(2, numberOf(attributes, 'orchescope.loop.repeats') ?? 2),
    names: textOf(attributes, 'orchescope.loop.signature').slice(0, 4096).split('>'),
  };
}

function toLoopFound(told: Told, tree: RunTree): readonly LoopFound[] {
  const variant = variants.get(told.kind);
  if (variant === undefined) return [];
  const nodes = roundsOf(told, tree);
  return [
    {
      variant,
      subject: told.names.join(' > '),
      nodes,
      wasted: nodes.slice(told.period),
      repeats: told.repeats,
      sentence: (waste) => `${describe(told)}${inBrackets(waste)}.`,
      threshold: { name: thresholdOf[variant], value: leastTold[variant], measured: told.repeats },
    },
  ];
}

const thresholdOf = {
  exact_repeat: 'repeats',
  cycle: 'rounds',
  ping_pong: 'periods',
  no_progress: 'steps',
} as const;

/** The limits that the SDK itself tells loops by. */
const leastTold = { exact_repeat: 3, cycle: 3, ping_pong: 3, no_progress: 5 } as const;

function describe({ kind, node, names, repeats }: Told): string {
  const agent = nameOr(node.agent, 'An agent');
  const times = toTimes(repeats);
  if (kind === 'repeat')
    return `${agent} called ${nameOr(names[0] ?? '', 'a tool')} with the same arguments ${times} and learned nothing new`;
  if (kind === 'ping_pong') return `${toList(names)} handed the work back and forth ${times}`;
  if (kind === 'no_progress')
    return `${nameOr(names[0] ?? '', 'A loop')} went round ${times} and the work stood where it had stood`;
  return `${agent} went through ${toList(names, 8)} ${times} with the same arguments and the same answers`;
}

/** The spans of the rounds, back from the one that closed the last of them. */
function roundsOf({ node, kind, period, repeats, names }: Told, tree: RunTree): readonly RunNode[] {
  const isOne = kind === 'ping_pong' ? isHandoff : kind === 'no_progress' ? isStep : isCall;
  const found: RunNode[] = [];
  const known = new Set(names);
  for (let at = node.at; at >= 0 && found.length < period * repeats; at -= 1) {
    const other = tree.nodes[at];
    if (other !== undefined && isOne(other, node, known)) found.push(other);
  }
  return found.length === 0 ? [node] : found.reverse();
}

const isHandoff = (node: RunNode): boolean => isOfKind(node, 'handoff');
const isStep = (node: RunNode, closing: RunNode): boolean =>
  isOfKind(node, 'step') &&
  node.parent === closing.parent &&
  loopNameOf(node) === loopNameOf(closing);
const isCall = (node: RunNode, closing: RunNode, names: ReadonlySet<string>): boolean =>
  isOfKind(node, 'tool', 'mcp') &&
  node.agent === closing.agent &&
  names.has(node.span.toolName || node.span.name);
