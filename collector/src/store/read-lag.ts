/** How late spans arrive, so that a window is judged when it is whole, and whether one was judged too early. */
import { fromProject, readRows, type Reader } from './read-rows.ts';

/** Arrivals are known to the second, and said to be at its end: never less than it was. */
export type Lag = { readonly p99Ms: number | null; readonly spans: number };

/**
 * From the end of a span to its arrival, of those of the last ten minutes. Spans that ended more than a day before, or
 * a minute after they arrived, say something about clocks or backlogs, and are left out.
 */
export async function readLag(reader: Reader, projectId: string, nowMs: number): Promise<Lag> {
  const params = { now: Math.floor(nowMs / 1000) };
  const [row] = await readRows(reader, projectId, { sql: lagSql, params });
  const spans = Number(row?.['spans'] ?? 0);
  return { p99Ms: spans === 0 ? null : Math.max(0, Number(row?.['p99'])), spans };
}

const lagSql = `SELECT count() AS spans, -quantileExact(0.01)(-lag_ms) AS p99
FROM (
SELECT (toInt64(toUnixTimestamp(received_at)) + 1) * 1000 - toInt64(intDiv(version, 1000000)) AS lag_ms
FROM ${fromProject('spans')}
  AND start_time > fromUnixTimestamp({now:Int64}) - INTERVAL 25 HOUR
  AND received_at > fromUnixTimestamp({now:Int64}) - INTERVAL 10 MINUTE AND version != 0
)
WHERE lag_ms BETWEEN -60000 AND 86400000`;

export type LateAsk = {
  readonly fromMs: number;
  /** Excluded. */
  readonly toMs: number;
  /** What arrived later is late. */
  readonly judgedAtMs: number;
};

/** Of the spans that ended in the window, each once, however often it arrived; null where there are none. */
export async function readLateShare(
  reader: Reader,
  projectId: string,
  { fromMs, toMs, judgedAtMs }: LateAsk,
): Promise<number | null> {
  const params = {
    from: `${Math.floor(fromMs)}000000`,
    to: `${Math.floor(toMs)}000000`,
    judged: Math.floor(judgedAtMs / 1000),
  };
  const [row] = await readRows(reader, projectId, { sql: lateSql, params });
  const spans = Number(row?.['spans'] ?? 0);
  return spans === 0 ? null : Number(row?.['late']) / spans;
}

/** Spans that last more than a day are not looked for. */
const lateSql = `SELECT count() AS spans, countIf(first_received > {judged:Int64}) AS late
FROM (
SELECT min(toUnixTimestamp(received_at)) AS first_received
FROM ${fromProject('spans')}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') - INTERVAL 1 DAY
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND version >= {from:UInt64} AND version < {to:UInt64}
GROUP BY trace_id, span_id
)`;
