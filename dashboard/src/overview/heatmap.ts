/** Where the cells of the heatmap lie, what they say, and where they lead. */
import type { HeatmapCell, OverviewHeatmap } from 'orchescope/contract';
import { formatDuration, plural } from '../format.ts';
import { runsRoute, type RunsRoute, type Scope } from '../routes.ts';
import { formatMoment } from '../ui/chart/axis-steps.ts';

const steps: readonly (readonly [seconds: number, text: string])[] = [
  [10, '10s'],
  [30, '30s'],
  [60, '1m'],
  [120, '2m'],
  [300, '5m'],
  [600, '10m'],
  [1_800, '30m'],
  [3_600, '1h'],
  [7_200, '2h'],
  [10_800, '3h'],
  [21_600, '6h'],
  [43_200, '12h'],
  [86_400, '1d'],
  [604_800, '7d'],
  [2_419_200, '28d'],
];

/** Columns at most: as many as can be pointed at. */
const mostColumns = 60;

export function toHeatmapStep(lengthMs: number): string {
  const fits = steps.find(([seconds]) => lengthMs / 1000 / seconds <= mostColumns);
  return fits?.[1] ?? 'auto';
}

/** How dark a cell is: 1 to 5. Few are seen beside many, since each step is a multiple of the one before. */
export function toShade(runs: number, most: number): number {
  if (most <= 1) return 5;
  return 1 + Math.round((Math.log(runs) / Math.log(most)) * 4);
}

/** The runs of a cell. */
export function cellRoute(
  { times, to, from, rows }: OverviewHeatmap,
  { at, row }: Pick<HeatmapCell, 'at' | 'row'>,
  scope: Scope,
): RunsRoute {
  // The first window may begin before the range, and the last one end after it.
  const start = at === 0 ? from : (times[at] ?? from);
  const range = { project: scope.project, from: start, to: times[at + 1] ?? to };
  return runsRoute(range, { q: rows[row]?.runsFilter ?? '', sort: 'duration' });
}

export function rowInWords({ fromMs, toMs }: OverviewHeatmap['rows'][number]): string {
  if (fromMs === 0) return `under ${formatDuration(toMs)}`;
  return `${formatDuration(fromMs)} to ${formatDuration(toMs)}`;
}

/** "12 runs of 1 s to 2 s, 1 failed, from 21 Nov 10:00". */
export function cellInWords(map: OverviewHeatmap, cell: HeatmapCell): string {
  const row = map.rows[cell.row];
  const failed = cell.failedRuns === 0 ? '' : `, ${cell.failedRuns} failed`;
  const moment = formatMoment(Date.parse(map.times[cell.at] ?? map.from));
  const length = row === undefined ? '' : ` of ${rowInWords(row)}`;
  return `${plural(cell.runs, 'run', 'runs')}${length}${failed}, from ${moment}`;
}
