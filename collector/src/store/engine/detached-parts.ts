/** Parts the engine set aside because it could not read them: their rows are missing from every answer, without an error. */
import type { ClickHouseClient } from '@clickhouse/client';

export type DetachedPart = {
  readonly table: string;
  readonly name: string;
  readonly reason: string;
};

/** Parts someone detached on purpose have no reason and are not among them. */
export async function readDetachedParts(client: ClickHouseClient): Promise<DetachedPart[]> {
  const answer = await client.query({
    query: `SELECT table, name, reason FROM system.detached_parts
      WHERE database = currentDatabase() AND reason != '' ORDER BY table, name`,
    format: 'JSONEachRow',
  });
  return answer.json<DetachedPart>();
}
