/**
 * Days of `runs` of which the sums are made already, and how much of a range they answer. A range is cut in three: whole
 * days in the middle, of which sums may be read, and a part of a day at either end, of which calls are.
 */
import { toAbort, type Reader } from '../read-rows.ts';

/** A day on which runs began. */
export type MadeDay = {
  readonly startUnixNano: bigint;
  /** Names the rows in the tables of sums; null = what is asked is more than they know. */
  readonly made: string | null;
  /** Which tables have such rows beside `cost_days`. */
  readonly hasWaste: boolean;
  readonly hasUsers: boolean;
  /** No run of the day made a call later. */
  readonly lastCallUnixNano: bigint;
};

export const dayNs = 86_400_000_000_000n;

/** Counts up when the sums mean something else than before: then all days are made again. */
const edition = 3;

/**
 * What the rows of each day of `runs` are, by its parts: any insert, merge, mutation or deletion changes it. Reads no
 * rows, so it takes as long for a thousand runs as for a hundred million.
 */
export const digestsSql = `SELECT toUInt32(splitByChar('-', partition_id)[1]) AS day_number,
  sum(cityHash64(${edition}, name, rows, hash_of_all_files)) AS digest
FROM system.parts
WHERE active AND database = currentDatabase() AND table = 'runs'
GROUP BY day_number`;

export const marksSql = `SELECT start_day, max(made) AS latest, argMax(digest, made) AS made_from,
  argMax(last_call, made) AS last, argMax(has_waste, made) AS with_waste,
  argMax(has_users, made) AS with_users
FROM cost_day_marks
GROUP BY start_day`;

/** In order, those whose sums are made from what there is now. */
export async function readMadeDays(reader: Reader): Promise<MadeDay[]> {
  const answer = await reader.client.query({
    ...toAbort(reader),
    query: `SELECT toString(toUInt16(start_day)) AS day, toString(latest) AS made,
  toString(toUnixTimestamp64Nano(last)) AS last_call,
  with_waste, with_users
FROM (${marksSql}) AS marks
INNER JOIN (${digestsSql}) AS days ON toYYYYMMDD(marks.start_day) = days.day_number AND marks.made_from = days.digest
ORDER BY start_day`,
    format: 'JSONEachRow',
    clickhouse_settings: { max_execution_time: 20 },
  });
  const rows = await answer.json<Row>();
  return rows.map(({ day, made, last_call, with_waste, with_users }) => ({
    startUnixNano: BigInt(day) * dayNs,
    made,
    hasWaste: with_waste === 1,
    hasUsers: with_users === 1,
    lastCallUnixNano: BigInt(last_call),
  }));
}

type Row = {
  readonly day: string;
  readonly made: string;
  readonly last_call: string;
  readonly with_waste: number;
  readonly with_users: number;
};

export function withWasteAlone(days: readonly MadeDay[]): MadeDay[] {
  return days.map((day) => ({ ...day, made: day.hasWaste ? day.made : null }));
}

export function withUsersAlone(days: readonly MadeDay[]): MadeDay[] {
  return days.map((day) => ({ ...day, made: day.hasUsers ? day.made : null }));
}

/** They still say which runs made no call in a range. */
export function withoutSums(days: readonly MadeDay[]): MadeDay[] {
  return days.map((day) => ({ ...day, made: null }));
}
