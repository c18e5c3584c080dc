/** How many runs a list of them would show, of several filters at once. */
import { readRows, type Reader } from '../read-rows.ts';
import { fromRuns, toScopeParams, type RunScope } from '../runs-sql.ts';
import type { SqlFragment } from '../store.ts';

export type CountAsk = {
  readonly conditions: readonly SqlFragment[];
  /** Later than the range begins. */
  readonly fromUnixNano: bigint;
};

/** In the order that they were asked for. @param scope its own conditions are not looked at */
export async function readRunCounts(
  reader: Reader,
  projectId: string,
  scope: RunScope,
  asks: readonly CountAsk[],
): Promise<number[]> {
  if (asks.length === 0) return [];
  const conditions = asks.flatMap((ask) => ask.conditions);
  const counts = asks.map((ask, at) => `countIf(${toTest(ask)}) AS n${at}`);
  const rows = await readRows(reader, projectId, {
    sql: `SELECT * FROM ${fromRuns(counts.join(',\n  '), { ...scope, conditions: [] })}`,
    params: toScopeParams({ ...scope, conditions }),
  });
  return asks.map((_, at) => Number(rows[0]?.[`n${at}`] ?? 0));
}

function toTest({ conditions, fromUnixNano }: CountAsk): string {
  const began = `start_time >= fromUnixTimestamp64Nano(toInt64(${fromUnixNano}), 'UTC')`;
  return [began, ...conditions.map(({ sql }) => sql)].join(' AND ');
}
