/** What caching saves by model, as a query can be told: of the models that a view has, and whose prices are known. */
import type { FindInputRates } from '../../query/costs/list-rates.ts';
import type { CostCell } from '../../store/costs/read-costs.ts';

export type ModelRates = {
  /** Provider and model, with a line feed between them. */
  readonly models: readonly string[];
  /** Trillionths of a USD that a million tokens cost less when they are read from a cache. */
  readonly readSaves: readonly string[];
  /** Those that they cost more when they are written into one. */
  readonly writeAdds: readonly string[];
};

/** @param totals of the whole view */
export function toModelRates(
  totals: readonly Pick<CostCell, 'cached' | 'uncached'>[],
  findRates: FindInputRates,
): ModelRates {
  const uses = totals.flatMap(({ cached, uncached }) => [...cached, ...uncached]);
  const byName = new Map(uses.map((use) => [`${use.provider}\n${use.model}`, use]));
  const known = [...byName].flatMap(([name, { provider, model }]) => {
    const rates = findRates(provider, model);
    return rates === null ? [] : [{ name, rates }];
  });
  return {
    models: known.map(({ name }) => name),
    readSaves: known.map(({ rates }) => String(rates.input - rates.cacheRead)),
    writeAdds: known.map(({ rates }) => String(rates.cacheWrite - rates.input)),
  };
}
