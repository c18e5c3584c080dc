/** That what was acknowledged is there, whole and once: asked of the API, and of the tables themselves. */
import { expect } from 'vitest';
import type { Store } from '../store/start-store.ts';
import { startStore } from '../store/start-store.ts';
import { latest } from '../store/trace-sql.ts';
import { scale } from './scale.testing.ts';
import { readMetric, type ServerProcess } from './server-process.testing.ts';
import { spansPerTrace, type Sent, type Traffic } from './traffic.testing.ts';

/** What must not be, by the ids of the traces it befell. */
type Faults = {
  /** Acknowledged, and a span of it is missing. */
  readonly lost: string[];
  /** Never acknowledged, and there in part. */
  readonly torn: string[];
  /** Sent once, and stored more than once. */
  readonly stored_twice: string[];
  /** A reader sees another number of spans than were sent. */
  readonly seen_wrong: string[];
  /** The table that finds traces by time tells another time than their spans. */
  readonly wrong_times: string[];
};

const none: Faults = { lost: [], torn: [], stored_twice: [], seen_wrong: [], wrong_times: [] };
const askedOfApi = 20;

/** Waits until all that was acknowledged can be queried, looks through the API, stops the server and looks at its tables. */
export async function proveEmbedded(server: ServerProcess, traffic: Traffic): Promise<void> {
  await untilDrained(server.url);
  await proveByApi(server.url, traffic);
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  const { dataDir } = server;
  const store = await startStore({ engine: 'embedded', dataDir }, () => undefined);
  try {
    await proveByTables(store, traffic);
  } finally {
    await store.close();
  }
}

export async function untilDrained(url: string, timeout = scale.limitMs): Promise<void> {
  await expect.poll(() => readMetric(url, 'orchescope_wal_waiting_rows'), { timeout }).toBe(0);
}

/** Those that were sent again are looked at first. */
export async function proveByApi(url: string, { sent }: Traffic): Promise<void> {
  const acknowledged = [...sent].filter(([, { isAcknowledged }]) => isAcknowledged);
  const asked = acknowledged
    .toSorted(([, one], [, other]) => other.attempts - one.attempts)
    .slice(0, askedOfApi);
  const seen = asked.map(async ([traceId]) => {
    const answer = await fetch(`${url}/api/traces/${traceId}/skeleton?project=default`);
    const { totals } = (await answer.json()) as { totals?: { spans: number } };
    return [traceId, totals?.spans];
  });
  expect(await Promise.all(seen)).toEqual(asked.map(([traceId]) => [traceId, spansPerTrace]));
}

export async function proveByTables(
  { client }: Pick<Store, 'client'>,
  { sent }: Traffic,
): Promise<void> {
  const answer = await client.query({ query: storedSql, format: 'JSONEachRow' });
  const rows = new Map((await answer.json<StoredTrace>()).map((row) => [row.trace_id, row]));
  const faults = structuredClone(none);
  for (const [traceId, one] of sent) {
    const row = rows.get(traceId);
    for (const fault of findFaults(one, row)) faults[fault].push(traceId);
  }
  expect(faults).toEqual(none);
  expect([...rows.keys()].filter((traceId) => !sent.has(traceId))).toEqual([]);
}

type StoredTrace = {
  readonly trace_id: string;
  readonly rows: string;
  readonly spans: string;
  readonly seen: string;
  readonly bodies: string;
  readonly first: string;
  readonly last: string;
  readonly told_first: string;
  readonly told_last: string;
};

/** Readers keep one row a span, the latest, so what they see is counted in their way. */
const storedSql = `
WITH
  raw AS (
    SELECT trace_id, count() AS rows, uniqExact(span_id) AS spans,
      toUnixTimestamp64Nano(min(start_time)) AS first, toUnixTimestamp64Nano(max(start_time)) AS last
    FROM spans WHERE project_id = 'default' GROUP BY trace_id
  ),
  read AS (
    SELECT trace_id, count() AS seen FROM (
      SELECT trace_id, span_id, argMax(name, ${latest}) AS shown
      FROM spans WHERE project_id = 'default' GROUP BY trace_id, span_id
    ) GROUP BY trace_id
  ),
  bodies AS (
    SELECT trace_id, uniqExact(span_id, position) AS bodies
    FROM content WHERE project_id = 'default' GROUP BY trace_id
  ),
  told AS (
    SELECT trace_id, toUnixTimestamp64Nano(min(first_start)) AS told_first,
      toUnixTimestamp64Nano(max(last_start)) AS told_last
    FROM trace_time WHERE project_id = 'default' GROUP BY trace_id
  )
SELECT trace_id, rows, spans, seen, bodies, first, last, told_first, told_last
FROM raw
LEFT JOIN read USING trace_id
LEFT JOIN bodies USING trace_id
LEFT JOIN told USING trace_id`;

const bodiesPerTrace = spansPerTrace / 10;

function* findFaults(sent: Sent, row: StoredTrace | undefined): Generator<keyof Faults> {
  const spans = Number(row?.spans ?? 0);
  const isWhole = spans === spansPerTrace && Number(row?.bodies) === bodiesPerTrace;
  if (sent.isAcknowledged && !isWhole) yield 'lost';
  if (row === undefined) return;
  if (!sent.isAcknowledged && !isWhole) yield 'torn';
  if (sent.attempts === 1 && Number(row.rows) !== spans) yield 'stored_twice';
  if (Number(row.seen) !== spansPerTrace) yield 'seen_wrong';
  const { first, last } = sent.startsNano;
  const times = [row.first, row.last, row.told_first, row.told_last].map(BigInt);
  if (times.some((time, at) => time !== (at % 2 === 0 ? first : last))) yield 'wrong_times';
}
