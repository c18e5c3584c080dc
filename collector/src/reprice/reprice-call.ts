/** One stored call by the prices of today. Pure. */
import type { Cost, Pricer } from '../ingest/pricing/pricer.ts';
import { toUsdText } from '../remap/find-changes.ts';
import type { StoredCall } from './read-calls.ts';

/** What its sender reported stays: the price list only says beside it what it would have been. */
export function repriceCall(
  { call, cost }: Pick<StoredCall, 'call' | 'cost'>,
  price: Pricer,
): Cost {
  const priced = price(call);
  if (cost.costSource !== 'reported') return priced;
  return { ...priced, costUsd: cost.costUsd, costSource: cost.costSource };
}

/** As the store would keep them. */
export function isSameCost(a: Cost, b: Cost): boolean {
  return (
    toUsdText(a.costUsd) === toUsdText(b.costUsd) &&
    toUsdText(a.computedCostUsd) === toUsdText(b.computedCostUsd) &&
    a.costSource === b.costSource &&
    a.priceVersion === b.priceVersion &&
    a.priceMatch === b.priceMatch
  );
}
