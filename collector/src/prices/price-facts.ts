/** What a person wants to know of a price: where it is from, since when it holds, and what it is for a million tokens. */
import type { PricedModel } from '../contract.ts';
import { catalogVersion } from '../ingest/pricing/catalog.ts';
import type { Price } from '../ingest/pricing/find-own-price.ts';
import { tokenParts, type Rate, type Rates } from '../ingest/pricing/rates.ts';
import { overrideVersion } from './to-own-prices.ts';

export type PriceFacts = Omit<
  PricedModel,
  'provider' | 'model' | 'calls' | 'unpricedCalls' | 'tokens' | 'costUsd'
>;

const unknown: PriceFacts = {
  match: 'none',
  source: 'none',
  version: '',
  since: null,
  usdPerMillionTokens: null,
  inherited: [],
  hasTiers: false,
  hasHours: false,
};

/** Of the price that holds at a time. */
export function toPriceFacts(price: Price | null, atMs: number): PriceFacts {
  const rates = price?.ratesAt(atMs) ?? null;
  if (price === null || rates === null) return unknown;
  return {
    match: price.match,
    source: toSource(price.version),
    version: price.version,
    since: findSince(price, atMs),
    usdPerMillionTokens: rates.hour === null ? toTokenPrices(rates) : null,
    inherited: [...price.inheritedAt(atMs)],
    hasTiers: tokenRates(rates).some((rate) => rate !== null && rate.tiers.length > 0),
    hasHours: hasHours(price, atMs),
  };
}

function toSource(version: string): PriceFacts['source'] {
  if (version === catalogVersion) return 'list';
  return version.startsWith(overrideVersion) ? 'override' : 'file';
}

const dayMs = 86_400_000;
/** Nobody sold tokens before. */
const firstDayMs = Date.parse('2019-01-01');

/** Prices follow each other in days, so halving finds where the one of today began; null = it is the oldest known. */
function findSince({ ratesAt }: Price, atMs: number): string | null {
  const today = ratesAt(atMs);
  let before = Math.floor((firstDayMs - atMs) / dayMs);
  if (ratesAt(atMs + before * dayMs) === today) return null;
  let since = 0;
  while (since - before > 1) {
    const middle = Math.floor((before + since) / 2);
    if (ratesAt(atMs + middle * dayMs) === today) since = middle;
    else before = middle;
  }
  return new Date(atMs + since * dayMs).toISOString().slice(0, 10);
}

function hasHours({ ratesAt }: Price, atMs: number): boolean {
  const midnight = Math.floor(atMs / dayMs) * dayMs;
  const first = ratesAt(midnight);
  return Array.from({ length: 48 }, (_, half) => ratesAt(midnight + half * 1_800_000)).some(
    (rates) => rates !== first,
  );
}

function tokenRates(rates: Rates): (Rate | null)[] {
  return tokenParts.map((part) => rates[part]);
}

function toTokenPrices(rates: Rates): PriceFacts['usdPerMillionTokens'] {
  return {
    input: toUsd(rates.input),
    output: toUsd(rates.output),
    cacheRead: toUsd(rates.cacheRead),
    cacheWrite: toUsd(rates.cacheWrite),
    cacheWrite1h: toUsd(rates.cacheWrite1h),
    reasoning: toUsd(rates.reasoning),
    inputAudio: toUsd(rates.inputAudio),
    cacheReadAudio: toUsd(rates.cacheReadAudio),
    outputAudio: toUsd(rates.outputAudio),
    inputImage: toUsd(rates.inputImage),
    cacheReadImage: toUsd(rates.cacheReadImage),
    outputImage: toUsd(rates.outputImage),
  };
}

/** Of the smallest inputs. */
function toUsd(rate: Rate | null): number | null {
  return rate === null ? null : Number(rate.base) / 1e12;
}
