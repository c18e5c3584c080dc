/** What the runs that a day's calls are of look like: it changes whenever one of their rows does. */
import { toAbort, type Reader } from '../read-rows.ts';
import { digestsSql, marksSql } from './made-days.ts';

/** A day in UTC on which runs began, of all projects. */
export type DayDigest = {
  /** `2026-11-21`. */
  readonly day: string;
  readonly digest: string;
  /** Of the last call of its runs; null = not known, as they changed since it was looked for. */
  readonly lastCallDay: string | null;
};

/** In order. Reads no rows: a merge of parts changes a digest too. */
export async function readDayDigests(reader: Reader): Promise<DayDigest[]> {
  const answer = await reader.client.query({
    ...toAbort(reader),
    query: `SELECT toString(day_number) AS number, toString(digest) AS digest_text,
  if(made_from = digest, toString(toDate(last)), '') AS last_day
FROM (${digestsSql}) AS days
LEFT JOIN (${marksSql}) AS marks ON days.day_number = toYYYYMMDD(marks.start_day)
ORDER BY day_number`,
    format: 'JSONEachRow',
    clickhouse_settings: { max_execution_time: 20 },
  });
  const rows = await answer.json<{ number: string; digest_text: string; last_day: string }>();
  return rows.map(({ number, digest_text: digest, last_day: last }) => ({
    day: `${number.slice(0, 4)}-${number.slice(4, 6)}-${number.slice(6)}`,
    digest,
    lastCallDay: last === '' ? null : last,
  }));
}
