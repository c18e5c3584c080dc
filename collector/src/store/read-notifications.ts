/** Messages as people look at them: what was sent about an incident, and how a channel does. */
import type { Delivery } from '../alerts/delivery.ts';
import type { Notification } from '../contract.ts';
import type { AttemptOutcome } from './delivery-log.ts';
import { fromProject, readRows, type Reader } from './read-rows.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * In the order in which they were decided.
 * @param fromMs when the incident began: nothing was sent of it before
 */
export async function readNotifications(
  reader: Reader,
  projectId: string,
  { incidentId, fromMs }: { readonly incidentId: string; readonly fromMs: number },
): Promise<Notification[]> {
  const params = { incidentId, fromMs: Math.max(0, Math.floor(fromMs)) };
  const [deliveryRows, attemptRows] = await Promise.all([
    readRows(reader, projectId, { sql: deliveriesSql, params }),
    readRows(reader, projectId, { sql: attemptsSql, params }),
  ]);
  const attempts = new Map(attemptRows.map((row) => [String(row['delivery_id']), row]));
  return deliveryRows
    .map((row) => JSON.parse(String(row['delivery'])) as Delivery)
    .filter(({ message }) => message.alerts.some(({ incident }) => incident === incidentId))
    .map((delivery) => toNotification(delivery, attempts.get(delivery.id)));
}

const since = `fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC')`;

/** The id stands in the text of the message; that it stands where it should is looked at afterwards. */
const deliveriesSql = `SELECT any(text) AS delivery
FROM (
  SELECT eval_at, delivery_ids, deliveries
  FROM ${fromProject('alert_log')}
    AND eval_at >= ${since}
)
ARRAY JOIN delivery_ids AS id, deliveries AS text, arrayEnumerate(delivery_ids) AS sequence
WHERE position(text, {incidentId:String}) > 0
GROUP BY id
ORDER BY min((eval_at, sequence)), id
LIMIT 500`;

/** The message of the end stands, also of a message that was replaced after it had failed. */
const attemptsSql = `SELECT delivery_id, max(attempt) AS attempts, toUnixTimestamp64Milli(max(at)) AS last_at,
  toUnixTimestamp64Milli(argMax(next_at, (attempt, at))) AS next_at_ms,
  toString(argMax(outcome, (outcome != 'failed', at))) AS state, argMax(message, (outcome != 'failed', at)) AS error
FROM ${fromProject('delivery_log')}
  AND at >= ${since}
GROUP BY delivery_id`;

function toNotification(delivery: Delivery, row: Row | undefined): Notification {
  const { id, channel, createdAtMs, message } = delivery;
  const known = { id, channel, kind: message.kind, createdAtMs };
  if (row === undefined)
    return {
      ...known,
      state: 'waiting',
      attempts: 0,
      lastAttemptAtMs: null,
      nextAttemptAtMs: createdAtMs,
      error: '',
    };
  const outcome = String(row['state']) as AttemptOutcome;
  return {
    ...known,
    state: outcome === 'failed' ? 'waiting' : outcome,
    attempts: Number(row['attempts']),
    lastAttemptAtMs: Number(row['last_at']),
    nextAttemptAtMs: outcome === 'failed' ? Number(row['next_at_ms']) : null,
    error: String(row['error']),
  };
}

export type ChannelDeliveries = {
  readonly channel: string;
  readonly lastDeliveredAtMs: number | null;
  readonly lastErrorAtMs: number | null;
  readonly lastError: string;
  /** Decided in the last eight days, and neither delivered nor given up. */
  readonly waiting: number;
  /** Given up in the last eight days. */
  readonly dead: number;
};

/** Of every channel that was ever told anything. */
export async function readChannelDeliveries(
  reader: Reader,
  projectId: string,
): Promise<ChannelDeliveries[]> {
  const rows = await readRows(reader, projectId, { sql: channelsSql, params: {} });
  return rows.map((row) => ({
    channel: String(row['channel']),
    lastDeliveredAtMs: toTime(row['delivered_at']),
    lastErrorAtMs: toTime(row['error_at']),
    lastError: String(row['error']),
    waiting: Number(row['waiting']),
    dead: Number(row['dead']),
  }));
}

const lately = `now64(3) - INTERVAL 8 DAY`;

const channelsSql = `SELECT channel, sum(waiting_count) AS waiting, sum(dead_count) AS dead,
  toUnixTimestamp64Milli(max(last_delivered)) AS delivered_at, toUnixTimestamp64Milli(max(last_error)) AS error_at,
  max(error_text) AS error
FROM (
  SELECT channel, uniqExact(id) AS waiting_count, 0 AS dead_count, toDateTime64(0, 3, 'UTC') AS last_delivered,
    toDateTime64(0, 3, 'UTC') AS last_error, '' AS error_text
  FROM (SELECT delivery_ids, delivery_channels FROM ${fromProject('alert_log')}
    AND eval_at >= ${lately} AND notEmpty(delivery_ids))
  ARRAY JOIN delivery_ids AS id, delivery_channels AS channel
  WHERE id NOT IN (SELECT delivery_id FROM ${fromProject('delivery_log')} AND outcome != 'failed')
  GROUP BY channel
  UNION ALL
  SELECT channel, 0, uniqExactIf(delivery_id, outcome = 'dead' AND at >= ${lately}),
    maxIf(at, outcome = 'delivered'), maxIf(at, outcome IN ('failed', 'dead')),
    argMaxIf(message, at, outcome IN ('failed', 'dead'))
  FROM ${fromProject('delivery_log')}
  GROUP BY channel
)
GROUP BY channel
ORDER BY channel`;

/** The epoch stands for never. */
function toTime(value: unknown): number | null {
  return Number(value) === 0 ? null : Number(value);
}
