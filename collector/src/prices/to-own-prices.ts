/** What people set for a project, as the pricer reads it. */
import { createHash } from 'node:crypto';
import type { PriceOverride } from '../contract.ts';
import { toOwnPrice, type OwnPrices } from '../ingest/pricing/price-file.ts';

/** Goes onto every row it prices, with a hash of the whole list behind it. */
export const overrideVersion = 'project prices';

export function toOwnPrices(overrides: readonly PriceOverride[]): OwnPrices {
  const hash = createHash('sha256').update(JSON.stringify(overrides)).digest('hex').slice(0, 12);
  return { prices: overrides.map(toOwnPrice), version: `${overrideVersion} ${hash}` };
}
