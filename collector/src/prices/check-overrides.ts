/** Whether overrides can be meant: what no shape can say. Sentences, for people. */
import type { PriceOverride } from '../contract.ts';
import { findPriceFault, toOwnPrice } from '../ingest/pricing/price-file.ts';

/** One sentence for each fault. */
export function findFaults(overrides: readonly PriceOverride[]): string[] {
  const faults = overrides.flatMap((override, at) => {
    const fault = findFault(override);
    return fault === null ? [] : [`overrides.${at}: ${fault}`];
  });
  return [...faults, ...findTwins(overrides)];
}

function findFault(override: PriceOverride): string | null {
  const fault = findPriceFault(override);
  return fault === null ? null : `it must ${fault}.`;
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
