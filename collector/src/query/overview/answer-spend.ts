/** What calls cost, together and by model, window by window, and what they cost in the range before: one read. */
import type { OverviewModel, OverviewQuery, OverviewSpend } from '../../contract.ts';
import { readCallWindows, type CallWindow } from '../../store/overview/read-call-windows.ts';
import type { Reader } from '../../store/read-rows.ts';
import { toRunsFilter } from '../costs/dimensions.ts';
import { toUsdText } from '../costs/money.ts';
import { costOf, toCallFigures, toWindowSeries } from './call-figures.ts';
import { countBehind } from './count-behind.ts';
import { toCompared } from './to-compared.ts';

/** As many as colours tell apart, less the one for all others. */
const shownModels = 6;

export async function answerSpend(reader: Reader, query: OverviewQuery): Promise<OverviewSpend> {
  const { compared, windows, told } = toCompared(query);
  const rows = await readCallWindows(reader, query.project, compared);
  const models = [...Map.groupBy(rows, ({ model }) => model)]
    .map(([model, all]) => ({ model, now: all.filter(({ at }) => at >= 0), all }))
    .filter(({ now }) => now.length > 0)
    .sort((a, b) => compareCosts(a.now, b.now) || (a.model < b.model ? -1 : 1));
  const shown = models.slice(0, shownModels);
  const rest = models.slice(shownModels);
  const links = shown.map(({ model }) => ({
    runsFilter: toRunsFilter(query.q, ['model'], [model]),
  }));
  const runs = await countBehind(reader, query.project, compared.scope, links);
  return {
    ...told,
    now: toCallFigures(rows.filter(({ at }) => at >= 0)),
    previous: toCallFigures(rows.filter(({ at }) => at < 0)),
    series: toCostSeries(rows, windows.count),
    models: shown.map((one, at) =>
      Object.assign(toModel(one.model, one.all, windows.count), {
        runs: runs[at] ?? 0,
        runsFilter: links[at]?.runsFilter ?? '',
      }),
    ),
    other:
      rest.length === 0
        ? null
        : {
            models: rest.length,
            costUsd: toUsdText(costOf(rest.flatMap(({ now }) => now))),
            series: toCostSeries(
              rest.flatMap(({ now }) => now),
              windows.count,
            ),
          },
  };
}

function compareCosts(a: readonly CallWindow[], b: readonly CallWindow[]): number {
  const difference = costOf(b) - costOf(a);
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}

function toModel(
  model: string,
  all: readonly CallWindow[],
  count: number,
): Omit<OverviewModel, 'runs' | 'runsFilter'> {
  return {
    model,
    ...toCallFigures(all.filter(({ at }) => at >= 0)),
    previousCostUsd: toCallFigures(all.filter(({ at }) => at < 0)).costUsd,
    series: toCostSeries(all, count),
  };
}

function toCostSeries(windows: readonly CallWindow[], count: number): number[] {
  return toWindowSeries(windows, count, ({ cost }) => Number(cost) / 1e12);
}
