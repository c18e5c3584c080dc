import type { InputPrices } from '../query/costs/list-rates.ts';
import { toPricedMs } from '../store/costs/price-periods.ts';
import type { ProjectPrices } from './project-prices.ts';

/** Of small inputs: enough for what a report says of caches. */
export function createInputPrices(
  prices: Pick<ProjectPrices, 'findPriceAt' | 'changesOf'>,
): InputPrices {
  return {
    changesOf: prices.changesOf,
    findRates: ({ projectId, provider, model, priceDay }) => {
      const atMs = toPricedMs(priceDay);
      const rates = prices.findPriceAt(projectId, { provider, model }, atMs)?.ratesAt(atMs) ?? null;
      if (rates === null || rates.input === null) return null;
      const input = rates.input.base;
      return {
        input,
        cacheRead: rates.cacheRead?.base ?? input,
        cacheWrite: rates.cacheWrite?.base ?? input,
      };
    },
  };
}
