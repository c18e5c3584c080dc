/** Which models a project used, what they cost, and by which price. */
import type { PricedModel, PriceQuery, PriceTable } from '../contract.ts';
import { catalogVersion } from '../ingest/pricing/catalog.ts';
import { readDaysOf } from '../query/costs/days-of.ts';
import { toUsdText } from '../query/costs/money.ts';
import { toRunScope } from '../query/run-scope.ts';
import { toPricePeriods } from '../store/costs/price-periods.ts';
import { readCostCells, type CostCell } from '../store/costs/read-costs.ts';
import type { Reader } from '../store/read-rows.ts';
import type { RunScope } from '../store/runs-sql.ts';
import { toPriceFacts, type PriceFacts } from './price-facts.ts';
import type { ProjectPrices } from './project-prices.ts';

const listDate = /\d{4}-\d\d-\d\d$/.exec(catalogVersion)?.[0] ?? null;

/** Prices are those of the end of the range. @throws ApiFailure for a range that cannot be read */
export async function readPriceTable(
  reader: Reader,
  query: PriceQuery,
  prices: Pick<ProjectPrices, 'findPriceAt' | 'overridesOf'>,
): Promise<PriceTable> {
  const { scope } = toRunScope({ ...query, q: '' });
  const cells = await readModels(reader, query.project, scope);
  const atMs = Math.min(Date.now(), Number(scope.toUnixNano / 1_000_000n));
  const used = cells.map((cell): UsedCell => {
    const [provider = '', model = ''] = cell.keys;
    const price = prices.findPriceAt(query.project, { provider, model }, atMs);
    return { cell, provider, model, facts: toPriceFacts(price, atMs) };
  });
  return {
    models: used.toSorted(byNeed).map(toModel),
    overrides: [...prices.overridesOf(query.project)],
    listVersion: catalogVersion,
    listDate,
  };
}

/** A cell a provider and model. */
export async function readModels(
  reader: Reader,
  projectId: string,
  scope: RunScope,
): Promise<CostCell[]> {
  const days = await readDaysOf(reader, '', scope);
  const cells = await readCostCells(reader, projectId, {
    scope,
    by: ['provider', 'model'],
    days,
    periods: toPricePeriods(scope, []),
  });
  return cells.filter(({ calls }) => calls > 0);
}

type UsedCell = {
  readonly cell: CostCell;
  readonly provider: string;
  readonly model: string;
  readonly facts: PriceFacts;
};

/** Those without a price first, since somebody has to do something about them. */
function byNeed(a: UsedCell, b: UsedCell): number {
  return (
    Number(b.facts.match === 'none') - Number(a.facts.match === 'none') ||
    Number(b.cell.cost - a.cell.cost) ||
    b.cell.calls - a.cell.calls ||
    (a.cell.keys.join('\n') < b.cell.keys.join('\n') ? -1 : 1)
  );
}

function toModel({ cell, provider, model, facts }: UsedCell): PricedModel {
  return {
    provider,
    model,
    calls: cell.calls,
    unpricedCalls: cell.calls - cell.pricedCalls,
    tokens: cell.tokens,
    costUsd: toUsdText(cell.cost),
    ...facts,
  };
}
