/** Makes the sums of days that are over, and takes away what was made before. */
import type { ClickHouseClient } from '@clickhouse/client';
import { insertRows } from '../write-runs.ts';
import { dimensionColumns, fromEveryCall, type CallsAsk } from './call-rows.ts';
import { callSums, runSets, runSums, summedColumns } from './call-sums.ts';
import { digestsSql, marksSql } from './made-days.ts';
import { toUserInserts } from './make-users.ts';
import { toWasteInserts } from './make-waste.ts';

/** `2026-11-21`: a day in UTC on which runs began, and what its rows are now. */
export type StaleDay = { readonly day: string; readonly digest: string };

/** A day is left alone for so long after its end: most of its runs end then. */
const graceSeconds = 300;
/** A day whose runs go on changing is made again this often at most. */
const usualRestMs = 300_000;

/** Without sums, or with such of what the runs were before: the latest first, since they are asked for most. */
export async function readStaleDays(
  client: ClickHouseClient,
  limit: number,
  restMs: number = usualRestMs,
): Promise<StaleDay[]> {
  const answer = await client.query({
    query: `SELECT toString(day_number) AS number, toString(digest) AS digest_text
FROM (${digestsSql}) AS days
LEFT JOIN (${marksSql}) AS marks ON days.day_number = toYYYYMMDD(marks.start_day)
WHERE day_number <= toYYYYMMDD(now('UTC') - toIntervalSecond(${86_400 + graceSeconds}))
  AND made_from != digest AND latest + {restMs:UInt64} <= {nowMs:UInt64}
ORDER BY day_number DESC
LIMIT {limit:UInt32}`,
    query_params: { limit, restMs, nowMs: Date.now() },
    format: 'JSONEachRow',
    clickhouse_settings: { max_execution_time: 20 },
  });
  const rows = await answer.json<{ number: string; digest_text: string }>();
  return rows.map(({ number, digest_text: digest }) => ({
    day: `${number.slice(0, 4)}-${number.slice(4, 6)}-${number.slice(6)}`,
    digest,
  }));
}

/** @returns false when the runs changed meanwhile: then it is to be made again */
export async function makeDay(
  client: ClickHouseClient,
  { day, digest }: StaleDay,
  made: number,
): Promise<boolean> {
  const ofDay = 'toDate(start_time) = {day:Date}';
  await insertAll(client, [toMakeSql(ofDay)], { day, made });
  await insertAll(client, toWasteInserts(ofDay), { day, made });
  const has_waste = await isKept(client, 'cost_waste_days', { day, made });
  await insertAll(client, toUserInserts(ofDay), { day, made });
  const has_users = await isKept(client, 'cost_user_days', { day, made });
  const last_call = await readLastCall(client, day);
  if ((await readDigest(client, day)) !== digest) return false;
  // What it was made from is what there still is: now, and not before, readers may know of it.
  await insertRows(client, 'cost_day_marks', [
    { start_day: day, made, digest, last_call, has_waste, has_users },
  ]);
  return true;
}

/** Rather none than one that takes the engine's memory from those who ask and store. */
const limits = {
  max_execution_time: 120,
  max_memory_usage: '1000000000',
  max_bytes_before_external_group_by: '300000000',
  // What it takes of the clock is what it takes of one core.
  max_threads: 1,
} as const;

/** Rows of a day. With more a report would be no cheaper than from the calls, and a store may have a thousand days. */
const mostRows = { cost_waste_days: 50_000, cost_user_days: 250_000 } as const;

type Making = { readonly day: string; readonly made: number };

async function insertAll(
  client: ClickHouseClient,
  queries: readonly string[],
  making: Making,
): Promise<void> {
  for (const query of queries) {
    await client.command({ query, query_params: { ...making }, clickhouse_settings: limits });
  }
}

/** Takes the rows of a making away again when they are too many: then a report reads the calls of the day. */
async function isKept(
  client: ClickHouseClient,
  table: keyof typeof mostRows,
  making: Making,
): Promise<boolean> {
  const answer = await client.query({
    query: `SELECT count() <= {most:UInt64} AS fits FROM ${table} WHERE start_day = {day:Date} AND made = {made:UInt64}`,
    query_params: { ...making, most: mostRows[table] },
    format: 'JSONEachRow',
  });
  const [row] = await answer.json<{ fits: number }>();
  if (row?.fits === 1) return true;
  await client.command({
    query: `ALTER TABLE ${table} DROP PARTITION tuple(toDate({day:String}), toUInt64({made:UInt64}))`,
    query_params: { ...making },
  });
  return false;
}

