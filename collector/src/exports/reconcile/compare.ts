/** An invoice beside what calls cost, by day and model, and how far they are apart. */
import type { Reconciliation, ReconcileRow } from '../../contract.ts';
import { toShare, toUsdText } from '../../query/costs/money.ts';
import { toModelKey } from './model-key.ts';
import type { ComputedDay } from './read-computed.ts';
import type { Invoice } from './read-invoice.ts';

/** Of what was invoiced. */
const tolerance = 0.02;

type Sums = {
  readonly invoiced: bigint;
  readonly computed: bigint;
  readonly calls: number;
  readonly pricedCalls: number;
};

const nothing: Sums = { invoiced: 0n, computed: 0n, calls: 0, pricedCalls: 0 };

export type Compared = Pick<Reconciliation, 'rows' | 'total' | 'withinTolerance' | 'tolerance'>;

export function compare(
  { amounts }: Pick<Invoice, 'amounts'>,
  computed: readonly ComputedDay[],
): Compared {
  const cells = new Map<string, Sums>();
  const add = (day: string, model: string, change: Partial<Sums>): void => {
    const key = `${day}\n${model}`;
    cells.set(key, plus(cells.get(key) ?? nothing, change));
  };
  for (const [day, models] of amounts) {
    for (const [model, invoiced] of models) add(day, model, { invoiced });
  }
  for (const { day, model, cost, calls, pricedCalls } of computed) {
    add(day, toModelKey(model), { computed: cost, calls, pricedCalls });
  }
  const total = [...cells.values()].reduce(plus, nothing);
  return {
    rows: [...cells].sort(([a], [b]) => (a < b ? -1 : 1)).map(toRow),
    total: toDifference(total),
    withinTolerance: isWithin(total),
    tolerance,
  };
}

function plus(a: Sums, b: Partial<Sums>): Sums {
  return {
    invoiced: a.invoiced + (b.invoiced ?? 0n),
    computed: a.computed + (b.computed ?? 0n),
    calls: a.calls + (b.calls ?? 0),
    pricedCalls: a.pricedCalls + (b.pricedCalls ?? 0),
  };
}

function toRow([key, sums]: readonly [string, Sums]): ReconcileRow {
  const [day = '', model = ''] = key.split('\n');
  return { day, model, ...toDifference(sums) };
}

function toDifference({ invoiced, computed, calls, pricedCalls }: Sums): Reconciliation['total'] {
  return {
    invoicedUsd: toUsdText(invoiced),
    computedUsd: toUsdText(computed),
    deltaUsd: toUsdText(computed - invoiced),
    share: toShare(computed - invoiced, invoiced),
    calls,
    pricedCalls,
  };
}

function isWithin({ invoiced, computed }: Sums): boolean {
  return size(computed - invoiced) * 100n <= size(invoiced) * BigInt(tolerance * 100);
}

function size(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
