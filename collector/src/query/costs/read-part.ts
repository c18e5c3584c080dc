/** What one project spent, by dimensions of its calls. A report over projects has one part each. */
import type { CallDimension } from '../../store/costs/call-rows.ts';
import {
  readCostCells,
  readCostSeries,
  readSpent,
  toSeriesName,
  type CostCell,
} from '../../store/costs/read-costs.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { RunScope } from '../../store/runs-sql.ts';
import type { Windows } from '../windows.ts';
import { sumCells } from './sum-cells.ts';

export type CostPart = {
  readonly projectId: string;
  readonly cells: readonly CostCell[];
  readonly total: CostCell;
  /** Of the range before, by the keys of a cell as `toSeriesName` joins them. */
  readonly before: ReadonlyMap<string, bigint>;
  /** null = no call was made then. */
  readonly totalBefore: bigint | null;
};

export type PartAsk = {
  readonly by: readonly CallDimension[];
  readonly scope: RunScope;
  readonly previous: RunScope;
};

export async function readPart(
  reader: Reader,
  projectId: string,
  { by, scope, previous }: PartAsk,
): Promise<CostPart> {
  const isWhole = by.length === 0;
  const [cells, totals, before, befores] = await Promise.all([
    readCostCells(reader, projectId, { scope, by }),
    isWhole ? null : readCostCells(reader, projectId, { scope, by: [] }),
    readSpent(reader, projectId, { scope: previous, by }),
    isWhole ? null : readSpent(reader, projectId, { scope: previous, by: [] }),
  ]);
  return {
    projectId,
    cells: cells.filter(({ calls }) => calls > 0),
    total: sumCells(totals ?? cells),
    before: new Map(before.map(({ keys, cost }) => [toSeriesName(keys), cost])),
    totalBefore: (befores ?? before)[0]?.cost ?? null,
  };
}

/** USD a window: of each of the keys, and of the whole project. */
export async function readPartSeries(
  reader: Reader,
  projectId: string,
  { by, scope }: PartAsk,
  { originUnixNano, stepNs, count }: Windows,
  keys: readonly (readonly string[])[],
): Promise<{
  readonly of: (keys: readonly string[]) => readonly number[];
  readonly whole: readonly number[];
}> {
  const windows = { scope, originUnixNano, stepNs, windows: count };
  const shown = keys.map(toSeriesName);
  const nothing = Array.from({ length: count }, () => 0);
  const [rows, whole] = await Promise.all([
    readCostSeries(reader, projectId, { ...windows, by, shown }),
    readCostSeries(reader, projectId, { ...windows, by: [], shown: [''] }),
  ]);
  return {
    of: (keys) => rows.get(toSeriesName(keys)) ?? nothing,
    whole: whole.get('') ?? nothing,
  };
}
