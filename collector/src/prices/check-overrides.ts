/** Whether overrides can be meant: what no shape can say. Sentences, for people. */
import type { PriceOverride } from '../contract.ts';
import { findOwnPrice } from '../ingest/pricing/find-own-price.ts';
import { toOwnPrice, type OwnPrice } from '../ingest/pricing/price-file.ts';

/** One sentence for each fault. */
export function findFaults(overrides: readonly PriceOverride[]): string[] {
  const faults = overrides.flatMap((override, at) => {
    const fault = findFault(override);
    return fault === null ? [] : [`overrides.${at}: ${fault}`];
  });
  return [...faults, ...findTwins(overrides)];
}

function findFault({ usdPerMillionTokens, usdPerHour }: PriceOverride): string | null {
  if (usdPerMillionTokens === null && usdPerHour === null) {
    return 'set usdPerMillionTokens, or usdPerHour for hardware of your own.';
  }
  if (usdPerMillionTokens !== null && usdPerHour !== null) {
    return 'set usdPerMillionTokens or usdPerHour, not both.';
  }
  return null;
}

/** Two prices for one model on one day: which was meant? */
function findTwins(overrides: readonly PriceOverride[]): string[] {
  const seen = new Map<string, number>();
  return overrides.flatMap((override, at) => {
    const { provider, model, isPrefix, serviceTier, fromUnixMs } = toOwnPrice(override);
    const key = JSON.stringify([provider, model, isPrefix, serviceTier, fromUnixMs]);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, at);
    return first === undefined
      ? []
      : [`overrides.${at}: is for the same provider, model, tier and day as overrides.${first}.`];
  });
}

export type UsedModel = { readonly provider: string; readonly model: string };

/**
 * Models that a change makes free, as people read them; `every model` for a `*`. What was free before was confirmed
 * then.
 */
export function findFreed(
  overrides: readonly PriceOverride[],
  before: readonly PriceOverride[],
  used: readonly UsedModel[],
): string[] {
  const confirmed = new Set(before.map((override) => JSON.stringify(override)));
  const freed = overrides
    .filter((override) => isFree(override) && !confirmed.has(JSON.stringify(override)))
    .flatMap((override) => toFreed(override, used));
  return [...new Set(freed)];
}

function toFreed(override: PriceOverride, used: readonly UsedModel[]): string[] {
  const own = toOwnPrice(override);
  if (own.model === '') return ['every model'];
  return used.filter((one) => isFor(own, one)).map(({ model }) => model);
}

function isFor(own: OwnPrice, { provider, model }: UsedModel): boolean {
  return findOwnPrice({ prices: [own], version: '' }, provider, model, own.serviceTier) !== null;
}

function isFree(override: PriceOverride): boolean {
  const { usdPerMillionTokens, usdPerHour, usdPerRequest, usdPerToolUse } = override;
  const amounts = [
    ...Object.values(usdPerMillionTokens ?? {}),
    usdPerHour?.usd ?? 0,
    usdPerRequest,
    ...Object.values(usdPerToolUse),
  ];
  return amounts.every((amount) => amount === null || amount === 0);
}
