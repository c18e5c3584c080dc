import { catalogVersion, type Listed } from './catalog.ts';
import { inheritRates, toInherited } from './inherit-rates.ts';
import type { OwnPrice, OwnPrices } from './price-file.ts';
import type { Rates, TokenPart } from './rates.ts';

export type Price = Listed & {
  readonly version: string;
  /** What the bundled list says of it, where somebody else set the rest. */
  readonly inheritedAt: (unixMs: number) => readonly TokenPart[];
};

/**
 * The model itself before the longest prefix, its provider before any, its tier before any; of those the newest that
 * had begun.
 * @param tier of the service; empty = the standard one
 * @param findRest what the bundled list says of it; asked where a price inherits alone
 */
export function findOwnPrice(
  { prices, version }: OwnPrices,
  provider: string,
  model: string,
  tier: string,
  findRest: () => Listed | null,
): Price | null {
  const asked = model.trim().toLowerCase();
  const fitting = prices.filter((price) => isFor(price, provider, asked, tier)).toSorted(byFit);
  const [best] = fitting;
  if (best === undefined) return null;
  const history = fitting
    .filter((price) => byFit(price, best) === 0)
    .toSorted((a, b) => b.fromUnixMs - a.fromUnixMs);
  const findAt = (unixMs: number): OwnPrice | null =>
    history.find(({ fromUnixMs }) => fromUnixMs <= unixMs) ?? null;
  const match = best.isPrefix ? 'prefix' : 'exact';
  const rest = history.some(({ inherits }) => inherits !== null) ? findRest() : null;
  if (rest === null) {
    const ratesAt: Listed['ratesAt'] = (unixMs) => findAt(unixMs)?.rates ?? null;
    return { match, version, ratesAt, inheritedAt: () => [] };
  }
  return {
    // What is taken from a guess is one.
    match: rest.match === 'prefix' ? 'prefix' : match,
    version: `${version} on ${catalogVersion}`,
    ratesAt: createInheriting(findAt, rest),
    inheritedAt: (unixMs) => toInherited(findAt(unixMs), rest.ratesAt(unixMs)),
  };
}

/** The same rates for the same price: who multiplies knows them by identity. */
function createInheriting(
  findAt: (unixMs: number) => OwnPrice | null,
  rest: Listed,
): Listed['ratesAt'] {
  const made = new Map<OwnPrice, Map<Rates, Rates>>();
  return (unixMs) => {
    const own = findAt(unixMs);
    const listed = rest.ratesAt(unixMs);
    if (own === null || own.inherits === null || listed === null) return own?.rates ?? null;
    const known = made.get(own) ?? new Map<Rates, Rates>();
    made.set(own, known);
    const rates = known.get(listed) ?? inheritRates(own, listed);
    known.set(listed, rates);
    return rates;
  };
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
