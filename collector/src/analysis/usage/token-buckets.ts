import type { RunSpan } from '../../run-span.ts';
import type { TokenBuckets } from '../../run.ts';

export const noTokens: TokenBuckets = {
  input: null,
  cacheRead: null,
  cacheWrite: null,
  output: null,
  reasoning: null,
};

/** From counts in which the whole holds its parts to buckets that add up. */
export function toTokenBuckets(span: RunSpan): TokenBuckets {
  return {
    input: without(span.inputTokens, (span.cacheReadTokens ?? 0) + (span.cacheWriteTokens ?? 0)),
    cacheRead: span.cacheReadTokens,
    cacheWrite: span.cacheWriteTokens,
    output: without(span.outputTokens, span.reasoningTokens ?? 0),
    reasoning: span.reasoningTokens,
  };
}

function without(whole: number | null, part: number): number | null {
  return whole === null ? null : Math.max(0, whole - part);
}

export function addTokens(a: TokenBuckets, b: TokenBuckets): TokenBuckets {
  return {
    input: add(a.input, b.input),
    cacheRead: add(a.cacheRead, b.cacheRead),
    cacheWrite: add(a.cacheWrite, b.cacheWrite),
    output: add(a.output, b.output),
    reasoning: add(a.reasoning, b.reasoning),
  };
}

function add(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0);
}

/** All buckets together; null when none is told. */
export function sumTokens(tokens: TokenBuckets): number | null {
  return Object.values(tokens).reduce(add, null);
}
