/**
 * What became of messages. Those that were decided stand in `alert_log`; here is every attempt to send one, and its
 * end. A message is open until a row says that it was delivered, given up or replaced.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Delivery } from '../alerts/delivery.ts';
import { insertRows } from './write-runs.ts';

export type AttemptOutcome = 'delivered' | 'dead' | 'superseded' | 'failed';

export type AttemptRow = {
  readonly projectId: string;
  readonly channel: string;
  readonly deliveryId: string;
  readonly atMs: number;
  /** From 1 on; 0 of a message that was replaced. */
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly message: string;
  /** Of a failed one; null when there will be none. */
  readonly nextAtMs: number | null;
};

/** Resolves when they are on disk: all of them or none. */
export async function writeAttempts(
  client: ClickHouseClient,
  rows: readonly AttemptRow[],
): Promise<void> {
  await insertRows(client, 'delivery_log', rows.map(toRow));
}

function toRow(row: AttemptRow): Record<string, unknown> {
  return {
    project_id: row.projectId,
    channel: row.channel,
    delivery_id: row.deliveryId,
    at: toTime(row.atMs),
    attempt: row.attempt,
    outcome: row.outcome,
    status: row.status ?? 0,
    message: row.message,
    next_at: toTime(row.nextAtMs ?? 0),
  };
}

function toTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 23);
}

/** How often it was tried, and when it is to be tried again. */
export type DeliveryProgress = { readonly attempts: number; readonly nextAtMs: number };

/** A channel that has not worked since. */
export type ChannelFailure = {
  readonly projectId: string;
  readonly channel: string;
  /** Of the first attempt that failed since one went well. */
  readonly failingSinceMs: number;
  readonly error: string;
};

/** A channel that works again. */
export type ChannelRecovery = ChannelFailure & {
  /** Of the first attempt that went well. */
  readonly recoveredAtMs: number;
};

export type OpenDeliveries = {
  /** In the order in which they were decided. */
  readonly deliveries: readonly Delivery[];
  /** By id, of all that has no end: also of messages that nobody but the sender made. */
  readonly progress: ReadonlyMap<string, DeliveryProgress>;
  readonly failures: readonly ChannelFailure[];
};

/** After so long a message is nobody's news: longer than the last attempt takes to come. */
const openDays = 8;

/** Of every project. */
export async function readOpenDeliveries(
  client: ClickHouseClient,
  nowMs: number,
): Promise<OpenDeliveries> {
  const params = { fromMs: Math.max(0, Math.floor(nowMs - openDays * 86_400_000)) };
  const [deliveries, progress, failures] = await Promise.all([
    readRows<[string]>(client, openSql, params),
    readRows<[string, number, number]>(client, progressSql, params),
    readRows<[string, string, number, string]>(client, failuresSql, {}),
  ]);
  return {
    deliveries: deliveries.map(([text]) => JSON.parse(text) as Delivery),
    progress: new Map(progress.map(([id, attempts, nextAtMs]) => [id, { attempts, nextAtMs }])),
    failures: failures.map(([projectId, channel, failingSinceMs, error]) => ({
      projectId,
      channel,
      failingSinceMs,
      error,
    })),
  };
}

const since = `fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC')`;
const ended = `outcome IN ('delivered', 'dead', 'superseded')`;

/** Few evaluations have messages: of those alone the rest is read. Of two rows of one evaluation the higher term counts. */
const openSql = `SELECT argMin(text, (eval_at, sequence)) AS delivery
FROM (
  SELECT eval_at, sequence, id, text
  FROM (
    SELECT eval_at, delivery_ids, deliveries
    FROM alert_log
    WHERE eval_at >= ${since} AND (project_id, rule_id, eval_at) IN (
      SELECT project_id, rule_id, eval_at FROM alert_log WHERE eval_at >= ${since} AND notEmpty(delivery_ids))
    ORDER BY term DESC, written_at DESC
    LIMIT 1 BY project_id, rule_id, eval_at
  )
  ARRAY JOIN delivery_ids AS id, deliveries AS text, arrayEnumerate(delivery_ids) AS sequence
)
WHERE id NOT IN (SELECT delivery_id FROM delivery_log WHERE at >= ${since} AND ${ended})
GROUP BY id
ORDER BY min((eval_at, sequence)), id`;

