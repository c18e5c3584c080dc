/** The view that a report would show, ready to be streamed. */
import type { CostDimension, CostExportQuery } from '../../contract.ts';
import { isOfCalls, toDimensions } from '../../query/costs/dimensions.ts';
import type { InputPrices } from '../../query/costs/list-rates.ts';
import { toPrevious } from '../../query/costs/answer-costs.ts';
import { toRunScope } from '../../query/run-scope.ts';
import { toIso } from '../../query/time-range.ts';
import { toPricePeriods } from '../../store/costs/price-periods.ts';
import { readCostCells } from '../../store/costs/read-costs.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { SqlFragment } from '../../store/store.ts';
import { toProjectIds } from '../to-project-ids.ts';
import { toModelRates } from './model-rates.ts';
import { toViewSql } from './view-sql.ts';

export type View = {
  readonly sql: SqlFragment;
  readonly by: readonly CostDimension[];
  readonly from: string;
  readonly to: string;
  readonly filter: string;
};

/** @throws ApiFailure or FilterError that says what to change */
export async function openView(
  reader: Reader,
  query: CostExportQuery,
  prices: InputPrices,
): Promise<View> {
  const by = toDimensions(query.by);
  const { range, scope } = toRunScope(query);
  const known = await toProjectIds(reader, query.project, by);
  const periods = toPricePeriods(scope, known.flatMap(prices.changesOf));
  const totals = await Promise.all(
    known.map((id) => readCostCells(reader, id, { scope, by: [], days: [], periods })),
  );
  const cells = totals.flat();
  const [first = query.project] = known;
  const spending = known.filter((_, at) => (totals[at]?.[0]?.calls ?? 0) > 0);
  const ofCalls = by.filter(isOfCalls);
  const sql = toViewSql({
    projectIds: spending.length === 0 ? [first] : spending,
    by: ofCalls,
    keys: by.map((name) => (isOfCalls(name) ? `k${ofCalls.indexOf(name)}` : 'project')),
    scope,
    previous: toPrevious(scope),
    periods,
    rates: toModelRates(cells, prices),
    totalTrillionths: cells.reduce((sum, { cost }) => sum + cost, 0n),
    sort: query.sort,
    limit: query.limit,
    isWithUsers: query.users === 'true',
  });
  return { sql, by, from: toIso(range.from), to: toIso(range.to), filter: query.q.trim() };
}
