/** Where the time of many runs went. Runs that began in the range, and are over: of the others the end is not known. */
import { toRanksSql } from './nearest-ranks.ts';
import { readRows, type Reader } from './read-rows.ts';
import { fromRuns, toScopeParams, type RunScope } from './runs-sql.ts';
import type { SqlFragment } from './store.ts';

type Row = Readonly<Record<string, unknown>>;

export type CriticalPathRead = {
  /** `runs`, `p50_ns`, `p95_ns`, `slow_runs`, `ms`, `slow_ms`, `on_path`, `off_path`. */
  readonly totals: Row;
  /** A row a kind of work and agent, longest first: `kind`, `agent`, `ms`, `slow_ms`, `cost`. */
  readonly shares: readonly Row[];
};

/** Of agents that are named anew in every run there would be no end. */
const maxShares = 500;

export async function readCriticalPath(
  reader: Reader,
  projectId: string,
  scope: RunScope,
): Promise<CriticalPathRead> {
  const [ranks = {}] = await readRows(reader, projectId, toDurationRanksSql(scope));
  const slowNs = String(ranks['p95_ns'] ?? 0);
  const [[totals = {}], shares] = await Promise.all([
    readRows(reader, projectId, toDurationTotalsSql(scope, slowNs)),
    readRows(reader, projectId, toCriticalSharesSql(scope, slowNs)),
  ]);
  return { totals: { ...ranks, ...totals }, shares };
}

const isOver = "status_word != 'running'";
const statusWord = 'toString(status) AS status_word';

export function toDurationRanksSql(scope: RunScope): SqlFragment {
  const sql = `SELECT count() AS runs, ${toRanksSql('elapsed_ns')} AS ranks, ranks[1] AS p50_ns, ranks[2] AS p95_ns
FROM ${fromRuns(`elapsed_ns, ${statusWord}`, scope)}
WHERE ${isOver}`;
  return { sql, params: toScopeParams(scope) };
}

/** @param slowNs runs that took so long, and longer, are the slow ones */
export function toDurationTotalsSql(scope: RunScope, slowNs: string): SqlFragment {
  const sql = `SELECT sum(elapsed_ns / 1e6) AS ms, sumIf(elapsed_ns / 1e6, elapsed_ns >= {slow:Int64}) AS slow_ms,
  countIf(elapsed_ns >= {slow:Int64}) AS slow_runs, toString(sum(toDecimal128(critical_cost_usd, 12))) AS on_path,
  toString(sum(if(isNull(cost_usd), toDecimal128(0, 12), toDecimal128(assumeNotNull(cost_usd) - critical_cost_usd, 12)))) AS off_path
FROM ${fromRuns(`elapsed_ns, cost_usd, critical_cost_usd, ${statusWord}`, scope)}
WHERE ${isOver}`;
  return { sql, params: { ...toScopeParams(scope), slow: slowNs } };
}

export function toCriticalSharesSql(scope: RunScope, slowNs: string): SqlFragment {
  const columns = 'critical_kinds, critical_agents, critical_durations, critical_costs';
  const sql = `SELECT kind, agent, sum(lasted / 1e6) AS ms, sumIf(lasted / 1e6, elapsed_ns >= {slow:Int64}) AS slow_ms,
  toString(sum(toDecimal128(paid, 12))) AS cost
FROM ${fromRuns(`elapsed_ns, ${statusWord}, ${columns}`, scope)}
ARRAY JOIN critical_kinds AS kind, critical_agents AS agent, critical_durations AS lasted, critical_costs AS paid
WHERE ${isOver}
GROUP BY kind, agent
ORDER BY ms DESC, kind, agent
LIMIT ${maxShares}`;
  return { sql, params: { ...toScopeParams(scope), slow: slowNs } };
}
