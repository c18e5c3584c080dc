/** How ClickHouse keeps the tables: parts are what it wants few of. */
import type { Reader } from './read-rows.ts';

export type TableParts = {
  readonly table: string;
  readonly parts: number;
  /** Inserts are slowed down at 1,000 and refused at 3,000. */
  readonly maxPartsInPartition: number;
  readonly rows: number;
  readonly bytes: number;
};

const sql = `SELECT table, toUInt32(sum(n)) AS parts, toUInt32(max(n)) AS max_parts,
  toFloat64(sum(r)) AS rows, toFloat64(sum(b)) AS bytes
FROM (
  SELECT table, partition, count() AS n, sum(rows) AS r, sum(bytes_on_disk) AS b
  FROM system.parts WHERE database = currentDatabase() AND active GROUP BY table, partition
)
GROUP BY table ORDER BY table
SETTINGS max_execution_time = 5`;

export async function readParts(reader: Reader): Promise<TableParts[]> {
  const answer = await reader.client.query({ query: sql, format: 'JSONEachRow' });
  const rows = await answer.json<Record<string, string | number>>();
  return rows.map((row) => ({
    table: String(row['table']),
    parts: Number(row['parts']),
    maxPartsInPartition: Number(row['max_parts']),
    rows: Number(row['rows']),
    bytes: Number(row['bytes']),
  }));
}
