/** The data of a chart as a table that can be read: at most sixty rows. */
import type { ChartSeries } from './chart-types.ts';

export const mostRows = 60;

export type ChartRow = {
  readonly fromMs: number;
  /** One entry a series. */
  readonly values: readonly (number | null)[];
};

/** So many times stand in one row. */
export function timesPerRow(count: number): number {
  return Math.max(1, Math.ceil(count / mostRows));
}

/** Where several times share a row, it shows the one that is furthest to that side. */
export function chartRows(
  timesMs: readonly number[],
  series: readonly ChartSeries[],
  extreme: 'highest' | 'lowest',
): ChartRow[] {
  const per = timesPerRow(timesMs.length);
  const rows: ChartRow[] = [];
  for (let at = 0; at < timesMs.length; at += per) {
    rows.push({
      fromMs: timesMs[at] ?? 0,
      values: series.map(({ values }) => furthest(values.slice(at, at + per), extreme)),
    });
  }
  return rows;
}

function furthest(
  values: readonly (number | null)[],
  extreme: 'highest' | 'lowest',
): number | null {
  let found: number | null = null;
  for (const value of values) {
    if (value === null) continue;
    if (found === null || (extreme === 'highest' ? value > found : value < found)) found = value;
  }
  return found;
}
