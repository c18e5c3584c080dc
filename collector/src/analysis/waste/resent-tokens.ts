import type { RunNode } from '../tree/run-tree.ts';

/** Providers cache no beginning of a prompt that is shorter. */
const leastCached = 1_024;

/**
 * Input tokens that the call before in the same conversation had sent already, and that no cache gave: what a cache
 * would have made cheaper. A conversation is what one agent says to one model, one call after the other; it is cut where
 * its context shrinks. Only where the sender tells of caches: what is not told may have been cached.
 */
export function toResentTokens(modelCalls: readonly RunNode[]): ReadonlyMap<RunNode, number> {
  const resent = new Map<RunNode, number>();
  const before = new Map<string, RunNode>();
  for (const call of modelCalls) {
    const { span } = call;
    if (span.kind !== 'llm' || span.inputTokens === null) continue;
    const key = `${call.agentNode?.at ?? -1} ${span.provider} ${span.model}`;
    const last = before.get(key);
    before.set(key, call);
    if (last === undefined || last.endNs > span.startNs || span.cacheReadTokens === null) continue;
    const again = last.span.inputTokens ?? 0;
    if (again > span.inputTokens || again < leastCached) continue;
    const tokens = again - span.cacheReadTokens - (span.cacheWriteTokens ?? 0);
    if (tokens >= leastCached) resent.set(call, tokens);
  }
  return resent;
}
