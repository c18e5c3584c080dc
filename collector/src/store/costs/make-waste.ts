/** What `cost_waste_days` has of a day, as statements that make it. Pure text. */
import { fromEveryCall, type CallsAsk } from './call-rows.ts';
import {
  readingCalls,
  toReadsSql,
  toUnreadSql,
  toWritesSql,
  writingCalls,
} from './unread-writes.ts';

/** More of a class are never shown. */
export const examplesPerClass = 5;

const ofRun = ['workflow', 'environment', 'version_name'] as const;
const sharesCache = ['workflow', 'agent', 'provider', 'model'] as const;

/** @param condition on runs: those of one day */
export function toWasteInserts(condition: string): string[] {
  return [
    toClassInsert(condition),
    toRunInsert(condition),
    toWriteInsert(condition),
    toReadInsert(condition),
  ];
}

/** @param values of columns, in names that `rows` has */
function toInsert(fact: string, values: Readonly<Record<string, string>>, rows: string): string {
  // A value may have the name of another column: they are told by their place alone.
  const selected = Object.values(values).map((sql, at) => `${sql} AS c${at}`);
  return `INSERT INTO cost_waste_days (start_day, made, fact, ${Object.keys(values).join(', ')})
SELECT {day:Date} AS start, {made:UInt64} AS making, '${fact}' AS kind, ${selected.join(', ')}
FROM ${rows}`;
}

const same = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, name]));

function toClassInsert(condition: string): string {
  const ask: CallsAsk = {
    calls: ['provider', 'model', 'cost', 'waste_class', 'waste_tokens'],
    runs: ['project_id', ...ofRun],
    nth: { nth: ['waste_class'] },
  };
  const keys = ['project_id', 'waste_class', ...ofRun, 'provider', 'model'];
  const values = {
    ...same(keys),
    call_day: 'toDate(call_start)',
    cost: 'ifNull(sum(cost), 0)',
    tokens: 'sum(waste_tokens)',
    calls: 'count()',
    runs: 'countIf(nth = 1)',
  };
  return `${toInsert('class', values, fromEveryCall(condition, ask))}
  AND waste_class != ''
GROUP BY ${keys.join(', ')}, toDate(call_start)`;
}

/**
 * The dearest runs among those whose calls of the class began on one day, and all of which they began on several: those
 * may be among the dearest of several days together.
 */
function toRunInsert(condition: string): string {
  const ask: CallsAsk = {
    calls: ['cost', 'waste_class'],
    runs: ['project_id', 'run_id', 'root_trace_id', ...ofRun],
  };
  const keys = ['project_id', 'waste_class', ...ofRun, 'run_id', 'root_trace_id'];
  const place = ['project_id', 'waste_class', ...ofRun, 'call_day'].join(', ');
  const rows = `(
SELECT *, count() OVER (PARTITION BY project_id, waste_class, run_id) AS days
FROM (
SELECT ${keys.join(', ')}, toDate(call_start) AS call_day, ifNull(sum(cost), 0) AS spent
FROM ${fromEveryCall(condition, ask)}
  AND waste_class != ''
GROUP BY ${keys.join(', ')}, call_day
)
)`;
  return `${toInsert('run', { ...same(keys), call_day: 'call_day', cost: 'spent' }, rows)}
ORDER BY spent DESC, run_id
LIMIT ${examplesPerClass} BY ${place}, if(days > 1, run_id, '')`;
}

function toWriteInsert(condition: string): string {
  const also = ['project_id', 'environment', 'version_name'] as const;
  const runs = [...also, ...(writingCalls.runs ?? [])];
  const writes = toWritesSql(fromEveryCall(condition, { ...writingCalls, runs }), also);
  const reads = `SELECT project_id, '' AS environment, '' AS version_name, * EXCEPT (project_id)
FROM (
${toDayReads(condition)}
)`;
  const values = {
    ...same([...also, ...sharesCache, 'run_id']),
    since: "fromUnixTimestamp64Nano(at, 'UTC')",
    cost: 'spent',
    tokens: 'written',
  };
  return toInsert('write', values, `(\n${toUnreadSql([writes, reads], ['project_id'])}\n)`);
}

function toReadInsert(condition: string): string {
  const values = {
    ...same(['project_id', ...sharesCache]),
    since: "fromUnixTimestamp64Nano(at, 'UTC')",
    until: "fromUnixTimestamp64Nano(read_until, 'UTC')",
  };
  return toInsert('read', values, `(\n${toDayReads(condition)}\n)`);
}

function toDayReads(condition: string): string {
  const runs = ['project_id', ...(readingCalls.runs ?? [])] as const;
  return toReadsSql(fromEveryCall(condition, { ...readingCalls, runs }), ['project_id']);
}
