/** Who passes to whom, and how that goes. Handoffs that happened in the range. */
import { toRanksSql } from './nearest-ranks.ts';
import { readRows, type Reader } from './read-rows.ts';
import { fromRuns, toScopeParams, type RunScope } from './runs-sql.ts';
import type { SqlFragment } from './store.ts';

const maxEdges = 1_000;

/** A row a pair of agents, most frequent first; see `toHandoffsSql`. */
export async function readHandoffs(
  reader: Reader,
  projectId: string,
  scope: RunScope,
): Promise<Readonly<Record<string, unknown>>[]> {
  return readRows(reader, projectId, toHandoffsSql(scope));
}

export function toHandoffsSql(scope: RunScope): SqlFragment {
  const columns = `run_id, handoff_froms, handoff_tos, handoff_times, handoff_outcomes, handoff_latencies,
  handoff_context_tokens`;
  const latencyNs = 'toInt64(ifNull(latency, 0))';
  const tokens = 'toInt64(ifNull(context, 0))';
  const sql = `SELECT source, target, count() AS handoffs, countIf(outcome = 'accepted') AS accepted,
  countIf(outcome = 'refused') AS refused, countIf(outcome = 'failed') AS failed, countIf(outcome = 'pending') AS pending,
  countIf(isNotNull(latency)) AS with_latency, ${toRanksSql(latencyNs, 'isNotNull(latency)')} AS latencies,
  countIf(isNotNull(context)) AS with_context, ${toRanksSql(tokens, 'isNotNull(context)')} AS contexts,
  argMax(run_id, (outcome IN ('refused', 'failed'), moment, run_id)) AS example
FROM ${fromRuns(columns, scope, 'lived')}
ARRAY JOIN handoff_froms AS source, handoff_tos AS target, handoff_times AS handed, handoff_outcomes AS outcome,
  handoff_latencies AS latency, handoff_context_tokens AS context
WHERE (toUnixTimestamp64Nano(handed) AS moment) >= {from:Int64} AND moment < {to:Int64}
GROUP BY source, target
ORDER BY handoffs DESC, source, target
LIMIT ${maxEdges}`;
  return { sql, params: toScopeParams(scope) };
}
