/** How loud each rule was in the last seven days. */
import { fromProject, readRows, type Reader } from './read-rows.ts';

export type RuleHistory = {
  /** Of 168 hours, oldest first, the running one last: the share of the evaluations at which anything fired. */
  readonly strip: readonly number[];
  /** Incidents that began. */
  readonly incidentCount: number;
  /** Messages that were made, to all channels. */
  readonly messageCount: number;
  readonly firingMinutes: number;
};

export const stripHours = 168;

export const quietHistory: RuleHistory = {
  strip: Array.from({ length: stripHours }, () => 0),
  incidentCount: 0,
  messageCount: 0,
  firingMinutes: 0,
};

/** By rule. */
export async function readRuleHistory(
  reader: Reader,
  projectId: string,
): Promise<ReadonlyMap<string, RuleHistory>> {
  const rows = await readRows(reader, projectId, { sql, params: {} });
  return new Map(rows.map((row) => [String(row['rule_id']), toHistory(row)]));
}

/** Hours before the running one. */
const age = "toUInt8(dateDiff('hour', eval_at, now64(3)))";

/** Two evaluators may have written one evaluation, seldom: a share does not change by it. */
const sql = `SELECT rule_id,
  sumMap(map(${age}, toUInt32(1))) AS evaluations,
  sumMap(map(${age}, toUInt32(firing_count > 0))) AS fired,
  uniqExactArray(arrayFilter((incident, kind) -> kind = 'firing', event_incidents, event_kinds)) AS incidents,
  uniqExactArray(delivery_ids) AS messages
FROM ${fromProject('alert_log')}
  AND eval_at > toStartOfHour(now64(3)) - INTERVAL ${stripHours - 1} HOUR AND eval_at <= now64(3)
GROUP BY rule_id
ORDER BY rule_id`;

type Sums = Readonly<Record<string, unknown>>;

function toHistory(row: Readonly<Record<string, unknown>>): RuleHistory {
  const [evaluations, fired] = [row['evaluations'] as Sums, row['fired'] as Sums];
  const strip = Array.from({ length: stripHours }, (_, at) => {
    const hour = String(stripHours - 1 - at);
    const of = Number(evaluations[hour] ?? 0);
    return of === 0 ? 0 : Number(fired[hour] ?? 0) / of;
  });
  return {
    strip,
    incidentCount: Number(row['incidents']),
    messageCount: Number(row['messages']),
    firingMinutes: Math.round(strip.reduce((sum, share) => sum + share * 60, 0)),
  };
}
