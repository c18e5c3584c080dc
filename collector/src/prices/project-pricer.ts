/** Prices of one project before those of all: a contract holds from its day on, and before it what held for everybody. */
import { findOwnPrice } from '../ingest/pricing/find-own-price.ts';
import { toChanges, type OwnPrices } from '../ingest/pricing/price-file.ts';
import { createPricer, pricedKinds, type Price, type Pricer } from '../ingest/pricing/pricer.ts';

type Found = { readonly name: string; readonly price: Price };

/** Longer ones are no names. */
const maxModelChars = 256;
/** A sender may make up names without end. */
const maxRemembered = 5_000;

export function createProjectPricer(own: OwnPrices, base: Pricer): Pricer {
  // Asked of models that have a price of the project alone, so what it knows besides is never met.
  const first = createPricer(own);
  const remembered = new Map<string, Found | null>();

  const findOwn = (
    provider: string,
    modelAnswered: string,
    modelRequested: string,
    tier: string,
  ): Found | null => {
    const key = `${provider}\n${modelAnswered}\n${modelRequested}\n${tier}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    // A deployment is requested by a name of its own; what answered is a model.
    const find = (name: string): Found | null => toFound(own, provider, name, tier);
    const found = find(modelAnswered) ?? find(modelRequested);
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(key, found);
    return found;
  };

  const price: (...call: Parameters<Pricer>) => ReturnType<Pricer> = (call) => {
    if (!pricedKinds.has(call.kind)) return base(call);
    const { provider, modelAnswered, modelRequested, charges, startUnixMs } = call;
    const found = findOwn(provider, modelAnswered, modelRequested, charges.serviceTier);
    if (found === null || found.price.ratesAt(startUnixMs) === null) return base(call);
    return first({ ...call, modelAnswered: found.name, modelRequested: '' });
  };
  const findPrice: Pricer['findPrice'] = (...of) => findOwn(...of)?.price ?? base.findPrice(...of);
  const changes = [...toChanges(own), ...base.changes];
  return Object.assign(price, { findPrice, changes });
}

function toFound(own: OwnPrices, provider: string, name: string, tier: string): Found | null {
  if (name === '' || name.length > maxModelChars) return null;
  const price = findOwnPrice(own, provider, name, tier);
  return price === null ? null : { name, price };
}
