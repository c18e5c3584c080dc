/** Runs by when they began and how long they took, in rows on a logarithmic scale. */
import type { OverviewHeatmap, OverviewQuery } from '../../contract.ts';
import { readHeatmap, type HeatmapRow } from '../../store/overview/read-heatmap.ts';
import type { Reader } from '../../store/read-rows.ts';
import { toRunsFilter } from '../costs/dimensions.ts';
import { toCompared } from './to-compared.ts';

const nsPerMs = 1_000_000;
/** As people count: each about twice as long as the one before. What is longer than the last is in one row with it. */
const boundsNs = [
  { unitMs: 1, counts: [0, 1, 2, 5, 10, 20, 50, 100, 200, 500] },
  { unitMs: 1_000, counts: [1, 2, 5, 10, 20, 30] },
  { unitMs: 60_000, counts: [1, 2, 5, 10, 20, 30] },
  { unitMs: 3_600_000, counts: [1, 2, 5, 12] },
  { unitMs: 86_400_000, counts: [1, 2, 7, 14, 28] },
].flatMap(({ unitMs, counts }) => counts.map((count) => count * unitMs * nsPerMs));

export async function answerHeatmap(
  reader: Reader,
  query: OverviewQuery,
): Promise<OverviewHeatmap> {
  const { compared, told } = toCompared(query);
  const found = await readHeatmap(reader, query.project, compared, boundsNs);
  const places = found.map(({ fromNs }) => boundsNs.indexOf(fromNs));
  const lowest = places.length === 0 ? 0 : Math.min(...places);
  const highest = places.length === 0 ? -1 : Math.max(...places);
  return {
    ...told,
    rows: boundsNs.slice(lowest, highest + 1).map((_, at) => toRow(lowest + at, query.q)),
    cells: found.map((cell) => toCell(cell, lowest)),
    runs: found.reduce((sum, { runs }) => sum + runs, 0),
  };
}

/** Of the last row: no run lasts longer. */
const longestMs = 4_294_967_295_000;

function toRow(place: number, q: string): OverviewHeatmap['rows'][number] {
  const fromMs = (boundsNs[place] ?? 0) / nsPerMs;
  const next = boundsNs[place + 1];
  const toMs = next === undefined ? longestMs : next / nsPerMs;
  const terms = [
    `duration>=${inUnit(fromMs)}`,
    ...(next === undefined ? [] : [`duration<${inUnit(toMs)}`]),
  ];
  return { fromMs, toMs, runsFilter: [toRunsFilter(q, [], []), ...terms].join(' ').trim() };
}

const units = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'm', ms: 60_000 },
  { unit: 's', ms: 1_000 },
] as const;

/** As the filter reads it, in the largest unit of which it is a multiple. */
function inUnit(ms: number): string {
  const fits = units.find((one) => ms > 0 && ms % one.ms === 0);
  return fits === undefined ? `${ms}ms` : `${ms / fits.ms}${fits.unit}`;
}

function toCell(
  { at, fromNs, runs, failedRuns }: HeatmapRow,
  lowest: number,
): OverviewHeatmap['cells'][number] {
  return { at, row: boundsNs.indexOf(fromNs) - lowest, runs, failedRuns };
}
