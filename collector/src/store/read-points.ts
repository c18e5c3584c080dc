/** The points of a metric, series by series, as their senders counted them. */
import type { MetricPoint } from '../metric-point.ts';
import { fromPointRow, pointRowColumns } from './point-row.ts';
import { fromProject, readRows, type Reader } from './read-rows.ts';
import type { SqlFragment } from './store.ts';

export type PointQuery = {
  readonly name: string;
  /** Unix nanoseconds; the end is excluded. */
  readonly from: bigint;
  readonly to: bigint;
};

/** All points of one series have the same name, unit, type, temporality, attributes, resource and scope. */
export type MetricSeries = {
  readonly id: string;
  /** In order of time, each time once. */
  readonly points: readonly MetricPoint[];
};

/** More points than this are an error of the query, not an answer cut short. */
const maxPoints = 1_000_000;

/**
 * What a cumulative series had counted before `from` is in its last point before: it is not read, so the first point of
 * the range is the base of its increase.
 */
export async function readPoints(
  reader: Reader,
  projectId: string,
  query: PointQuery,
): Promise<MetricSeries[]> {
  const rows = await readRows(reader, projectId, toPointsSql(query));
  if (rows.length > maxPoints)
    throw new Error(`read points of ${query.name}: more than ${maxPoints} in the range`);
  const bySeries = Map.groupBy(rows, (row) => String(row['series_id']));
  return Array.from(bySeries, ([id, points]) => ({ id, points: points.map(fromPointRow) }));
}

export function toPointsSql({ name, from, to }: PointQuery): SqlFragment {
  const sql = `SELECT ${pointRowColumns}
FROM ${fromProject('metric_points')}
  AND name = {name:String}
  AND time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
ORDER BY series, time, received_at DESC
LIMIT 1 BY series, time
LIMIT {limit:UInt32}`;
  const params = { name, from: from.toString(), to: to.toString(), limit: maxPoints + 1 };
  return { sql, params };
}
