/** What a model call costs: from the sender, from the operator's own prices, or from the bundled list, in this order. */
import type { Span, SpanKind, Usage } from '../../span.ts';
import { toBuckets, type AllBuckets } from './buckets.ts';
import { catalogVersion, findListed, listedChanges } from './catalog.ts';
import { noMedia, type Charges } from './charges.ts';
import { findOwnPrice, type Price } from './find-own-price.ts';
import { noOwnPrices, toChanges, type OwnPrices } from './price-file.ts';
import { toCost, toCostNumber, toHourCost, toToolCost, type Rates } from './rates.ts';
import { mostTrillionths, toTrillionths, toUsd } from './usd.ts';

export type Call = {
  readonly kind: SpanKind;
  readonly provider: string;
  readonly modelRequested: string;
  readonly modelAnswered: string;
  readonly usage: Usage;
  readonly charges: Charges;
  /** As the sender reported it: USD unless the charges name another currency. */
  readonly reportedUsd: string | null;
  readonly startUnixMs: number;
  /** Null while it is running, or when it ended before it began. */
  readonly durationNano: bigint | null;
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
    /** Of the service; empty = the standard one. */
    serviceTier: string,
  ) => Price | null;
  /** Midnights in UTC at which a price begins, in milliseconds, in no order. */
  readonly changes: readonly number[];
};

export const pricedKinds: ReadonlySet<SpanKind> = new Set(['llm', 'embedding']);
/** Longer ones are no names. */
const maxModelChars = 256;
/** A sender may make up names without end. */
const maxRemembered = 5_000;

export function createPricer(own: OwnPrices = noOwnPrices): Pricer {
  const remembered = new Map<string, Map<string, Price | null>>();
  let rememberedCount = 0;

  function remember(seller: string, model: string, price: Price | null): void {
    if (rememberedCount >= maxRemembered) {
      remembered.clear();
      rememberedCount = 0;
    }
    const models = remembered.get(seller) ?? new Map<string, Price | null>();
    remembered.set(seller, models.set(model, price));
    rememberedCount += 1;
  }

  function findPrice(provider: string, model: string, tier: string): Price | null {
    if (model === '' || model.length > maxModelChars) return null;
    // Two looks cost less than one key made of all.
    const seller = tier === '' ? provider : `${provider}\n${tier}`;
    const known = remembered.get(seller)?.get(model);
    if (known !== undefined) return known;
    const price =
      findOwnPrice(own, provider, model, tier, () => findListed(provider, model, tier)) ??
      findInCatalog(provider, model, tier);
    remember(seller, model, price);
    return price;
  }

  // A deployment is requested by a name of its own; what answered is a model.
  const findFor: Pricer['findPrice'] = (provider, modelAnswered, modelRequested, tier) =>
    findPrice(provider, modelAnswered, tier) ?? findPrice(provider, modelRequested, tier);

  const price = (call: Call): Cost => {
    if (!pricedKinds.has(call.kind)) return noCost;
    const { provider, modelAnswered, modelRequested, charges } = call;
    return toCostBy(call, findFor(provider, modelAnswered, modelRequested, charges.serviceTier));
  };
  return Object.assign(price, {
    findPrice: findFor,
    changes: [...toChanges(own), ...listedChanges],
  });
}

/** @param call of a kind that is priced */
export function toCostBy(call: Call, price: Price | null): Cost {
  const computed = price === null ? null : compute(call, price);
  const computedCostUsd = computed?.usd ?? null;
  const isTaken = call.charges.currency === '' && isBelievable(call.reportedUsd);
  const reportedUsd = isTaken ? call.reportedUsd : null;
  return {
    costUsd: reportedUsd ?? computedCostUsd,
    costSource: reportedUsd !== null ? 'reported' : computedCostUsd !== null ? 'computed' : 'none',
    computedCostUsd,
    priceVersion: computedCostUsd === null ? '' : (price?.version ?? ''),
    priceMatch: computed?.isEstimate === true ? 'prefix' : (price?.match ?? 'none'),
  };
}

function findInCatalog(provider: string, model: string, tier: string): Price | null {
  const listed = findListed(provider, model, tier);
  return listed === null ? null : { ...listed, version: catalogVersion, inheritedAt: () => [] };
}

type Computed = {
  readonly usd: string;
  /** Sound, pictures or long caches went by the price of what they are part of. */
  readonly isEstimate: boolean;
};

function compute(call: Call, price: Price): Computed | null {
  const rates = price.ratesAt(call.startUnixMs);
  if (rates === null) return null;
  const rest = rates.hour === null ? computeTokens(call, rates) : computeTime(call, rates);
  if (rest === null) return null;
  const { toolUses } = call.charges;
  if (toolUses.size === 0) return { usd: toUsd(rest.cost), isEstimate: rest.isEstimate };
  const tools = toToolCost(toolUses, rates);
  if (tools === null || tools + BigInt(rest.cost) > mostTrillionths) return null;
  return { usd: toUsd(tools + BigInt(rest.cost)), isEstimate: rest.isEstimate };
}

/** A number where it is exact. */
type Part = { readonly cost: bigint | number; readonly isEstimate: boolean };

function computeTokens({ kind, usage, charges }: Call, rates: Rates): Part | null {
  const buckets = toBuckets(usage, charges);
  // Output that was not told is not zero, but where there is none.
  if (buckets === null || (usage.outputTokens === null && kind !== 'embedding')) return null;
  // Numbers take a third of the time that big integers do.
  const number = charges.media === noMedia ? toCostNumber(buckets, rates) : undefined;
  const cost = number === undefined ? toCost(buckets, rates) : number;
  return cost === null ? null : { cost, isEstimate: lacksPrice(buckets, rates) };
}

function lacksPrice(buckets: AllBuckets, rates: Rates): boolean {
  return (
    (buckets.inputAudio > 0 && rates.inputAudio === null) ||
    (buckets.outputAudio > 0 && rates.outputAudio === null) ||
    (buckets.outputImage > 0 && rates.outputImage === null) ||
    (buckets.cacheWrite1h > 0 && rates.cacheWrite1h === null)
  );
}

function computeTime({ kind, usage, durationNano }: Call, { hour, request }: Rates): Part | null {
  if (hour === null || durationNano === null) return null;
  // The span around an embedding has no usage of its own, and takes the same time once more.
  if (kind === 'embedding' && usage.inputTokens === null) return null;
  const cost = toHourCost(hour, durationNano) + request;
  return cost > mostTrillionths ? null : { cost, isEstimate: false };
}

/** The store would keep a larger one as not known, beside a source that says otherwise. */
export function isBelievable(reportedUsd: string | null): boolean {
  return reportedUsd !== null && toTrillionths(Number(reportedUsd)) <= mostTrillionths;
}
