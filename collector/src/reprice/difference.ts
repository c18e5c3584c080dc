/** What pricing again changes, by model. Money is whole trillionths: it adds up exactly. */
import type { ModelDifference, PriceDifference } from '../contract.ts';
import type { Cost } from '../ingest/pricing/pricer.ts';
import { toUsdText } from '../query/costs/money.ts';
import { toTrillionths } from '../store/decimal-usd.ts';

export type Difference = {
  readonly add: (of: { provider: string; model: string }, before: Cost, after: Cost) => void;
  readonly total: () => PriceDifference;
  readonly models: () => ModelDifference[];
};

type Sums = {
  calls: number;
  changed: number;
  before: bigint;
  after: bigint;
  newlyPriced: number;
  noLongerPriced: number;
};

/** Beyond these nobody reads on. */
const mostModels = 200;

const nothing = (): Sums => ({
  calls: 0,
  changed: 0,
  before: 0n,
  after: 0n,
  newlyPriced: 0,
  noLongerPriced: 0,
});

export function createDifference(): Difference {
  const total = nothing();
  const byModel = new Map<string, ModelSums>();
  return {
    add: ({ provider, model }, before, after) => {
      const key = `${provider}\n${model}`;
      const sums = byModel.get(key) ?? { provider, model, ...nothing() };
      byModel.set(key, sums);
      addTo(sums, before, after);
      addTo(total, before, after);
    },
    total: () => toDifference(total),
    models: () =>
      [...byModel.values()]
        .filter(({ changed }) => changed > 0)
        .sort((a, b) => Number(size(b) - size(a)) || b.changed - a.changed)
        .slice(0, mostModels)
        .map(toModelDifference),
  };
}

type ModelSums = Sums & { readonly provider: string; readonly model: string };

function toModelDifference(sums: ModelSums): ModelDifference {
  return { provider: sums.provider, model: sums.model, ...toDifference(sums) };
}

function addTo(sums: Sums, before: Cost, after: Cost): void {
  const [was, is] = [toTrillionthsOf(before), toTrillionthsOf(after)];
  sums.calls += 1;
  if (was !== is) sums.changed += 1;
  sums.before += was ?? 0n;
  sums.after += is ?? 0n;
  if (was === null && is !== null) sums.newlyPriced += 1;
  if (was !== null && is === null) sums.noLongerPriced += 1;
}

function toTrillionthsOf({ costUsd }: Cost): bigint | null {
  return costUsd === null ? null : toTrillionths(costUsd);
}

function size({ before, after }: Sums): bigint {
  return after > before ? after - before : before - after;
}

function toDifference({ before, after, ...counts }: Sums): PriceDifference {
  const { calls, changed, newlyPriced, noLongerPriced } = counts;
  return {
    calls,
    changed,
    beforeUsd: toUsdText(before),
    afterUsd: toUsdText(after),
    newlyPriced,
    noLongerPriced,
  };
}
