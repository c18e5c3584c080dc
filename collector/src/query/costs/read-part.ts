/** What one project spent, by dimensions of its calls. A report over projects has one part each. */
import type { CallDimension } from '../../store/costs/call-rows.ts';
import type { CellAsk, CostAsk } from '../../store/costs/cost-sql.ts';
import { toPricePeriods } from '../../store/costs/price-periods.ts';
import {
  readCostCells,
  readCostSeries,
  readSpent,
  readUsers,
  toSeriesName,
  type CostCell,
  type CostSeries,
} from '../../store/costs/read-costs.ts';
import type { MadeDay } from '../../store/costs/made-days.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { RunScope } from '../../store/runs-sql.ts';
import type { Windows } from '../windows.ts';
import { sumCells, toTotal } from './sum-cells.ts';

export type CostPart = {
  readonly projectId: string;
  readonly cells: readonly CostCell[];
  readonly total: CostCell;
  readonly users: Users;
  /** Of the range before, by the keys of a cell as `toSeriesName` joins them. */
  readonly before: ReadonlyMap<string, bigint>;
  /** null = nothing was spent then. */
  readonly totalBefore: bigint | null;
};

type Users = {
  /** null = was not asked. */
  readonly of: (keys: readonly string[]) => number | null;
  readonly whole: number;
};

export type PartAsk = {
  readonly by: readonly CallDimension[];
  readonly scope: RunScope;
  readonly previous: RunScope;
  readonly days: readonly MadeDay[];
  readonly isWithUsers: boolean;
};

/** @param changes midnights at which a price of the project may change */
export async function readPart(
  reader: Reader,
  projectId: string,
  ask: PartAsk,
  changes: readonly number[],
): Promise<CostPart> {
  const { by, days } = ask;
  const now: CellAsk = { scope: ask.scope, by, days, periods: toPricePeriods(ask.scope, changes) };
  const before: CostAsk = { scope: ask.previous, by, days };
  // Under several tags a call is in several rows: then they do not add up.
  const isApart = by.includes('tag');
  const [cells, wholes, spent, spentInAll, users] = await Promise.all([
    readCostCells(reader, projectId, now),
    isApart ? readCostCells(reader, projectId, { ...now, by: [] }) : null,
    readSpent(reader, projectId, before),
    isApart ? readSpent(reader, projectId, { ...before, by: [] }) : null,
    ask.isWithUsers ? readUsersOf(reader, projectId, now) : { of: () => null, whole: 0 },
  ]);
  const costsBefore = (spentInAll ?? spent).map(({ cost }) => cost);
  return {
    projectId,
    cells: cells.filter(({ calls }) => calls > 0),
    total: wholes === null ? toTotal(cells) : sumCells(wholes),
    users,
    before: new Map(spent.map(({ keys, cost }) => [toSeriesName(keys), cost])),
    totalBefore: costsBefore.length === 0 ? null : costsBefore.reduce((sum, cost) => sum + cost),
  };
}

async function readUsersOf(reader: Reader, projectId: string, ask: CostAsk): Promise<Users> {
  const [users, whole] = await Promise.all([
    readUsers(reader, projectId, ask),
    readUsers(reader, projectId, { ...ask, by: [] }),
  ]);
  return { of: (keys) => users.get(toSeriesName(keys)) ?? 0, whole: whole.get('') ?? 0 };
}

export function readPartSeries(
  reader: Reader,
  projectId: string,
  { by, scope, days }: PartAsk,
  { originUnixNano, stepNs, count }: Windows,
  keys: readonly (readonly string[])[],
): Promise<CostSeries> {
  const windows = { originUnixNano, stepNs, windows: count };
  const shown = keys.map(toSeriesName);
  return readCostSeries(reader, projectId, { scope, by, days, shown, ...windows });
}
