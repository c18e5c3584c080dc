/** What the page asks for: each part by itself, so that one that fails leaves the others as they are. */
import type { OverviewStats } from 'orchescope/contract';
import { readIncidents } from '../alerts/alerts-api.ts';
import type { OverviewRoute, Scope } from '../routes.ts';
import { toMs } from '../ui/time-range.ts';
import { toHeatmapStep } from './heatmap.ts';
import {
  readDeploys,
  readFailing,
  readHeatmap,
  readNewestRuns,
  readSpend,
  readStats,
  readWorstFindings,
} from './overview-api.ts';
import { askFor } from './overview-query.ts';

/** Rows of a list that is as wide as half of the page, or wider. */
export const shownRows = 6;
const mostIncidents = 40;
/** Up to so many the newest ones are listed. */
const fewRuns = 20;
const whileEmptyMs = 2_000;

export type OverviewParts = ReturnType<typeof askForParts>;

/** @param isWaiting nothing was ever sent: only the first run is waited for. Called while a component is made. */
export function askForParts(scope: () => OverviewRoute, isWaiting: () => boolean) {
  const stats = askFor('stats', scope, readStats, () => ({
    refetchInterval: isWaiting() ? whileEmptyMs : false,
  }));
  const more = (): { enabled: boolean } => ({ enabled: !isWaiting() });
  const spend = askFor('spend', scope, readSpend, more);
  const heatmap = askFor(
    'heatmap',
    scope,
    (asked) => readHeatmap(asked, toHeatmapStep(lengthOf(asked.scope))),
    more,
  );
  const failing = askFor('failing', scope, readFailing, more);
  const deploys = askFor('deploys', scope, readDeploys, more);
  const findings = askFor('findings', scope, (asked) => readWorstFindings(asked, shownRows), more);
  const incidents = askFor(
    'incidents',
    scope,
    ({ scope: { project, from, to }, signal }) =>
      readIncidents({ project, from, to, state: 'any', rule: '', limit: mostIncidents }, signal),
    more,
  );
  const newest = askFor(
    'newest',
    scope,
    (asked) => readNewestRuns(asked, shownRows),
    () => ({ enabled: hasFewRuns(stats.data) }),
  );
  return {
    stats,
    spend,
    heatmap,
    failing,
    deploys,
    findings,
    incidents,
    newest,
  };
}

/** Not told before they are counted. */
export function hasFewRuns(stats: OverviewStats | undefined): boolean {
  const count = stats?.runs.now.runs ?? 0;
  return count > 0 && count <= fewRuns;
}

function lengthOf({ from, to }: Scope): number {
  const now = Date.now();
  return (toMs(to, now) ?? now) - (toMs(from, now) ?? now);
}
