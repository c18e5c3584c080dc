/** The six numbers as the page shows them, each with the runs behind it: cost is an answer of its own. */
import type { OverviewSpend, OverviewStats } from 'orchescope/contract';
import { coverageInWords, formatShare } from '../costs/cost-words.ts';
import { formatCount, formatDuration, formatExactCount, formatUsd, plural } from '../format.ts';
import { alertsRoute, runsRoute, toUrl, type OverviewRoute } from '../routes.ts';
import { toChangeWords, type ChangeKind, type ChangeWords } from './change-words.ts';

export type Stat = {
  readonly label: string;
  readonly value: string;
  readonly exact: string;
  readonly href: string;
  readonly change: ChangeWords;
  readonly before: string;
  readonly series: readonly (number | null)[];
  /** What else has to be known of it; empty = nothing. */
  readonly beside: string;
  /** Shown on hover of that. */
  readonly besideExact: string;
};

const kinds = {
  runs: { up: 'more', down: 'fewer', good: 'neither', as: 'relative' },
  success: { up: 'better', down: 'worse', good: 'up', as: 'points' },
  p95: { up: 'slower', down: 'faster', good: 'down', as: 'relative' },
  cost: { up: 'more', down: 'less', good: 'neither', as: 'relative' },
  tokens: { up: 'more', down: 'fewer', good: 'neither', as: 'relative' },
  incidents: { up: 'more', down: 'fewer', good: 'down', as: 'difference' },
} as const satisfies Record<string, ChangeKind>;

export function toRunStats({ runs, incidents }: OverviewStats, route: OverviewRoute): Stat[] {
  const { now, previous, series } = runs;
  return [
    {
      label: 'Runs',
      value: formatCount(now.runs),
      exact: plural(now.runs, 'run began', 'runs began'),
      href: toUrl(runsRoute(route)),
      change: toChangeWords(now.runs, previous.runs, kinds.runs),
      before: `${formatExactCount(previous.runs)} before`,
      series: series.runs,
      beside: now.runs === now.overRuns ? '' : `${formatCount(now.runs - now.overRuns)} go on`,
      besideExact: '',
    },
    {
      label: 'Success',
      value: formatShare(now.successShare),
      exact: `${formatExactCount(now.completedRuns)} of ${plural(now.overRuns, 'run that is over', 'runs that are over')}`,
      href: toUrl(runsRoute(route, { q: 'status:completed' })),
      change: toChangeWords(now.successShare, previous.successShare, kinds.success),
      before: `${formatShare(previous.successShare)} before`,
      series: series.successShare,
      beside: now.failedRuns === 0 ? 'no run failed' : '',
      besideExact: '',
    },
    {
      label: 'End to end, p95',
      value: formatDuration(now.p95Ms),
      exact: '19 of 20 runs took no longer. Shows those that took as long or longer.',
      href: toUrl(runsRoute(route, { q: slowerThan(now.p95Ms), sort: 'duration' })),
      change: toChangeWords(now.p95Ms, previous.p95Ms, kinds.p95),
      before: `${formatDuration(previous.p95Ms)} before`,
      series: series.p95Ms,
      beside: '',
      besideExact: '',
    },
    {
      label: 'Tokens',
      value: formatCount(now.tokens),
      exact: formatExactCount(now.tokens),
      href: toUrl(runsRoute(route, { q: 'tokens>0', sort: 'tokens' })),
      change: toChangeWords(now.tokens, previous.tokens, kinds.tokens),
      before: `${formatExactCount(previous.tokens)} before`,
      series: series.tokens,
      beside: now.runs === 0 ? '' : `${formatCount(Math.round(now.tokens / now.runs))} a run`,
      besideExact: '',
    },
    {
      label: 'Open incidents',
      value: formatCount(incidents.now),
      exact: 'Open where the range ends',
      href: toUrl(alertsRoute(route, { state: 'open' })),
      change: toChangeWords(incidents.now, incidents.previous, kinds.incidents),
      before: `${formatExactCount(incidents.previous)} where the range begins`,
      series: incidents.series,
      beside: '',
      besideExact: '',
    },
  ];
}

export function toSpendStats(
  { now, previous, series }: OverviewSpend,
  route: OverviewRoute,
): Stat[] {
  return [
    {
      label: 'Cost',
      value: formatUsd(now.costUsd),
      exact: now.costUsd === null ? 'No call has a price' : `$${now.costUsd}`,
      href: toUrl(runsRoute(route, { q: 'cost>0', sort: 'cost' })),
      change: toChangeWords(toNumber(now.costUsd), toNumber(previous.costUsd), kinds.cost),
      before: `${formatUsd(previous.costUsd)} before`,
      series,
      beside: coverageInWords(now.coverage),
      besideExact: `${plural(now.calls - now.pricedCalls, 'call has', 'calls have')} no price: the sum is without.`,
    },
  ];
}

/** Whole nanoseconds as the filter reads them. Empty = all. */
function slowerThan(ms: number | null): string {
  if (ms === null) return '';
  return `duration>=${ms < 1000 ? `${fixed(ms, 6)}ms` : `${fixed(ms / 1000, 9)}s`}`;
}

function fixed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

function toNumber(usd: string | null): number | null {
  return usd === null ? null : Number(usd);
}
