/** What was spent, by one or two dimensions, against the range before. */
import type { CostDimension, CostQuery, CostReport, CostRow } from '../../contract.ts';
import { toSeriesName, type CostCell, type CostSeries } from '../../store/costs/read-costs.ts';
import { readProjects } from '../../store/read-projects.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { RunScope } from '../../store/runs-sql.ts';
import { toRunScope } from '../run-scope.ts';
import { toIso } from '../time-range.ts';
import { toTimes, toWindows, type Windows } from '../windows.ts';
import { toStep } from './to-step.ts';
import { readDaysOf } from './days-of.ts';
import { isOfCalls, toDimensions, toRunsFilter } from './dimensions.ts';
import type { InputPrices } from './list-rates.ts';
import { toShare, toUsdText } from './money.ts';
import { readPart, readPartSeries, type CostPart, type PartAsk } from './read-part.ts';
import { sumCells } from './sum-cells.ts';
import { toFigures, toFlags, toWaste } from './to-figures.ts';

export async function answerCosts(
  reader: Reader,
  query: CostQuery,
  prices: InputPrices,
): Promise<CostReport> {
  const by = toDimensions(query.by);
  const { range, scope } = toRunScope(query);
  const windows = toWindows(range, toStep(range, query.step));
  const previous = toPrevious(scope);
  const ofCalls = by.filter(isOfCalls);
  const days = await readDaysOf(reader, query.q, scope, ofCalls);
  const isWithUsers = query.users === 'true';
  const ask = { by: ofCalls, scope, previous, days, isWithUsers };
  const parts = await readParts(reader, query.project, by, ask, prices);
  const total = sumCells(parts.map((part) => part.total));
  const users = isWithUsers ? parts.reduce((sum, part) => sum + part.users.whole, 0) : null;
  const drafts = parts
    .flatMap((part) => part.cells.map((cell) => toDraft(part, cell, by, prices)))
    .sort((a, b) => orders[query.sort](b) - orders[query.sort](a) || compareKeys(a, b));
  const shown = drafts.slice(0, query.limit);
  const series = await readSeries(reader, parts, ask, windows, shown);
  const befores = parts.flatMap(({ totalBefore }) => totalBefore ?? []);
  return {
    from: toIso(range.from),
    to: toIso(range.to),
    previousFrom: toIso(ask.previous.fromUnixNano),
    by: [...by],
    stepSeconds: windows.stepSeconds,
    times: toTimes(windows),
    rows: shown.map((draft) => ({
      keys: [...draft.keys],
      figures: toFigures(draft.cell, draft.users, prices),
      previousCostUsd: draft.before === null ? null : toUsdText(draft.before),
      share: toShare(draft.cell.cost, total.cost),
      series: [...series.of(draft)],
      runsFilter: toRunsFilter(query.q, by, draft.keys),
      flags: toFlags(draft.cell),
    })) satisfies CostRow[],
    other: toOther(drafts.slice(query.limit), series.rest),
    total: toFigures(total, users, prices),
    previousCostUsd: befores.length === 0 ? null : toUsdText(sum(befores)),
    flags: [...toFlags(total), ...(by.includes('tag') ? (['tags_overlap'] as const) : [])],
  };
}

/** As long as the range, right before it. */
export function toPrevious(scope: RunScope): RunScope {
  const length = scope.toUnixNano - scope.fromUnixNano;
  const from = scope.fromUnixNano - length;
  return { ...scope, fromUnixNano: from < 0n ? 0n : from, toUnixNano: scope.fromUnixNano };
}

async function readParts(
  reader: Reader,
  projectId: string,
  by: readonly CostDimension[],
  ask: PartAsk,
  { changesOf }: InputPrices,
): Promise<CostPart[]> {
  const read = (id: string): Promise<CostPart> => readPart(reader, id, ask, changesOf(id));
  if (!by.includes('project')) return [await read(projectId)];
  const parts: CostPart[] = [];
  // One after the other: a server may have hundreds.
  for (const { id } of await readProjects(reader)) parts.push(await read(id));
  return parts;
}

type Draft = {
  readonly projectId: string;
  readonly cell: CostCell;
  readonly keys: readonly string[];
  readonly before: bigint | null;
  readonly users: number | null;
  readonly waste: bigint;
};

function toDraft(
  { projectId, before, users }: CostPart,
  cell: CostCell,
  by: readonly CostDimension[],
  prices: InputPrices,
): Draft {
  const values = cell.keys.values();
  return {
    projectId,
    cell,
    keys: by.map((dimension) => (isOfCalls(dimension) ? (values.next().value ?? '') : projectId)),
    before: before.get(toSeriesName(cell.keys)) ?? null,
    users: users.of(cell.keys),
    waste: toWaste(cell, prices),
  };
}

const orders: Readonly<Record<CostQuery['sort'], (draft: Draft) => number>> = {
  cost: ({ cell }) => Number(cell.cost),
  tokens: ({ cell }) => Object.values(cell.tokens).reduce((sum, tokens) => sum + tokens, 0),
  change: ({ cell, before }) => Number(cell.cost - (before ?? 0n)),
  waste: ({ waste }) => Number(waste),
  runs: ({ cell }) => cell.runs,
};

/** Equal rows stand in the same order whenever somebody looks. */
function compareKeys(a: Draft, b: Draft): number {
  const [left, right] = [toSeriesName(a.keys), toSeriesName(b.keys)];
  return left < right ? -1 : Number(left > right);
}

type Series = {
  readonly of: (draft: Draft) => readonly number[];
  /** Of all that is not shown. */
  readonly rest: readonly number[];
};

async function readSeries(
  reader: Reader,
  parts: readonly CostPart[],
  ask: PartAsk,
  windows: Windows,
  shown: readonly Draft[],
): Promise<Series> {
  const byProject = new Map<string, CostSeries>();
  for (const { projectId, cells } of parts) {
    if (cells.length === 0) continue;
    const keys = shown.filter((row) => row.projectId === projectId).map(({ cell }) => cell.keys);
    byProject.set(projectId, await readPartSeries(reader, projectId, ask, windows, keys));
  }
  const nothing = Array.from({ length: windows.count }, () => 0);
  return {
    of: ({ projectId, cell }) =>
      byProject.get(projectId)?.shown.get(toSeriesName(cell.keys)) ?? nothing,
    rest: [...byProject.values()].reduce((sum, { rest }) => addUp(sum, rest), nothing),
  };
}

function addUp(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, at) => value + (b[at] ?? 0));
}

function toOther(rest: readonly Draft[], series: readonly number[]): CostReport['other'] {
  if (rest.length === 0) return null;
  return {
    rows: rest.length,
    costUsd: toUsdText(sum(rest.map(({ cell }) => cell.cost))),
    series: [...series],
  };
}

function sum(costs: readonly bigint[]): bigint {
  return costs.reduce((all, cost) => all + cost, 0n);
}
