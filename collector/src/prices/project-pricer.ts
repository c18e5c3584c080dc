/** Prices of one project before those of all: a contract holds from its day on, and before it what held for everybody. */
import { findListed, type Listed } from '../ingest/pricing/catalog.ts';
import { findOwnPrice, type Price } from '../ingest/pricing/find-own-price.ts';
import { toChanges, type OwnPrices } from '../ingest/pricing/price-file.ts';
import { pricedKinds, toCostBy, type Pricer } from '../ingest/pricing/pricer.ts';

/** Longer ones are no names. */
const maxModelChars = 256;
/** A sender may make up names without end. */
const maxRemembered = 5_000;

export function createProjectPricer(own: OwnPrices, base: Pricer): Pricer {
  const remembered = new Map<string, Price | null>();

  const findOwn = (
    provider: string,
    modelAnswered: string,
    modelRequested: string,
    tier: string,
  ): Price | null => {
    const key = `${provider}\n${modelAnswered}\n${modelRequested}\n${tier}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    // A deployment is requested by a name of its own; what answered is a model.
    const names = [modelAnswered, modelRequested].filter(isName);
    const findRest = (): Listed | null =>
      findFirst(names, (name) => findListed(provider, name, tier));
    const found = findFirst(names, (name) => findOwnPrice(own, provider, name, tier, findRest));
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(key, found);
    return found;
  };

  const price: (...call: Parameters<Pricer>) => ReturnType<Pricer> = (call) => {
    if (!pricedKinds.has(call.kind)) return base(call);
    const { provider, modelAnswered, modelRequested, charges, startUnixMs } = call;
    const found = findOwn(provider, modelAnswered, modelRequested, charges.serviceTier);
    if (found === null || found.ratesAt(startUnixMs) === null) return base(call);
    return toCostBy(call, found);
  };
  const findPrice: Pricer['findPrice'] = (...of) => findOwn(...of) ?? base.findPrice(...of);
  const changes = [...toChanges(own), ...base.changes];
  return Object.assign(price, { findPrice, changes });
}

function isName(name: string): boolean {
  return name !== '' && name.length <= maxModelChars;
}

function findFirst<T>(names: readonly string[], find: (name: string) => T | null): T | null {
  for (const name of names) {
    const found = find(name);
    if (found !== null) return found;
  }
  return null;
}
