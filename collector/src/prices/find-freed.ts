/** Which models a change of prices makes free: by an own price, by what it inherits, or by what is left when one goes. */
import type { PriceOverride } from '../contract.ts';
import { noCharges } from '../ingest/pricing/charges.ts';
import type { Price } from '../ingest/pricing/find-own-price.ts';
import { toCostBy, type Call, type Pricer } from '../ingest/pricing/pricer.ts';
import { toOwnPrice } from '../ingest/pricing/price-file.ts';

export type UsedModel = { readonly provider: string; readonly model: string };

export type PriceStep = {
  readonly before: readonly PriceOverride[];
  readonly after: readonly PriceOverride[];
};

/**
 * As people read them; `every model` for a `*`, used or not. What was free before was confirmed then.
 * @param priceWith what a project is priced by that has set these, down to the bundled list
 */
export function findFreed(
  step: PriceStep,
  priceWith: (overrides: readonly PriceOverride[]) => Pricer,
  used: readonly UsedModel[],
): string[] {
  const [before, after] = [priceWith(step.before), priceWith(step.after)];
  const whens = toWhens(step);
  const freed = used.filter((one) =>
    whens.some((when) => isFreeAt(after, one, when) && !isFreeAt(before, one, when)),
  );
  const names = new Set(freed.map(({ model }) => model));
  return [...(freesAll(step) ? ['every model'] : []), ...names];
}

type When = { readonly unixMs: number; readonly tier: string };

/** Between two of them no price of the project begins. Each tier may have a price of its own. */
function toWhens({ before, after }: PriceStep): When[] {
  const own = [...before, ...after].map(toOwnPrice);
  const begun = own.map(({ fromUnixMs }) => fromUnixMs).filter(Number.isFinite);
  const moments = new Set([0, Date.now(), ...begun]);
  const tiers = new Set(['', ...own.map(({ serviceTier }) => serviceTier)]);
  return [...moments].flatMap((unixMs) => [...tiers].map((tier) => ({ unixMs, tier })));
}

function isFreeAt(price: Pricer, { provider, model }: UsedModel, { unixMs, tier }: When): boolean {
  const priced = (outputTokens: number): string | null =>
    price({
      ...toCall(outputTokens),
      provider,
      modelAnswered: model,
      charges: { ...noCharges, serviceTier: tier },
      startUnixMs: unixMs,
    }).computedCostUsd;
  // What has no price of output, such as an embedding, has no output.
  return (priced(1_000) ?? priced(0)) === '0';
}

/** As small as a call may be: a price that comes to nothing for it is none. */
function toCall(outputTokens: number): Call {
  return {
    kind: 'llm',
    provider: '',
    modelRequested: '',
    modelAnswered: '',
    usage: {
      inputTokens: 1_000,
      outputTokens,
      cacheReadTokens: null,
      cacheWriteTokens: null,
      reasoningTokens: null,
    },
    charges: noCharges,
    reportedUsd: null,
    startUnixMs: 0,
    durationNano: 1_000_000_000n,
  };
}

/** A price of every model that leaves nothing to the list, or nothing that costs. */
function freesAll({ before, after }: PriceStep): boolean {
  const confirmed = new Set(before.map((override) => JSON.stringify(override)));
  return after.some((override) => {
    const { model, rates } = toOwnPrice(override);
    if (model !== '' || confirmed.has(JSON.stringify(override))) return false;
    const price: Price = {
      match: 'prefix',
      version: '',
      ratesAt: () => rates,
      inheritedAt: () => [],
    };
    return toCostBy(toCall(1_000), price).computedCostUsd === '0';
  });
}
