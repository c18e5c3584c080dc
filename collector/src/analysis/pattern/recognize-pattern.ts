/** How the work of a run was organised, told by its shape: who called whom, at once or in turn, and what was decided. */
import type { Run, RunPattern } from '../../run.ts';
import { readShape, type Shape } from './read-shape.ts';
import type { RunTree } from '../tree/run-tree.ts';

export type Recognized = Pick<Run, 'pattern' | 'patternReason'>;

type Rule = {
  readonly pattern: RunPattern;
  /** What of the shape says so; null = it does not. */
  readonly reason: (shape: Shape) => string | null;
  /** Patterns that this one is made of: seeing them too says nothing new. */
  readonly contains: readonly RunPattern[];
};

/** The most telling first. */
const rules: readonly Rule[] = [
  {
    pattern: 'plan_first',
    reason: ({ plans, plannedSteps }) =>
      plans > 0 && plannedSteps > 0
        ? `${count(plans, 'plan')} came before ${count(plannedSteps, 'step')} that it lists.`
        : null,
    contains: ['concurrent', 'sequential', 'supervisor'],
  },
  {
    pattern: 'debate',
    reason: ({ votes, rounds, speakers }) =>
      (votes > 0 || rounds > 1) && speakers > 1 && votes > 0
        ? `${count(speakers, 'agent')} answered in ${count(Math.max(1, rounds), 'round')} that ended in a vote.`
        : null,
    contains: ['concurrent', 'sequential', 'group_chat', 'supervisor'],
  },
  {
    pattern: 'swarm',
    reason: ({ reactions, reactingAgents, exchanges, peers }) => {
      if (reactions > 1 && reactingAgents > 1)
        return `${count(reactingAgents, 'agent')} reacted to ${count(reactions, 'event')} without anyone who led them.`;
      return exchanges > 2 && peers > 1
        ? `${count(peers, 'agent')} sent each other ${count(exchanges, 'message')} without anyone who led them.`
        : null;
    },
    contains: ['concurrent', 'sequential', 'group_chat'],
  },
  {
    pattern: 'handoff',
    reason: ({ handoffs, handoffAgents }) =>
      handoffs > 0
        ? `${count(handoffs, 'handoff')} passed the work between ${count(handoffAgents, 'agent')}.`
        : null,
    contains: ['sequential'],
  },
  {
    pattern: 'hierarchical',
    reason: ({ agentDepth }) =>
      agentDepth > 2 ? `Agents work for agents, ${agentDepth} levels deep.` : null,
    contains: ['supervisor', 'concurrent', 'sequential'],
  },
  {
    pattern: 'group_chat',
    reason: ({ turns, speakers, repeatedSpeakers, turnSteps, chatManager }) => {
      if (chatManager !== '' && speakers > 0) return `A ${chatManager} led the conversation.`;
      const isTold = turnSteps > 0 && speakers > 1;
      return isTold || (speakers > 2 && repeatedSpeakers > 1 && turns > speakers)
        ? `${count(speakers, 'agent')} spoke ${turns} times by turns in one conversation.`
        : null;
    },
    contains: ['sequential', 'supervisor'],
  },
  {
    pattern: 'router',
    reason: ({ routes, routedTo }) =>
      routes > 0
        ? `${count(routes, 'decision')} chose ${routedTo === '' ? 'who works' : `among candidates, the last ${routedTo}`}.`
        : null,
    contains: ['sequential'],
  },
  {
    pattern: 'supervisor',
    reason: ({ supervisor, workers, hub, spokes }) => {
      if (workers > 0) return `${supervisor} gave work to ${count(workers, 'other agent')}.`;
      return spokes > 1 ? `${hub} came again after each of ${count(spokes, 'other')}.` : null;
    },
    contains: ['concurrent', 'sequential'],
  },
  {
    pattern: 'concurrent',
    reason: ({ widest }) => (widest > 1 ? `Up to ${widest} branches ran at the same time.` : null),
    contains: ['sequential'],
  },
  {
    pattern: 'sequential',
    reason: ({ stages }) => (stages > 1 ? `${stages} stages ran one after the other.` : null),
    contains: [],
  },
];

/** Words that senders declare a workflow's pattern with, where they are not ours. */
const declared: Readonly<Record<string, RunPattern>> = {
  sequential: 'sequential',
  pipeline: 'sequential',
  parallel: 'concurrent',
  concurrent: 'concurrent',
  router: 'router',
  handoff: 'handoff',
  supervisor: 'supervisor',
  hub_and_spoke: 'supervisor',
  hierarchical: 'hierarchical',
  group_chat: 'group_chat',
  plan_execute: 'plan_first',
  plan_first: 'plan_first',
  debate: 'debate',
  swarm: 'swarm',
  peer: 'swarm',
};

export function recognizePattern(tree: RunTree): Recognized {
  const shape = readShape(tree);
  const seen = rules.flatMap(({ pattern, reason, contains }) => {
    const why = reason(shape);
    return why === null ? [] : [{ pattern, why, contains }];
  });
  const own = Object.hasOwn(declared, shape.declared) ? declared[shape.declared] : undefined;
  if (own !== undefined) {
    const why = seen.find(({ pattern }) => pattern === own)?.why;
    return { pattern: own, patternReason: why ?? 'Its sender says so.' };
  }
  const strongest = seen.filter(
    ({ pattern }) => !seen.some(({ contains }) => contains.includes(pattern)),
  );
  const [first, second] = strongest;
  if (first === undefined) return toLittle(shape);
  if (second === undefined) return { pattern: first.pattern, patternReason: first.why };
  return { pattern: 'mixed', patternReason: strongest.map(({ why }) => why).join(' ') };
}

function toLittle({ agents, modelCalls }: Shape): Recognized {
  if (agents === 1) return { pattern: 'single', patternReason: 'One agent did all the work.' };
  if (agents === 0 && modelCalls === 1)
    return { pattern: 'single', patternReason: 'One model call is all there is.' };
  return { pattern: 'unknown', patternReason: 'Its shape is that of no known pattern.' };
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
