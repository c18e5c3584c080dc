/** What caching saves by model, as a query can be told: of the models that a view has, and whose prices are known. */
import type { InputPrices } from '../../query/costs/list-rates.ts';
import type { CostCell, ModelUse } from '../../store/costs/read-costs.ts';

export type ModelRates = {
  /** Project, provider, model and the first day of the time that it has one price, with line feeds between them. */
  readonly models: readonly string[];
  /** Trillionths of a USD that a million tokens cost less when they are read from a cache. */
  readonly readSaves: readonly string[];
  /** Those that they cost more when they are written into one. */
  readonly writeAdds: readonly string[];
};

/** @param totals of the whole view */
export function toModelRates(
  totals: readonly Pick<CostCell, 'cached' | 'uncached'>[],
  { findRates }: InputPrices,
): ModelRates {
  const uses = totals.flatMap(({ cached, uncached }) => [...cached, ...uncached]);
  const byName = new Map(uses.map((use) => [toName(use), use]));
  const known = [...byName].flatMap(([name, use]) => {
    const rates = findRates(use);
    return rates === null ? [] : [{ name, rates }];
  });
  return {
    models: known.map(({ name }) => name),
    readSaves: known.map(({ rates }) => String(rates.input - rates.cacheRead)),
    writeAdds: known.map(({ rates }) => String(rates.cacheWrite - rates.input)),
  };
}

function toName({ projectId, provider, model, priceDay }: ModelUse): string {
  return [projectId, provider, model, priceDay].join('\n');
}
