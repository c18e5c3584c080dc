/** What a provider asks for a million tokens of each kind, and what a call costs by it. */
import type { AllBuckets, Buckets } from './buckets.ts';
import { noMedia } from './charges.ts';
import { mostTrillionths } from './usd.ts';

/** Trillionths of a USD for a million tokens. A tier holds for the whole call once its input is larger than `above`. */
export type Rate = {
  readonly base: bigint;
  readonly tiers: readonly { readonly above: number; readonly rate: bigint }[];
};

export type TokenRates = {
  /** Null = the list has no price for such tokens. */
  readonly input: Rate | null;
  readonly output: Rate | null;
  /** Null = as the whole it is part of. */
  readonly cacheRead: Rate | null;
  readonly cacheWrite: Rate | null;
  readonly cacheWrite1h: Rate | null;
  readonly reasoning: Rate | null;
  readonly inputAudio: Rate | null;
  readonly cacheReadAudio: Rate | null;
  readonly outputAudio: Rate | null;
  readonly inputImage: Rate | null;
  readonly cacheReadImage: Rate | null;
  readonly outputImage: Rate | null;
};

export type TokenPart = keyof TokenRates;

export type ToolRate = {
  /** Trillionths of a USD. */
  readonly rate: bigint;
  /** `request` = once for a call that uses it, however often. */
  readonly per: 'use' | 'request';
};

/** What hardware at home costs, whatever it is busy with. */
export type HourRate = {
  /** Trillionths of a USD. */
  readonly rate: bigint;
  /** How many calls share it, in millionths. */
  readonly concurrency: bigint;
};

export type Rates = TokenRates & {
  /** Trillionths of a USD, whatever the tokens. */
  readonly request: bigint;
  /** Of tools of the provider, by name. */
  readonly tools: ReadonlyMap<string, ToolRate>;
  /** In place of tokens. */
  readonly hour: HourRate | null;
};

export const noTokenRates: TokenRates = {
  input: null,
  output: null,
  cacheRead: null,
  cacheWrite: null,
  cacheWrite1h: null,
  reasoning: null,
  inputAudio: null,
  cacheReadAudio: null,
  outputAudio: null,
  inputImage: null,
  cacheReadImage: null,
  outputImage: null,
};

export const tokenParts = Object.keys(noTokenRates) as readonly TokenPart[];

/** Trillionths of a USD; null when a part has no price, or the sum cannot be meant. */
export function toCost(buckets: AllBuckets, rates: Rates): bigint | null {
  const { input, output } = rates;
  const cacheRead = rates.cacheRead ?? input;
  const cacheWrite = rates.cacheWrite ?? input;
  const parts: readonly (readonly [number, Rate | null])[] = [
    [buckets.inputUncached, input],
    [buckets.cacheRead, cacheRead],
    [buckets.cacheWrite, cacheWrite],
    [buckets.cacheWrite1h, rates.cacheWrite1h ?? cacheWrite],
    [buckets.output, output],
    [buckets.reasoning, rates.reasoning ?? output],
    [buckets.inputAudio, rates.inputAudio ?? input],
    [buckets.cacheReadAudio, rates.cacheReadAudio ?? cacheRead],
    [buckets.outputAudio, rates.outputAudio ?? output],
    [buckets.inputImage, rates.inputImage ?? input],
    [buckets.cacheReadImage, rates.cacheReadImage ?? cacheRead],
    [buckets.outputImage, rates.outputImage ?? output],
  ];
  const inputTokens = toInputTokens(buckets);
  let millionths = rates.request * 1_000_000n;
  for (const [tokens, rate] of parts) {
    if (tokens === 0) continue;
    if (rate === null) return null;
    millionths += BigInt(tokens) * rateFor(rate, inputTokens);
  }
  const cost = (millionths + 500_000n) / 1_000_000n;
  return cost > mostTrillionths ? null : cost;
}

/** For who has tokens of text alone. */
export function toTextCost(buckets: Buckets, rates: Rates): bigint | null {
  return toCost({ ...noMedia, ...buckets }, rates);
}

