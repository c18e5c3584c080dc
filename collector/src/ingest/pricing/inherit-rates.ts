/** A price that names a part, and what the bundled list says of the rest. */
import type { OwnPrice } from './price-file.ts';
import { tokenParts, type Rates, type TokenPart, type TokenRates } from './rates.ts';

export function inheritRates({ rates, inherits }: OwnPrice, listed: Rates): Rates {
  const parts = tokenParts.map((part) => [part, rates[part] ?? listed[part]] as const);
  return {
    ...(Object.fromEntries(parts) as TokenRates),
    request: inherits?.request === true ? listed.request : rates.request,
    tools: new Map([...listed.tools, ...rates.tools]),
    hour: rates.hour,
  };
}

/** What the list says of tokens, and the price does not. */
export function toInherited(own: OwnPrice | null, listed: Rates | null): readonly TokenPart[] {
  if (own === null || own.inherits === null || listed === null) return [];
  return tokenParts.filter((part) => own.rates[part] === null && listed[part] !== null);
}
