/** Runs by when they began and how long they took. */
import { readRows, type Reader } from '../read-rows.ts';
import { fromRuns, toScopeParams } from '../runs-sql.ts';
import type { SqlFragment } from '../store.ts';
import { atWindow, toComparedParams, type Compared } from './compared.ts';

export type HeatmapRow = {
  readonly at: number;
  /** The largest of the bounds that is not above the duration. */
  readonly fromNs: number;
  readonly runs: number;
  readonly failedRuns: number;
};

/** @param boundsNs rising, from 0 on */
export async function readHeatmap(
  reader: Reader,
  projectId: string,
  compared: Compared,
  boundsNs: readonly number[],
): Promise<HeatmapRow[]> {
  const rows = await readRows(reader, projectId, toHeatmapSql(compared, boundsNs));
  return rows.map((row) => ({
    at: Number(row['at']),
    fromNs: Number(row['bound']),
    runs: Number(row['n']),
    failedRuns: Number(row['n_failed']),
  }));
}

function toHeatmapSql(compared: Compared, boundsNs: readonly number[]): SqlFragment {
  const columns = `toUnixTimestamp64Nano(start_time) AS moment, toString(status) AS status_word, elapsed_ns`;
  const bounds = boundsNs.map((bound) => `toInt64(${BigInt(bound)})`).join(', ');
  const sql = `SELECT ${atWindow} AS at, roundDown(greatest(elapsed_ns, 0), [${bounds}]) AS bound, count() AS n,
  countIf(status_word = 'failed') AS n_failed
FROM ${fromRuns(columns, compared.scope)}
GROUP BY at, bound
ORDER BY at, bound`;
  return { sql, params: { ...toScopeParams(compared.scope), ...toComparedParams(compared) } };
}
