/** How the runs of a range and of the one before went, window by window, in one pass over them. */
import { readRows, type Reader } from '../read-rows.ts';
import { fromRuns, toScopeParams } from '../runs-sql.ts';
import type { SqlFragment } from '../store.ts';
import { atWindow, toComparedParams, toComparedScope, type Compared } from './compared.ts';

export type RunFigures = {
  readonly runs: number;
  /** Neither running nor suspended. */
  readonly over: number;
  readonly completed: number;
  readonly failed: number;
  readonly p95Ns: number | null;
  readonly tokens: number;
};

export type RunWindows = {
  readonly now: RunFigures;
  readonly previous: RunFigures;
  /** One entry a window of the range. */
  readonly points: readonly RunFigures[];
};

const nothing: RunFigures = { runs: 0, over: 0, completed: 0, failed: 0, p95Ns: null, tokens: 0 };

export async function readRunWindows(
  reader: Reader,
  projectId: string,
  compared: Compared,
): Promise<RunWindows> {
  const rows = await readRows(reader, projectId, toRunWindowsSql(compared));
  const points = Array.from({ length: compared.windows }, () => nothing);
  let [now, previous] = [nothing, nothing];
  for (const row of rows) {
    const total = toFigures(Object.values(row['total'] as object));
    if (Number(row['is_now']) === 0) {
      previous = total;
      continue;
    }
    now = total;
    for (const [at, ...figures] of row['points'] as readonly (readonly unknown[])[]) {
      points[Number(at)] = toFigures(figures);
    }
  }
  return { now, previous, points };
}

/** A row of the range and one of the range before: figures in the order of `toFigures`. */
function toRunWindowsSql(compared: Compared): SqlFragment {
  const scope = toComparedScope(compared);
  const columns = `toUnixTimestamp64Nano(start_time) AS moment, toString(status) AS status_word, elapsed_ns,
  ifNull(total_tokens, 0) AS used_tokens`;
  // Quantiles are nearest ranks over negated values, see nearest-ranks.ts.
  const sql = `SELECT is_now, groupArray((at, n, n_over, n_completed, n_failed, n_timed, n_tokens, finalizeAggregation(state))) AS points,
  (sum(n), sum(n_over), sum(n_completed), sum(n_failed), sum(n_timed), sum(n_tokens), quantileExactMerge(0.05)(state)) AS total
FROM (
SELECT ${atWindow} AS at, at >= 0 AS is_now, count() AS n, countIf(status_word NOT IN ('running', 'suspended')) AS n_over,
  countIf(status_word = 'completed') AS n_completed, countIf(status_word = 'failed') AS n_failed,
  countIf(status_word != 'suspended') AS n_timed, sum(used_tokens) AS n_tokens,
  quantileExactStateIf(0.05)(-elapsed_ns, status_word != 'suspended') AS state
FROM ${fromRuns(columns, scope)}
GROUP BY at
)
GROUP BY is_now`;
  return { sql, params: { ...toScopeParams(scope), ...toComparedParams(compared) } };
}

function toFigures([
  runs,
  over,
  completed,
  failed,
  timed,
  tokens,
  p95,
]: readonly unknown[]): RunFigures {
  return {
    runs: Number(runs),
    over: Number(over),
    completed: Number(completed),
    failed: Number(failed),
    tokens: Number(tokens),
    p95Ns: Number(timed) === 0 ? null : 0 - Number(p95),
  };
}