const progressSql = `SELECT delivery_id, max(attempt) AS attempts, toUnixTimestamp64Milli(max(next_at)) AS next
FROM delivery_log
WHERE at >= ${since}
GROUP BY delivery_id
HAVING countIf(${ended}) = 0`;

/** From as far back as there is: an episode is named after its beginning, which must not move as days go by. */
const failuresSql = `SELECT project_id, channel,
  toUnixTimestamp64Milli(minIf(at, outcome IN ('failed', 'dead') AND at > delivered)) AS failing_since,
  argMaxIf(message, at, outcome IN ('failed', 'dead')) AS error
FROM delivery_log
INNER JOIN (
  SELECT project_id, channel, maxIf(at, outcome = 'delivered') AS delivered FROM delivery_log GROUP BY project_id, channel
) AS last USING (project_id, channel)
GROUP BY project_id, channel
HAVING countIf(outcome IN ('failed', 'dead') AND at > delivered) > 0
ORDER BY project_id, channel`;

/** Each channel's last failure that is over, when that was lately. */
export async function readRecoveries(
  client: ClickHouseClient,
  nowMs: number,
): Promise<ChannelRecovery[]> {
  const params = { fromMs: Math.max(0, Math.floor(nowMs - openDays * 86_400_000)) };
  type Row = readonly [string, string, number, number, string];
  const rows = await readRows<Row>(client, recoveriesSql, params);
  return rows.map(([projectId, channel, failingSinceMs, recoveredAtMs, error]) => ({
    projectId,
    channel,
    failingSinceMs,
    recoveredAtMs,
    error,
  }));
}

/** Attempts between two that went well, and the second of these, are one stretch. */
const recoveriesSql = `SELECT project_id, channel, toUnixTimestamp64Milli(minIf(at, outcome != 'delivered')) AS failing_since,
  toUnixTimestamp64Milli(maxIf(at, outcome = 'delivered')) AS recovered_at,
  argMaxIf(message, at, outcome != 'delivered') AS error
FROM (
  SELECT project_id, channel, at, outcome, message,
    countIf(outcome = 'delivered') OVER (PARTITION BY project_id, channel ORDER BY at, outcome = 'delivered'
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - (outcome = 'delivered') AS stretch
  FROM delivery_log
  WHERE outcome != 'superseded'
)
GROUP BY project_id, channel, stretch
HAVING countIf(outcome = 'delivered') > 0 AND countIf(outcome != 'delivered') > 0 AND recovered_at >= {fromMs:Int64}
ORDER BY project_id, channel, recovered_at DESC
LIMIT 1 BY project_id, channel`;

/** What the sender keeps its word with. */
export type DeliveryLog = {
  readonly readRecoveries: (nowMs: number) => Promise<readonly ChannelRecovery[]>;
  readonly readOpen: (nowMs: number) => Promise<OpenDeliveries>;
  readonly readEnded: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly write: (rows: readonly AttemptRow[]) => Promise<void>;
};

export function toDeliveryLog(client: ClickHouseClient): DeliveryLog {
  return {
    readRecoveries: (nowMs) => readRecoveries(client, nowMs),
    readOpen: (nowMs) => readOpenDeliveries(client, nowMs),
    readEnded: (ids) => readEnded(client, ids),
    write: (rows) => writeAttempts(client, rows),
  };
}

/** Which of these messages have their end. */
export async function readEnded(
  client: ClickHouseClient,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const sql = `SELECT DISTINCT delivery_id FROM delivery_log WHERE delivery_id IN {ids:Array(String)} AND ${ended}`;
  const rows = await readRows<[string]>(client, sql, { ids });
  return new Set(rows.map(([id]) => id));
}

async function readRows<Row>(
  client: ClickHouseClient,
  query: string,
  params: Readonly<Record<string, unknown>>,
): Promise<Row[]> {
  const answer = await client.query({
    query,
    query_params: params,
    format: 'JSONCompactEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0, max_execution_time: 20 },
  });
  return answer.json<Row>();
}
