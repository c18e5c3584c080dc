/** What breakers and queues did, and when. */
import { toRanksSql } from './nearest-ranks.ts';
import { fromProject, readRows, type Reader } from './read-rows.ts';
import { fromRuns, toScopeParams, type RunScope } from './runs-sql.ts';
import type { SqlFragment } from './store.ts';

type Row = Readonly<Record<string, unknown>>;

/** More of them than people look at. */
const maxNames = 200;
const maxTransitions = 500;

/** A row a breaker, those that opened most first; transitions are `[nanoseconds, state, run, span]`. */
export async function readBreakerTimelines(
  reader: Reader,
  projectId: string,
  scope: RunScope,
): Promise<Row[]> {
  return readRows(reader, projectId, toBreakerTimelinesSql(scope));
}

export function toBreakerTimelinesSql(scope: RunScope): SqlFragment {
  const columns = 'run_id, breaker_names, breaker_states, breaker_times, breaker_span_ids';
  const sql = `SELECT breaker, countIf(state = 'open') AS opens,
  arraySlice(arraySort(groupArray((moment, toString(state), run_id, span_id))), -${maxTransitions}) AS transitions
FROM ${fromRuns(columns, scope, 'lived')}
ARRAY JOIN breaker_names AS breaker, breaker_states AS state, breaker_times AS changed, breaker_span_ids AS span_id
WHERE (toUnixTimestamp64Nano(changed) AS moment) >= {from:Int64} AND moment < {to:Int64}
GROUP BY breaker
ORDER BY opens DESC, breaker
LIMIT ${maxNames}`;
  return { sql, params: toScopeParams(scope) };
}

export type WindowCut = { readonly originUnixNano: bigint; readonly stepNs: bigint };

/** A row a queue, most used first; windows are `[place, taken, failed, with a wait, [p50, p95] in ns]`. */
export async function readQueueTakes(
  reader: Reader,
  projectId: string,
  scope: RunScope,
  cut: WindowCut,
): Promise<Row[]> {
  return readRows(reader, projectId, toQueueTakesSql(scope, cut));
}

export function toQueueTakesSql(scope: RunScope, cut: WindowCut): SqlFragment {
  const columns = 'queue_names, queue_times, queue_waits, queue_failed';
  const sql = `SELECT queue, sum(taken) AS total, groupArray((at, taken, failed_here, with_wait, waits)) AS windows
FROM (
SELECT toString(name) AS queue, toInt32(intDiv(moment - {origin:Int64}, {step:Int64})) AS at, count() AS taken,
  sum(failed) AS failed_here, countIf(isNotNull(wait)) AS with_wait,
  ${toRanksSql('toInt64(ifNull(wait, 0))', 'isNotNull(wait)')} AS waits
FROM ${fromRuns(columns, scope, 'lived')}
ARRAY JOIN queue_names AS name, queue_times AS taken_at, queue_waits AS wait, queue_failed AS failed
WHERE (toUnixTimestamp64Nano(taken_at) AS moment) >= {from:Int64} AND moment < {to:Int64}
GROUP BY queue, at
)
GROUP BY queue
ORDER BY total DESC, queue
LIMIT ${maxNames}`;
  return { sql, params: { ...toScopeParams(scope), ...toCutParams(cut) } };
}

/** What senders call the metric, and the attribute that names the queue. */
export type DepthGauge = { readonly name: string; readonly queueKey: string };

/** A row a queue and window, `depth` being the last that any sender told. */
export async function readQueueDepths(
  reader: Reader,
  projectId: string,
  scope: Pick<RunScope, 'fromUnixNano' | 'toUnixNano'>,
  cut: WindowCut,
  gauge: DepthGauge,
): Promise<Row[]> {
  return readRows(reader, projectId, toQueueDepthsSql(scope, cut, gauge));
}

export function toQueueDepthsSql(
  { fromUnixNano, toUnixNano }: Pick<RunScope, 'fromUnixNano' | 'toUnixNano'>,
  cut: WindowCut,
  gauge: DepthGauge,
): SqlFragment {
  // A point bears bit 1 of its flags when it says that there is no value.
  const sql = `SELECT attributes[{queueKey:String}] AS queue,
  toInt32(intDiv(toUnixTimestamp64Nano(time) - {origin:Int64}, {step:Int64})) AS at,
  argMax(assumeNotNull(value), (time, received_at)) AS depth
FROM ${fromProject('metric_points')}
  AND name = {name:String}
  AND time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') AND time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND isNotNull(value) AND bitAnd(flags, 1) = 0 AND queue != ''
GROUP BY queue, at
ORDER BY queue, at
LIMIT ${maxNames * 1_000}`;
  return {
    sql,
    params: {
      from: fromUnixNano.toString(),
      to: toUnixNano.toString(),
      ...gauge,
      ...toCutParams(cut),
    },
  };
}

function toCutParams({ originUnixNano, stepNs }: WindowCut): Record<string, string> {
  return { origin: originUnixNano.toString(), step: stepNs.toString() };
}
