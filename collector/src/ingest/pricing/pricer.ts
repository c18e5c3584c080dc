/** What a model call costs: from the sender, from the operator's own prices, or from the bundled list, in this order. */
import type { Span, SpanKind, Usage } from '../../span.ts';
import { toBuckets } from './buckets.ts';
import { catalogVersion, findListed, type Listed } from './catalog.ts';
import { findOwnPrice } from './find-own-price.ts';
import { noOwnPrices, type OwnPrices } from './price-file.ts';
import { toCost } from './rates.ts';
import { mostTrillionths, toTrillionths, toUsd } from './usd.ts';

export type Call = {
  readonly kind: SpanKind;
  readonly provider: string;
  readonly modelRequested: string;
  readonly modelAnswered: string;
  readonly usage: Usage;
  /** Part of `usage.cacheWriteTokens`. */
  readonly cacheWrite1hTokens: number;
  /** USD as the sender reported it. */
  readonly reportedUsd: string | null;
  readonly startUnixMs: number;
};

export type Cost = Pick<
  Span,
  'costUsd' | 'costSource' | 'computedCostUsd' | 'priceVersion' | 'priceMatch'
>;

export const noCost: Cost = {
  costUsd: null,
  costSource: 'none',
  computedCostUsd: null,
  priceVersion: '',
  priceMatch: 'none',
};

/** Never throws, whatever the call says of itself. */
export type Pricer = ((call: Call) => Cost) & {
  /** The price alone, for who multiplies himself: null = none is known. */
  readonly findPrice: (
    provider: string,
    modelAnswered: string,
    modelRequested: string,
  ) => Price | null;
};

export const pricedKinds: ReadonlySet<SpanKind> = new Set(['llm', 'embedding']);
/** Longer ones are no names. */
const maxModelChars = 256;
/** A sender may make up names without end. */
const maxRemembered = 5_000;

export type Price = Listed & { readonly version: string };

export function createPricer(own: OwnPrices = noOwnPrices): Pricer {
  const remembered = new Map<string, Price | null>();

  function findPrice(provider: string, model: string): Price | null {
    if (model === '' || model.length > maxModelChars) return null;
    const key = `${provider}\n${model}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const price = findOwnPrice(own, provider, model) ?? findInCatalog(provider, model);
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(key, price);
    return price;
  }

  // A deployment is requested by a name of its own; what answered is a model.
  const findFor: Pricer['findPrice'] = (provider, modelAnswered, modelRequested) =>
    findPrice(provider, modelAnswered) ?? findPrice(provider, modelRequested);

  const price = (call: Call): Cost => {
    if (!pricedKinds.has(call.kind)) return noCost;
    const price = findFor(call.provider, call.modelAnswered, call.modelRequested);
    const computedCostUsd = price === null ? null : compute(call, price);
    const reportedUsd = isBelievable(call.reportedUsd) ? call.reportedUsd : null;
    return {
      costUsd: reportedUsd ?? computedCostUsd,
      costSource:
        reportedUsd !== null ? 'reported' : computedCostUsd !== null ? 'computed' : 'none',
      computedCostUsd,
      priceVersion: computedCostUsd === null ? '' : (price?.version ?? ''),
      priceMatch: price?.match ?? 'none',
    };
  };
  return Object.assign(price, { findPrice: findFor });
}

function findInCatalog(provider: string, model: string): Price | null {
  const listed = findListed(provider, model);
  return listed === null ? null : { ...listed, version: catalogVersion };
}

function compute(
  { kind, usage, cacheWrite1hTokens, startUnixMs }: Call,
  price: Price,
): string | null {
  const buckets = toBuckets(usage, cacheWrite1hTokens);
  // Output that was not told is not zero, but where there is none.
  if (buckets === null || (usage.outputTokens === null && kind !== 'embedding')) return null;
  const rates = price.ratesAt(startUnixMs);
  const cost = rates === null ? null : toCost(buckets, rates);
  return cost === null ? null : toUsd(cost);
}

/** The store would keep a larger one as not known, beside a source that says otherwise. */
export function isBelievable(reportedUsd: string | null): boolean {
  return reportedUsd !== null && toTrillionths(Number(reportedUsd)) <= mostTrillionths;
}
