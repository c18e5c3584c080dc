/**
 * The bundled price list. It finds models and their prices; the arithmetic is ours, since the package adds in
 * floating point and throws on counts that contradict each other. It is never asked to update itself.
 */
import { createRequire } from 'node:module';
import type * as GenaiPrices from '@pydantic/genai-prices';
import type { ConditionalPrice, ModelInfo, ModelPrice } from '@pydantic/genai-prices';
import type { PriceMatch } from '../../span.ts';
import { toCandidates, toPriceMatch } from './model-names.ts';
import { toProviderId } from './provider-ids.ts';
import type { Rate, Rates, ToolRate } from './rates.ts';
import { atTier, findTier } from './service-tiers.ts';
import { findToolRates } from './tool-prices.ts';
import { toTrillionths } from './usd.ts';

/** Goes onto every row it prices. The date is the day the list was published; a test holds it to the installed one. */
export const catalogVersion = 'genai-prices 0.1.8 of 2026-09-23';

/** Midnights in UTC at which a price of the list begins: a test holds them to the installed one. */
export const listedChanges: readonly number[] = [
  '2025-05-22',
  '2025-06-10',
  '2025-12-02',
  '2025-12-18',
  '2026-03-13',
  '2026-06-16',
  '2026-06-23',
  '2026-07-30',
  '2026-08-05',
  '2026-08-11',
  '2026-08-17',
  '2026-08-21',
  '2026-08-27',
  '2026-09-22',
  '2027-01-01',
].map((day) => Date.parse(day));

export type Listed = {
  readonly match: PriceMatch;
  /** What held at the time of the call; null = no price had begun. */
  readonly ratesAt: (unixMs: number) => Rates | null;
};

/** Loaded with the first call that needs a price: twenty megabytes that a collector without model calls never takes. */
let loaded: typeof GenaiPrices | null = null;

function load(): typeof GenaiPrices {
  loaded ??= createRequire(import.meta.url)('@pydantic/genai-prices') as typeof GenaiPrices;
  return loaded;
}

/**
 * Slow, about 50 microseconds: the pricer remembers what it found.
 * @param provider empty = told by the model alone
 * @param tier of the service; empty = the standard one
 */
export function findListed(provider: string, model: string, tier: string): Listed | null {
  const candidates = toCandidates(model);
  for (const [at, name] of candidates.entries()) {
    const found = findModel(toProviderId(provider), name);
    if (found === null) continue;
    const match = toPriceMatch(found.model, name, at === 0);
    // The same model has other prices elsewhere: without a provider it is a guess.
    const listed = { match: provider === '' ? 'prefix' : match, ratesAt: toRatesAt(found) };
    return tier === '' ? listed : toListedAt(listed, found, provider, tier);
  }
  return null;
}

/** A tier that nobody sells for this model is charged as the standard one, which is a guess too. */
function toListedAt(listed: Listed, found: FoundModel, provider: string, tier: string): Listed {
  const row = findTier(toProviderId(provider) || found.providerId, found.model.id, tier);
  if (row === null) return { ...listed, match: 'prefix' };
  const known = new Map<Rates, Rates>();
  const ratesAt: Listed['ratesAt'] = (unixMs) => {
    const standard = listed.ratesAt(unixMs);
    if (standard === null) return null;
    const rates = known.get(standard) ?? atTier(standard, row);
    known.set(standard, rates);
    return rates;
  };
  return { ...listed, ratesAt };
}

type FoundModel = {
  /** Of the list that has it, which need not be the list that was asked. */
  readonly providerId: string;
  readonly model: ModelInfo;
};

function findModel(providerId: string, model: string): FoundModel | null {
  try {
    // Without usage, it is a search.
    const found = load().calcPrice({}, model, providerId === '' ? {} : { providerId });
    return found === null ? null : { providerId: found.provider.id, model: found.model };
  } catch (error) {
    // A listed price that the package itself refuses is no price.
    if (error instanceof Error && loaded !== null) return null;
    throw error;
  }
}