/** Tiers go by all of the input, of whatever kind. */
function toInputTokens(buckets: AllBuckets): number {
  const { inputAudio, cacheReadAudio, inputImage, cacheReadImage } = buckets;
  const text =
    buckets.inputUncached + buckets.cacheRead + buckets.cacheWrite + buckets.cacheWrite1h;
  return text + inputAudio + cacheReadAudio + inputImage + cacheReadImage;
}

/** Trillionths of a USD; null when a tool has no price. */
export function toToolCost(uses: ReadonlyMap<string, number>, rates: Rates): bigint | null {
  let cost = 0n;
  for (const [tool, count] of uses) {
    const price = rates.tools.get(tool);
    if (price === undefined || !Number.isSafeInteger(count)) return null;
    cost += price.rate * (price.per === 'request' ? 1n : BigInt(count));
  }
  return cost;
}

const hourMillionthNano = 3_600_000_000_000n;

/** Trillionths of a USD: the call's share of the hardware for as long as it took. */
export function toHourCost({ rate, concurrency }: HourRate, durationNano: bigint): bigint {
  const shared = hourMillionthNano * concurrency;
  return (rate * durationNano * 1_000_000n + shared / 2n) / shared;
}

function rateFor({ base, tiers }: Rate, inputTokens: number): bigint {
  return tiers.findLast(({ above }) => inputTokens > above)?.rate ?? base;
}

/** The same prices for one token of text, as numbers. */
type NumberRate = {
  readonly base: number;
  readonly tiers: readonly { readonly above: number; readonly rate: number }[];
};
type TextPart = 'input' | 'output' | 'cacheRead' | 'cacheWrite' | 'cacheWrite1h' | 'reasoning';
type NumberRates = { readonly [part in TextPart]: NumberRate | null } & {
  readonly request: number;
};

const numberRates = new WeakMap<Rates, NumberRates | null>();

/**
 * What `toTextCost` says, where doubles say it exactly: a token costs a whole number of trillionths, and the sum stays
 * below 2^53 of them. Undefined where only `toCost` knows,
 * or time is money.
 */
export function toCostNumber(buckets: Buckets, rates: Rates): number | null | undefined {
  let known = numberRates.get(rates);
  if (known === undefined) {
    known = toNumberRates(rates);
    numberRates.set(rates, known);
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
function partCost(tokens: number, rate: NumberRate | null, inputTokens: number): number {
  if (tokens === 0) return 0;
  if (rate === null) return Number.NaN;
  let each = rate.base;
  for (const tier of rate.tiers) if (inputTokens > tier.above) each = tier.rate;
  return tokens * each;
}

function toNumberRates(rates: Rates): NumberRates | null {
  const { request, input, output, cacheRead, cacheWrite, cacheWrite1h, reasoning } = rates;
  const parts = [input, output, cacheRead, cacheWrite, cacheWrite1h, reasoning];
  const isWholeRate = (rate: Rate | null): boolean =>
    rate === null || [rate.base, ...rate.tiers.map((tier) => tier.rate)].every(isWhole);
  if (rates.hour !== null || !parts.every(isWholeRate)) return null;
  return {
    input: toNumberRate(input),
    output: toNumberRate(output),
    cacheRead: toNumberRate(cacheRead),
    cacheWrite: toNumberRate(cacheWrite),
    cacheWrite1h: toNumberRate(cacheWrite1h),
    reasoning: toNumberRate(reasoning),
    request: Number(request),
  };
}

function isWhole(rate: bigint): boolean {
  return rate % 1_000_000n === 0n && rate / 1_000_000n <= BigInt(Number.MAX_SAFE_INTEGER);
}

function toNumberRate(rate: Rate | null): NumberRate | null {
  if (rate === null) return null;
  const perToken = (price: bigint): number => Number(price / 1_000_000n);
  const tiers = rate.tiers.map(({ above, rate: price }) => ({ above, rate: perToken(price) }));
  return { base: perToken(rate.base), tiers };
}
