/**
 * Caches that were written and not read within an hour by any later call of the same workflow, agent and model, of
 * whatever run and day. Each day of runs keeps the writes that its own calls did not read, and the spans of time in which
 * its calls read what is written: a write is unread when it lies in no span of any day. Pure text.
 */
import { fromProject } from '../read-rows.ts';
import type { RunScope } from '../runs-sql.ts';
import { fromSums } from './both-sources.ts';
import { fromCalls, type CallsAsk } from './call-rows.ts';
import { toMakings, withoutMade } from './cut-range.ts';
import type { MadeDay } from './made-days.ts';

/** A cache is kept for so long at most: what was not read by then was written in vain. */
const cacheLifeNs = '3600000000000';

/** Calls that share a cache. */
const group = ['workflow', 'agent', 'provider', 'model'] as const;

export const writingCalls: CallsAsk = {
  calls: ['agent', 'provider', 'model', 'cost', 'waste_class', 'cache_write'],
  runs: ['run_id', 'workflow'],
};
export const readingCalls: CallsAsk = {
  calls: ['agent', 'provider', 'model', 'cache_read'],
  runs: ['workflow'],
};

/** Whoever wastes a whole call wastes what it wrote. */
const isWrite = "cache_write > 0 AND waste_class = '' AND isNotNull(cost)";

/** One row a write. @param from calls as in `writingCalls`, follows FROM */
export function toWritesSql(from: string, also: readonly string[] = []): string {
  return `SELECT ${[...also, ...group].join(', ')}, run_id,
  toDecimal128(assumeNotNull(cost), 12) AS spent, toUInt64(assumeNotNull(cache_write)) AS written,
  toUnixTimestamp64Nano(call_start) AS at, toInt64(0) AS read_until
FROM ${from}
  AND ${isWrite}`;
}

/** One row a span: as many as there are pauses of an hour. @param from calls as in `readingCalls` */
export function toReadsSql(from: string, also: readonly string[] = []): string {
  const columns = [...also, ...group].join(', ');
  return `SELECT ${columns}, '' AS run_id, toDecimal128(0, 12) AS spent, toUInt64(0) AS written,
  island[1] - ${cacheLifeNs} AS at, island[-1] AS read_until
FROM (
SELECT ${columns},
  arrayJoin(arraySplit((time, pause) -> pause > ${cacheLifeNs}, times, arrayDifference(times))) AS island
FROM (
SELECT ${columns}, arraySort(groupArray(toUnixTimestamp64Nano(call_start))) AS times
FROM ${from}
  AND cache_read > 0
GROUP BY ${columns}
)
)`;
}

/** The writes of these that lie in no span. A read at the very moment of a write is none of it. */
export function toUnreadSql(events: readonly string[], also: readonly string[] = []): string {
  return `SELECT * EXCEPT (read_until, last_read)
FROM (
SELECT *, max(read_until) OVER (PARTITION BY ${[...also, ...group].join(', ')} ORDER BY at) AS last_read
FROM (
${events.join('\nUNION ALL\n')}
)
)
WHERE read_until = 0 AND last_read <= at`;
}

/** Of runs in the range: such that may still be read are left out. */
export function toUnreadOfRangeSql(
  scope: RunScope,
  /** For a filter that the sums do not know, such without sums. */
  days: readonly MadeDay[],
  /** All that there are: whoever read is not asked for by any filter. */
  allDays: readonly MadeDay[],
): string {
  const anyone: RunScope = {
    ...scope,
    conditions: [],
    toUnixNano: scope.toUnixNano + BigInt(cacheLifeNs),
  };
  const events = [
    toWritesSql(fromCalls(withoutMade(scope, days), writingCalls)),
    toReadsSql(untilLater(fromCalls(withoutMade(anyone, allDays), readingCalls))),
    ...ofSums(days, (made) => toKeptWritesSql(scope, made)),
    ...ofSums(allDays, toKeptReadsSql),
  ];
  return `SELECT * FROM (${toUnreadSql(events)})
WHERE at < {now:Int64} - ${cacheLifeNs}`;
}

function ofSums(days: readonly MadeDay[], toSql: (made: readonly MadeDay[]) => string): string[] {
  const made = days.filter((day) => day.made !== null);
  return made.length === 0 ? [] : [toSql(made)];
}

const kept = [...group, 'run_id', 'cost AS spent', 'tokens AS written'].join(', ');

function toKeptWritesSql(scope: RunScope, days: readonly MadeDay[]): string {
  const tests = [
    "fact = 'write'",
    toMakings(days),
    "since >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') AND since < fromUnixTimestamp64Nano({to:Int64}, 'UTC')",
  ];
  return `SELECT ${kept}, toUnixTimestamp64Nano(since) AS at, toInt64(0) AS read_until
FROM ${fromSums('cost_waste_days', scope, tests)}`;
}

function toKeptReadsSql(days: readonly MadeDay[]): string {
  return `SELECT ${kept}, toUnixTimestamp64Nano(since) AS at, toUnixTimestamp64Nano(until) AS read_until
FROM ${fromProject('cost_waste_days')}
  AND fact = 'read' AND ${toMakings(days)}
  AND until > fromUnixTimestamp64Nano({from:Int64}, 'UTC') AND since < fromUnixTimestamp64Nano({to:Int64}, 'UTC')`;
}

/** The same calls, and those of the time in which a write at the end of the range may be read. */
function untilLater(sql: string): string {
  return sql.replaceAll('{to:Int64}', `{to:Int64} + ${cacheLifeNs}`);
}