function toRatesAt({ providerId, model: { id, prices } }: FoundModel): Listed['ratesAt'] {
  const tools = findToolRates(providerId, id);
  if (!Array.isArray(prices)) {
    const rates = toRates(prices, tools);
    return () => rates;
  }
  const compiled = prices.map((price) => ({ ...price, rates: toRates(price.prices, tools) }));
  // Before the first of them began, it is the oldest price known.
  return (unixMs) => (pickPrice(compiled, unixMs) ?? compiled[0])?.rates ?? null;
}

/** Entries follow each other in time; hours of the day that follow a start date began with it. */
function pickPrice<P extends ConditionalPrice>(
  prices: readonly P[],
  unixMs: number,
): P | undefined {
  const begun = prices.findLastIndex(({ constraint }) => hasBegun(constraint, unixMs));
  const next = prices.findIndex(
    ({ constraint }, at) => at > begun && constraint?.type === 'start_date',
  );
  const hours = prices.slice(begun + 1, next === -1 ? prices.length : next);
  return hours.findLast(({ constraint }) => isHour(constraint, unixMs)) ?? prices[begun];
}

function hasBegun(constraint: ConditionalPrice['constraint'], unixMs: number): boolean {
  if (constraint === undefined) return true;
  return constraint.type === 'start_date' && unixMs >= Date.parse(constraint.start_date);
}

function isHour(constraint: ConditionalPrice['constraint'], unixMs: number): boolean {
  if (constraint?.type !== 'time_of_date') return false;
  const time = new Date(unixMs).toISOString().slice(11, 19);
  const start = constraint.start_time.slice(0, 8);
  const end = constraint.end_time.slice(0, 8);
  return end < start ? time >= start || time < end : time >= start && time < end;
}

function toRates(prices: ModelPrice, tools: ReadonlyMap<string, ToolRate>): Rates {
  const rate = (name: string): Rate | null => toRate(prices[name]);
  return {
    input: rate('input_mtok'),
    output: rate('output_mtok'),
    cacheRead: rate('cache_read_mtok'),
    cacheWrite: rate('cache_write_mtok'),
    cacheWrite1h: rate('cache_write_1h_mtok'),
    reasoning: rate('output_reasoning_mtok'),
    inputAudio: rate('input_audio_mtok'),
    cacheReadAudio: rate('cache_audio_read_mtok'),
    outputAudio: rate('output_audio_mtok'),
    inputImage: rate('input_image_mtok'),
    cacheReadImage: rate('cache_image_read_mtok'),
    outputImage: rate('output_image_mtok'),
    request: toEach(prices['requests_kcount']) ?? 0n,
    tools: new Map([...tools, ...toListedTools(prices)]),
    hour: null,
  };
}

/** The list's names of tools -> ours. What it says of a model is believed before what a provider says of all. */
const listedTools = [
  ['web_search', 'web_searches_kcount'],
  ['file_search', 'storage_searches_kcount'],
] as const;

function toListedTools(prices: ModelPrice): readonly (readonly [string, ToolRate])[] {
  return listedTools.flatMap(([tool, name]): (readonly [string, ToolRate])[] => {
    const each = toEach(prices[name]);
    return each === null ? [] : [[tool, { rate: each, per: 'use' }]];
  });
}

/** From the price of a thousand. */
function toEach(price: ModelPrice[string]): bigint | null {
  return typeof price === 'number' ? toTrillionths(price / 1_000) : null;
}

function toRate(price: ModelPrice[string]): Rate | null {
  if (price === undefined) return null;
  if (typeof price === 'number') return { base: toTrillionths(price), tiers: [] };
  const tiers = price.tiers.toSorted((a, b) => a.start - b.start);
  return {
    base: toTrillionths(price.base),
    tiers: tiers.map((tier) => ({ above: tier.start, rate: toTrillionths(tier.price) })),
  };
}
