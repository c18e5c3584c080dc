/** The tokens of one call in parts that do not overlap, so that each is paid once. */
import type { Usage } from '../../span.ts';

export type Buckets = {
  readonly inputUncached: number;
  readonly cacheRead: number;
  /** Kept for minutes; on most price lists dearer than input. */
  readonly cacheWrite: number;
  /** Kept for an hour; dearer still. */
  readonly cacheWrite1h: number;
  /** Without reasoning. */
  readonly output: number;
  readonly reasoning: number;
};

/**
 * Null when the counts cannot be priced: input not told, a count that is none, or parts larger than their whole.
 * @param cacheWrite1h how much of the cache writes lasts an hour
 */
export function toBuckets(usage: Usage, cacheWrite1h: number): Buckets | null {
  if (usage.inputTokens === null) return null;
  const written = usage.cacheWriteTokens ?? 0;
  const cacheRead = usage.cacheReadTokens ?? 0;
  const reasoning = usage.reasoningTokens ?? 0;
  const buckets = {
    inputUncached: usage.inputTokens - cacheRead - written,
    cacheRead,
    cacheWrite: written - cacheWrite1h,
    cacheWrite1h,
    output: (usage.outputTokens ?? 0) - reasoning,
    reasoning,
  };
  return Object.values(buckets).every(isCount) ? buckets : null;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
