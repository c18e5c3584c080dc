import type { ModelCall } from '../../run.ts';
import { toTokenBuckets } from '../usage/token-buckets.ts';
import type { RunNode } from '../tree/run-tree.ts';
import { agentOf } from './agent-calls.ts';
import { hasFailed } from './span-facts.ts';

/** Whether it was of use is told once findings are known. */
export function toModelCall(node: RunNode, baseUnixNano: bigint, tool: string): ModelCall {
  const { span } = node;
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    model: span.model,
    provider: span.provider,
    agent: agentOf(node),
    startUnixNano: baseUnixNano + BigInt(Math.round(span.startNs)),
    durationNs: span.endNs === null ? null : span.endNs - span.startNs,
    failed: hasFailed(span),
    firstTokenNs: span.timeToFirstChunk === null ? null : Math.round(span.timeToFirstChunk * 1e9),
    tokens: toTokenBuckets(span),
    tool,
    costTrillionths: span.costTrillionths,
    costSource: span.costSource,
    computedTrillionths: span.computedTrillionths,
    priceMatch: span.priceMatch,
    waste: null,
  };
}

/** A call that failed before it used anything costs nothing. */
export function isUnpriced({ span }: RunNode): boolean {
  if (span.costTrillionths !== null) return false;
  return span.inputTokens !== null || span.outputTokens !== null || !hasFailed(span);
}
