/** Steps that leave the work where it was: their sender says where it stood after each. */
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import type { LoopFound } from './loop.ts';
import { findStreaks } from './rounds.ts';
import { isOfKind, textOf } from './siblings.ts';
import { nameOr, toTimes } from './text.ts';
import { inBrackets } from './waste.ts';

const progressKey = 'orchescope.step.progress';

export function findStepLoops(tree: RunTree, steps: number): readonly LoopFound[] {
  return [...toRounds(tree).values()].flatMap((rounds) =>
    findStreaks(rounds.map(({ span }) => span.attributes.get(progressKey)))
      .filter(({ repeats }) => repeats >= steps)
      .map(({ from, to }) => toNoProgress(rounds.slice(from, to), steps)),
  );
}

/** Steps of one loop under one parent, in order. */
function toRounds(tree: RunTree): ReadonlyMap<string, readonly RunNode[]> {
  const rounds = new Map<string, RunNode[]>();
  for (const node of tree.nodes) {
    if (!isOfKind(node, 'step') || textOf(node.span.attributes, progressKey) === '') continue;
    const key = `${node.parent?.at ?? -1} ${loopNameOf(node)}`;
    const known = rounds.get(key);
    if (known === undefined) rounds.set(key, [node]);
    else known.push(node);
  }
  return rounds;
}

export function loopNameOf({ span }: RunNode): string {
  return (
    textOf(span.attributes, 'orchescope.loop.name') ||
    textOf(span.attributes, 'orchescope.name') ||
    span.name
  );
}

function toNoProgress(nodes: readonly RunNode[], steps: number): LoopFound {
  const name = nodes[0] === undefined ? '' : loopNameOf(nodes[0]);
  return {
    variant: 'no_progress',
    subject: name,
    nodes,
    wasted: nodes.slice(1),
    repeats: nodes.length,
    sentence: (waste) =>
      `${nameOr(name, 'A loop')} went round ${toTimes(nodes.length)} and the work stood where it had stood${inBrackets(waste)}.`,
    threshold: { name: 'steps', value: steps, measured: nodes.length },
  };
}
