/** Incidents as marks on a chart, for the pages that have charts. */
import type { Incident } from 'orchescope/contract';
import type { ChartMarker } from '../ui/chart/chart-types.ts';
import { toVisibleText } from '../ui/visible-text.ts';

/** One mark where it began, in order of time. */
export function toMarks(incidents: readonly Incident[]): ChartMarker[] {
  return incidents
    .toSorted((a, b) => a.startedAtMs - b.startedAtMs)
    .map(({ startedAtMs, title, group }) => ({
      atMs: startedAtMs,
      label: toVisibleText(group === '' ? title : `${title} (${group})`),
      kind: 'incident',
    }));
}
