/** Which projects there are. The only query that looks across projects. */
import { toAbort, type Reader } from './read-rows.ts';

export type ProjectRow = {
  readonly id: string;
  readonly spanCount: number;
  readonly lastSeen: string;
};

const sql = `SELECT project_id, toString(count()) AS spans, toString(max(toUnixTimestamp64Milli(start_time))) AS last_milli
FROM spans
GROUP BY project_id
ORDER BY project_id
LIMIT 10000
SETTINGS max_execution_time = 20`;

/** Counts stored copies: a span that was just sent twice counts twice until its part is merged. */
export async function readProjects(reader: Reader): Promise<ProjectRow[]> {
  const answer = await reader.client.query({
    ...toAbort(reader),
    query: sql,
    format: 'JSONEachRow',
  });
  const rows = await answer.json<{ project_id: string; spans: string; last_milli: string }>();
  return rows.map((row) => ({
    id: row.project_id,
    spanCount: Number(row.spans),
    lastSeen: new Date(Number(row.last_milli)).toISOString(),
  }));
}
