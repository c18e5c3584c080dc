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

/** The same prices for one token, as numbers. */
type TokenRate = {
  readonly base: number;
  readonly tiers: readonly { readonly above: number; readonly rate: number }[];
};
type TokenRates = {
  readonly [part in Exclude<keyof Rates, 'request'>]: TokenRate | null;
} & { readonly request: number };

const tokenRates = new WeakMap<Rates, TokenRates | null>();

/**
 * What `toCost` says, where doubles say it exactly: a token costs a whole number of trillionths, and the sum stays
 * below 2^53 of them. Undefined where only `toCost` knows.
 */
export function toCostNumber(buckets: Buckets, rates: Rates): number | null | undefined {
  let known = tokenRates.get(rates);
  if (known === undefined) {
    known = toTokenRates(rates);
    tokenRates.set(rates, known);
  }
  if (known === null) return undefined;
  const { input, output, request } = known;
  const inputTokens =
    buckets.inputUncached + buckets.cacheRead + buckets.cacheWrite + buckets.cacheWrite1h;
  const cacheWrite = known.cacheWrite ?? input;
  const cost =
    request +
    partCost(buckets.inputUncached, input, inputTokens) +
    partCost(buckets.cacheRead, known.cacheRead ?? input, inputTokens) +
    partCost(buckets.cacheWrite, cacheWrite, inputTokens) +
    partCost(buckets.cacheWrite1h, known.cacheWrite1h ?? cacheWrite, inputTokens) +
    partCost(buckets.output, output, inputTokens) +
    partCost(buckets.reasoning, known.reasoning ?? output, inputTokens);
  if (Number.isNaN(cost)) return null;
  return cost <= Number.MAX_SAFE_INTEGER ? cost : undefined;
}

/** NaN when the part has no price. */
function partCost(tokens: number, rate: TokenRate | null, inputTokens: number): number {
  if (tokens === 0) return 0;
  if (rate === null) return Number.NaN;
  let each = rate.base;
  for (const tier of rate.tiers) if (inputTokens > tier.above) each = tier.rate;
  return tokens * each;
}

function toTokenRates(rates: Rates): TokenRates | null {
  const { request, ...parts } = rates;
  const whole = Object.values(parts).every(
    (rate) => rate === null || [rate.base, ...rate.tiers.map((tier) => tier.rate)].every(isWhole),
  );
  if (!whole) return null;
  return {
    input: toTokenRate(rates.input),
    output: toTokenRate(rates.output),
    cacheRead: toTokenRate(rates.cacheRead),
    cacheWrite: toTokenRate(rates.cacheWrite),
    cacheWrite1h: toTokenRate(rates.cacheWrite1h),
    reasoning: toTokenRate(rates.reasoning),
    request: Number(request),
  };
}

function isWhole(rate: bigint): boolean {
  return rate % 1_000_000n === 0n && rate / 1_000_000n <= BigInt(Number.MAX_SAFE_INTEGER);
}

function toTokenRate(rate: Rate | null): TokenRate | null {
  if (rate === null) return null;
  const perToken = (price: bigint): number => Number(price / 1_000_000n);
  const tiers = rate.tiers.map(({ above, rate: price }) => ({ above, rate: perToken(price) }));
  return { base: perToken(rate.base), tiers };
}
