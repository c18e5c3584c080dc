/** Agents that take turns. */
import { orchescope } from '@orchescope/sdk/attributes';
import type { RunNode } from '../tree/run-tree.ts';

export type Conversation = {
  /** Turns of agents below one parent, most of any parent; and how many names took them. */
  readonly turns: number;
  readonly speakers: number;
  /** Those that spoke again after another had. */
  readonly repeatedSpeakers: number;
  /** Steps that their sender calls turns, each with an agent in it. */
  readonly turnSteps: number;
  /** What AutoGen calls who leads a chat; empty when nobody does. */
  readonly chatManager: string;
};

type Draft = {
  turns: number;
  last: string;
  readonly spoken: Set<string>;
  readonly again: Set<string>;
};

/** `topDown` holds parents before their children. */
export function findConversation(topDown: readonly RunNode[]): Conversation {
  const stages = toStages(topDown);
  const drafts = new Map<RunNode | null, Draft>();
  for (const node of topDown.toSorted((a, b) => a.at - b.at)) {
    const { kind, agentName } = node.span;
    const stage = stages[node.at];
    if (kind !== 'agent' || agentName === '' || stage === undefined || stage.isRetry) continue;
    const draft = drafts.get(stage.node) ?? {
      turns: 0,
      last: '',
      spoken: new Set(),
      again: new Set(),
    };
    drafts.set(stage.node, draft);
    draft.turns += 1;
    if (draft.last !== agentName && draft.spoken.has(agentName)) draft.again.add(agentName);
    draft.spoken.add(agentName);
    draft.last = agentName;
  }
  const [most] = [...drafts.values()].toSorted((a, b) => b.turns - a.turns);
  const turnSteps = topDown.filter(isTurnOfAnother);
  return {
    turns: most?.turns ?? 0,
    speakers: most?.spoken.size ?? 0,
    repeatedSpeakers: most?.again.size ?? 0,
    turnSteps: turnSteps.length,
    chatManager: findManager(topDown),
  };
}

/** Turns within an agent are its own. */
function isTurnOfAnother({ span, agentNode, children }: RunNode): boolean {
  return (
    agentNode === null &&
    span.attributes.get(orchescope.stepType) === 'turn' &&
    children.some((child) => child.span.kind === 'agent')
  );
}

type Stage = { readonly node: RunNode | null; readonly isRetry: boolean };

/** By place: what a node stands on, when steps and turns between do not count. */
function toStages(topDown: readonly RunNode[]): readonly (Stage | undefined)[] {
  const stages: Stage[] = [];
  for (const { at, parent } of topDown) {
    const isBetween = parent?.span.kind === 'step' || parent?.span.kind === 'turn';
    const above = isBetween ? stages[parent.at] : undefined;
    const isRetry = isBetween && (parent.span.attempt > 1 || above?.isRetry === true);
    stages[at] = { node: isBetween ? (above?.node ?? null) : parent, isRetry };
  }
  return stages;
}

function findManager(nodes: readonly RunNode[]): string {
  for (const { span } of nodes) {
    const found = span.kind === 'queue' ? /\b[A-Za-z]*GroupChatManager/.exec(span.name) : null;
    if (found !== null) return found[0];
  }
  return '';
}
