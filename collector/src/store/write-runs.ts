/** Puts verdicts into the store. What is written can be read, and is on disk, when a promise resolves. */
import type { ClickHouseClient } from '@clickhouse/client';
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

export async function insertRows(
  client: ClickHouseClient,
  table: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.insert({
    table,
    values: rows.map(toWellFormed),
    format: 'JSONEachRow',
    clickhouse_settings: {
      // An expired day, or many of them, is no reason to refuse the others.
      throw_on_max_partitions_per_insert_block: 0,
      async_insert: 0,
    },
  });
}

/** ClickHouse refuses a whole insert for one half of a surrogate pair. */
function toWellFormed(row: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(JSON.stringify(row), (_, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  );
}
