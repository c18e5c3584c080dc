import type { Listed } from './catalog.ts';
import type { OwnPrice, OwnPrices } from './price-file.ts';

/**
 * The model itself before the longest prefix, its provider before any, its tier before any; of those the newest that
 * had begun.
 * @param tier of the service; empty = the standard one
 */
export function findOwnPrice(
  { prices, version }: OwnPrices,
  provider: string,
  model: string,
  tier: string,
): (Listed & { readonly version: string }) | null {
  const asked = model.trim().toLowerCase();
  const fitting = prices.filter((price) => isFor(price, provider, asked, tier)).toSorted(byFit);
  const [best] = fitting;
  if (best === undefined) return null;
  const history = fitting
    .filter((price) => byFit(price, best) === 0)
    .toSorted((a, b) => b.fromUnixMs - a.fromUnixMs);
  const ratesAt: Listed['ratesAt'] = (unixMs) =>
    history.find(({ fromUnixMs }) => fromUnixMs <= unixMs)?.rates ?? null;
  return { match: best.isPrefix ? 'prefix' : 'exact', version, ratesAt };
}

function isFor(price: OwnPrice, provider: string, model: string, tier: string): boolean {
  if (price.provider !== '' && price.provider !== provider) return false;
  if (price.serviceTier !== '' && price.serviceTier !== (tier || 'standard')) return false;
  return price.isPrefix ? model.startsWith(price.model) : model === price.model;
}

function byFit(a: OwnPrice, b: OwnPrice): number {
  return (
    Number(a.isPrefix) - Number(b.isPrefix) ||
    b.model.length - a.model.length ||
    Number(a.provider === '') - Number(b.provider === '') ||
    Number(a.serviceTier === '') - Number(b.serviceTier === '')
  );
}