function toMakeSql(condition: string): string {
  const dimensions = [
    'workflow',
    'environment',
    'version',
    'agent',
    'model',
    'provider',
    'tool',
  ] as const;
  const names = dimensions.map((dimension) => dimensionColumns[dimension].sql);
  const places = runSets.map((_, at) => `nth_${at}`);
  const ask: CallsAsk = {
    calls: summedColumns,
    runs: ['project_id', 'start_day', 'succeeded', 'handoff_count'],
    by: dimensions,
    nth: Object.fromEntries(runSets.map((set, at) => [`nth_${at}`, set])),
  };
  const columns = {
    start_day: 'start_day',
    made: '{made:UInt64}',
    project_id: 'project_id',
    call_day: 'toDate(call_start)',
    ...Object.fromEntries(names.map((name) => [name, name])),
    ...callSums,
    ...Object.fromEntries(
      Object.entries(runSums).map(([name, toSum]) => [name, `[${places.map(toSum).join(', ')}]`]),
    ),
  };
  // Names of sums are names of columns too: they are told by their place alone.
  const sums = Object.values(columns).map((sql, at) => `${sql} AS c${at}`);
  return `INSERT INTO cost_days (${Object.keys(columns).join(', ')})
SELECT ${sums.join(',\n  ')}
FROM ${fromEveryCall(condition, ask)}
GROUP BY start_day, project_id, toDate(call_start), ${names.join(', ')}`;
}

async function readDigest(client: ClickHouseClient, day: string): Promise<string | undefined> {
  const answer = await client.query({
    query: `SELECT toString(digest) AS digest_text FROM (${digestsSql}) WHERE day_number = toYYYYMMDD({day:Date})`,
    query_params: { day },
    format: 'JSONEachRow',
  });
  const [row] = await answer.json<{ digest_text: string }>();
  return row?.digest_text;
}

/** Of any version of any run: at the latest then. */
async function readLastCall(client: ClickHouseClient, day: string): Promise<string> {
  const answer = await client.query({
    query: `SELECT toString(max(arrayMax(model_call_starts))) AS last FROM runs
WHERE toDate(start_time) = {day:Date} AND notEmpty(model_call_starts)`,
    query_params: { day },
    format: 'JSONEachRow',
  });
  const [row] = await answer.json<{ last: string }>();
  return row?.last ?? '1970-01-01 00:00:00';
}

/** Whoever began to read an older making has ended by then, and whoever makes one has marked it. */
const keepMs = 600_000;

const tables = ['cost_days', 'cost_waste_days', 'cost_user_days'] as const;

/** Makings that no mark names, or no longer, and those of days of which no run is left. */
export async function dropUnusedDays(client: ClickHouseClient, nowMs: number): Promise<number> {
  const answer = await client.query({
    query: `SELECT DISTINCT table, partition_id
FROM (
SELECT table, partition_id, toUInt32(splitByChar('-', partition_id)[1]) AS day_number,
  toUInt64(splitByChar('-', partition_id)[2]) AS made
FROM system.parts
WHERE active AND database = currentDatabase() AND table IN {tables:Array(String)}
) AS makings
LEFT JOIN (${marksSql}) AS marks ON makings.day_number = toYYYYMMDD(marks.start_day)
LEFT JOIN (${digestsSql}) AS days ON makings.day_number = days.day_number
WHERE made < {before:UInt64} AND (days.digest = 0 OR made != latest AND latest < {before:UInt64})
ORDER BY partition_id
LIMIT 100`,
    query_params: { before: nowMs - keepMs, tables },
    format: 'JSONEachRow',
  });
  const unused = await answer.json<{ table: string; partition_id: string }>();
  for (const { table, partition_id } of unused) {
    await client.command({ query: `ALTER TABLE ${table} DROP PARTITION ID '${partition_id}'` });
  }
  return unused.length;
}
