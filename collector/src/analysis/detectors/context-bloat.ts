import type { Finding } from '../../run.ts';
import type { RunNode } from '../tree/run-tree.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { createScopeOf } from './scopes.ts';
import { isOfKind } from './siblings.ts';
import { nameOr, plural, toCount, toFactor, toPercent } from './text.ts';
import { toFinding } from './to-finding.ts';
import { noWaste } from './waste.ts';

/** Near the limit of many models, and dear in every one. */
const criticalTokens = 100_000;

/** Part of the steps that must grow, and part of the growth that one step may bring: a jump is a document, no bloat. */
const growingSteps = 0.8;
const largestJump = 0.6;
/** A fall by so much is somebody who cut the history. */
const compaction = 0.3;

export const contextBloatDetector = defineDetector({
  kind: 'context_bloat',
  thresholds: {
    calls: {
      default: 6,
      min: 3,
      max: 10_000,
      unit: 'count',
      description: 'Calls of one model by one agent, one after the other.',
    },
    growth: {
      default: 4,
      min: 1.1,
      max: 1000,
      unit: 'ratio',
      description: 'Input tokens of the last of them as a multiple of the first.',
    },
    inputTokens: {
      default: 16_000,
      min: 100,
      max: 10_000_000,
      unit: 'tokens',
      description: 'Input tokens of the last of them, at least.',
    },
    resent: {
      default: 0.5,
      min: 0.05,
      max: 1,
      unit: 'share',
      description:
        'Part of all their input that had been sent before, and was not read from a cache as far as the sender tells.',
    },
  },
  detect(input, { calls, growth, inputTokens, resent }) {
    return [...toConversations(input).values()].flatMap((conversation) => {
      const bloat = measure(conversation);
      const isBloat =
        bloat !== null &&
        conversation.length >= calls &&
        bloat.last >= inputTokens &&
        bloat.growth >= growth &&
        bloat.resentShare >= resent;
      return isBloat ? [toBloatFinding(conversation, bloat, growth)] : [];
    });
  },
});

type Call = {
  readonly node: RunNode;
  readonly input: number;
  /** null = not told. */
  readonly cached: number | null;
};

/** Calls of one model at one place of one agent; one that began beside the last belongs to another thread of thought. */
function toConversations({ modelCalls }: DetectorInput): ReadonlyMap<string, readonly Call[]> {
  const conversations = new Map<string, Call[]>();
  const scopeOf = createScopeOf();
  for (const node of modelCalls) {
    const { span } = node;
    if (!isOfKind(node, 'llm') || span.inputTokens === null || span.status === 'error') continue;
    const call = { node, input: span.inputTokens, cached: span.cacheReadTokens };
    const key = `${scopeOf(node)?.at ?? -1} ${node.agent} ${span.model} ${placeOf(node)}`;
    const known = conversations.get(key);
    if (known === undefined) conversations.set(key, [call]);
    else if ((known.at(-1)?.node.endNs ?? 0) <= span.startNs) known.push(call);
  }
  return conversations;
}

/** Nodes of a graph share an agent, and have a context each; `step 1` and `step 2` are one place. */
function placeOf({ parent, agentNode }: RunNode): string {
  if (parent === null || parent === agentNode) return '';
  return parent.span.name.slice(0, 200).replaceAll(/\d+/g, '#');
}

type Bloat = {
  readonly first: number;
  readonly last: number;
  readonly growth: number;
  /** Tokens that had been sent before, without those that a cache gave. */
  readonly resent: number;
  readonly resentShare: number;
  /** Of those, what came on top of the first call's context. */
  readonly wasted: number;
};

/** null where the context does not grow call by call, or somebody keeps it small. */
function measure(calls: readonly Call[]): Bloat | null {
  const first = calls[0]?.input ?? 0;
  const last = calls.at(-1)?.input ?? 0;
  if (calls.length < 3 || first <= 0) return null;
  let [total, resent, wasted, grown, jump] = [first, 0, 0, 0, 0];
  for (const [at, call] of calls.entries()) {
    const before = calls[at - 1];
    if (before === undefined) continue;
    if (call.input < before.input * (1 - compaction)) return null;
    const again = Math.min(call.input, before.input);
    total += call.input;
    resent += Math.max(0, again - (call.cached ?? 0));
    wasted += Math.max(0, again - Math.max(first, call.cached ?? 0));
    grown += call.input > before.input ? 1 : 0;
    jump = Math.max(jump, call.input - before.input);
  }
  const isSteady =
    grown >= growingSteps * (calls.length - 1) && jump <= largestJump * (last - first);
  if (!isSteady) return null;
  return { first, last, growth: last / first, resent, resentShare: resent / total, wasted };
}

function toBloatFinding(calls: readonly Call[], bloat: Bloat, growth: number): Finding {
  const node = calls[0]?.node;
  const agent = node?.agent ?? '';
  const { first, last, resentShare, wasted } = bloat;
  return toFinding({
    kind: 'context_bloat',
    severity: last >= criticalTokens ? 'critical' : 'warning',
    subject: agent || node?.parent?.span.name || node?.span.model || '',
    sentence: `The context of ${nameOr(agent, 'an agent')} grew from ${toCount(first)} to ${toCount(last)} tokens (${toFactor(bloat.growth)} times) over ${plural(calls.length, 'call')}; ${toPercent(resentShare)} of all input had been sent before${cacheText(calls)}, ${toCount(wasted)} tokens of it on top of the first context.`,
    advice:
      'Keep the beginning of the prompt the same so that the cache of the provider holds it, and cut or sum up old turns and long answers of tools.',
    nodes: calls.map(({ node }) => node),
    // What the tokens cost is not known: a call is priced as a whole.
    waste: { ...noWaste, tokens: wasted },
    threshold: { name: 'growth', value: growth, measured: bloat.growth },
  });
}

/** Many senders say nothing of caches. */
function cacheText(calls: readonly Call[]): string {
  return calls.some(({ cached }) => cached !== null) ? ' and came from no cache' : '';
}
