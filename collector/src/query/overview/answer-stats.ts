/** How the runs of a range went, and what fired, how each went in it, and what it was in the range before. */
import type { OverviewQuery, OverviewStats } from '../../contract.ts';
import { readRunWindows, type RunFigures } from '../../store/overview/read-run-windows.ts';
import { previousFrom } from '../../store/overview/compared.ts';
import { readIncidents } from '../../store/read-incidents.ts';
import type { Reader } from '../../store/read-rows.ts';
import { readNewestRunTime } from '../../store/read-runs.ts';
import { toIso } from '../time-range.ts';
import type { Windows } from '../windows.ts';
import { toCompared } from './to-compared.ts';

export async function answerStats(reader: Reader, query: OverviewQuery): Promise<OverviewStats> {
  const { compared, windows, told } = toCompared(query);
  const [runs, incidents] = await Promise.all([
    readRunWindows(reader, query.project, compared),
    readOpenCounts(
      reader,
      query.project,
      windows,
      compared.scope.fromUnixNano,
      compared.scope.toUnixNano,
    ),
  ]);
  return {
    ...told,
    previousFrom: toIso(previousFrom(compared.scope)),
    runs: {
      now: toRunFigures(runs.now),
      previous: toRunFigures(runs.previous),
      series: toRunSeries(runs.points),
    },
    incidents,
    newestRunAt: runs.now.runs > 0 ? null : await readNewestRunTime(reader, query.project),
  };
}

function toRunFigures({
  runs,
  over,
  completed,
  failed,
  p95Ns,
  tokens,
}: RunFigures): OverviewStats['runs']['now'] {
  return {
    runs,
    overRuns: over,
    completedRuns: completed,
    failedRuns: failed,
    successShare: over === 0 ? null : completed / over,
    p95Ms: p95Ns === null ? null : p95Ns / 1e6,
    tokens,
  };
}

function toRunSeries(points: readonly RunFigures[]): OverviewStats['runs']['series'] {
  const figures = points.map(toRunFigures);
  return {
    runs: figures.map(({ runs }) => runs),
    failedRuns: figures.map(({ failedRuns }) => failedRuns),
    successShare: figures.map(({ successShare }) => successShare),
    p95Ms: figures.map(({ p95Ms }) => p95Ms),
    tokens: figures.map(({ tokens }) => tokens),
  };
}

/** More than anybody looks at; of so many the sparkline may lack the oldest. */
const mostIncidents = 1_000;

/** How many are open where the range begins, where each window ends, and where the range ends. */
async function readOpenCounts(
  reader: Reader,
  projectId: string,
  { originUnixNano, stepNs, count }: Windows,
  fromUnixNano: bigint,
  toUnixNano: bigint,
): Promise<OverviewStats['incidents']> {
  const [fromMs, toMs] = [Number(fromUnixNano) / 1e6, Number(toUnixNano) / 1e6];
  const ask = { fromMs, toMs, state: 'any', ruleId: '', limit: mostIncidents } as const;
  const { incidents } = await readIncidents(reader, projectId, ask);
  const openAt = (ms: number): number =>
    incidents.filter(
      ({ startedAtMs, endedAtMs }) => startedAtMs < ms && (endedAtMs ?? Infinity) >= ms,
    ).length;
  return {
    now: openAt(toMs),
    previous: openAt(fromMs),
    series: Array.from({ length: count }, (_, at) =>
      openAt(Math.min(toMs, Number(originUnixNano + BigInt(at + 1) * stepNs) / 1e6)),
    ),
  };
}
