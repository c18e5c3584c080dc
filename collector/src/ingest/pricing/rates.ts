/** What a provider asks for a million tokens of each kind, and what a call costs by it. */
import type { Buckets } from './buckets.ts';
import { mostTrillionths } from './usd.ts';

/** Trillionths of a USD for a million tokens. A tier holds for the whole call once its input is larger than `above`. */
export type Rate = {
  readonly base: bigint;
  readonly tiers: readonly { readonly above: number; readonly rate: bigint }[];
};

export type Rates = {
  /** Null = the list has no price for such tokens. */
  readonly input: Rate | null;
  readonly output: Rate | null;
  /** Null = as the whole it is part of. */
  readonly cacheRead: Rate | null;
  readonly cacheWrite: Rate | null;
  readonly cacheWrite1h: Rate | null;
  readonly reasoning: Rate | null;
  /** Trillionths of a USD, whatever the tokens. */
  readonly request: bigint;
};

/** Trillionths of a USD; null when a part has no price, or the sum cannot be meant. */
export function toCost(buckets: Buckets, rates: Rates): bigint | null {
  const { input, output } = rates;
  const cacheWrite = rates.cacheWrite ?? input;
  const parts: readonly (readonly [number, Rate | null])[] = [
    [buckets.inputUncached, input],
    [buckets.cacheRead, rates.cacheRead ?? input],
    [buckets.cacheWrite, cacheWrite],
    [buckets.cacheWrite1h, rates.cacheWrite1h ?? cacheWrite],
    [buckets.output, output],
    [buckets.reasoning, rates.reasoning ?? output],
  ];
  const inputTokens =
    buckets.inputUncached + buckets.cacheRead + buckets.cacheWrite + buckets.cacheWrite1h;
  let millionths = rates.request * 1_000_000n;
  for (const [tokens, rate] of parts) {
    if (tokens === 0) continue;
    if (rate === null) return null;
    millionths += BigInt(tokens) * rateFor(rate, inputTokens);
  }
  const cost = (millionths + 500_000n) / 1_000_000n;
  return cost > mostTrillionths ? null : cost;
}

function rateFor({ base, tiers }: Rate, inputTokens: number): bigint {
  return tiers.findLast(({ above }) => inputTokens > above)?.rate ?? base;
}
