/** Incidents as marks on a chart, for the pages that have charts. */
import type { Incident } from 'orchescope/contract';
import type { Scope } from '../routes.ts';
import type { ChartMarker } from '../ui/chart/chart-types.ts';
import { toVisibleText } from '../ui/visible-text.ts';
import { readIncidents } from './alerts-api.ts';

/** So many fit beside each other before a chart is all marks. */
const mostMarks = 40;

export async function readIncidentMarks(scope: Scope, signal: AbortSignal): Promise<ChartMarker[]> {
  const { project, from, to } = scope;
  const { incidents } = await readIncidents(
    { project, from, to, state: 'any', rule: '', limit: mostMarks },
    signal,
  );
  return toMarks(incidents);
}

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
