/** Puts verdicts into the store. What is written can be read, and is on disk, when a promise resolves. */
import type { ClickHouseClient } from '@clickhouse/client';
import { Readable } from 'node:stream';
import type { Run } from '../run.ts';
import { toRunRow, toTime } from './run-row.ts';

export type RunToWrite = { readonly run: Run; readonly retentionDays: number };

/** Where a row of a run stands: a run that moved leaves its old row behind. */
export type RunPlace = {
  readonly runId: string;
  readonly startUnixNano: bigint;
  readonly retentionDays: number;
};

/** @param version milliseconds since the epoch, higher than that of any verdict before */
export async function writeRuns(
  client: ClickHouseClient,
  runs: readonly RunToWrite[],
  version: number,
): Promise<void> {
  const rows = runs.map(({ run, retentionDays }) => toRunRow(run, { version, retentionDays }));
  await insertRows(client, 'runs', rows);
}

/** Readers see the runs no more. */
export async function deleteRuns(
  client: ClickHouseClient,
  projectId: string,
  places: readonly RunPlace[],
  version: number,
): Promise<void> {
  const rows = places.map(({ runId, startUnixNano, retentionDays }) => ({
    project_id: projectId,
    run_id: runId,
    version,
    is_deleted: 1,
    start_time: toTime(startUnixNano),
    last_activity: toTime(startUnixNano),
    retention_days: retentionDays,
  }));
  await insertRows(client, 'runs', rows);
}

/** @param token of these rows and no others: what was stored under it already is not stored again */
export async function insertRows(
  client: ClickHouseClient,
  table: string,
  rows: readonly Readonly<Record<string, unknown>>[],
  token?: string,
): Promise<void> {
  if (rows.length === 0) return;
  // As text that was made once: rows of large runs are megabytes.
  const text = Buffer.from(rows.map(toJsonLine).join(''));
  const { stream } = await client.exec({
    query: `INSERT INTO ${table} FORMAT JSONEachRow`,
    values: Readable.from([text], { objectMode: false }),
    clickhouse_settings: {
      // An expired day, or many of them, is no reason to refuse the others.
      throw_on_max_partitions_per_insert_block: 0,
      async_insert: 0,
      ...(token === undefined ? {} : { insert_deduplication_token: token }),
    },
  });
  // The answer is empty; its end says that the rows are there.
  for await (const _ of stream) continue;
}

/** How JSON writes half a surrogate pair, and whatever else is escaped like one. */
const surrogate = /\\ud[89a-f]/i;

/** ClickHouse refuses a whole insert for one half of a surrogate pair. */
function toJsonLine(row: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(row);
  return `${surrogate.test(json) ? JSON.stringify(row, toWellFormed) : json}\n`;
}

function toWellFormed(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}
