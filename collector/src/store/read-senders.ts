/** Who sends: services as they name themselves, across projects, for the operator of the server. */
import type { Reader } from './read-rows.ts';

export type Sender = {
  readonly projectId: string;
  readonly serviceName: string;
  readonly dialect: string;
  readonly scopeName: string;
  readonly scopeVersion: string;
  /** `telemetry.sdk.*` of the newest span; empty when it did not tell. */
  readonly sdkName: string;
  readonly sdkLanguage: string;
  readonly sdkVersion: string;
  readonly spansLastHour: number;
  readonly lastSeen: string;
};

export const maxSenders = 200;

/** By start time, so a sender with a wrong clock may be missing. Within its time it reads what it can. */
const sql = `SELECT project_id, service_name, dialect, scope_name, scope_version,
  argMax(resource_attributes['telemetry.sdk.name'], start_time) AS sdk_name,
  argMax(resource_attributes['telemetry.sdk.language'], start_time) AS sdk_language,
  argMax(resource_attributes['telemetry.sdk.version'], start_time) AS sdk_version,
  toFloat64(countIf(start_time > now() - INTERVAL 1 HOUR)) AS last_hour,
  toFloat64(toUnixTimestamp64Milli(max(start_time))) AS last_milli
FROM spans
WHERE start_time > now() - INTERVAL 1 DAY AND start_time <= now() + INTERVAL 1 HOUR
GROUP BY project_id, service_name, dialect, scope_name, scope_version
ORDER BY last_milli DESC
LIMIT ${maxSenders}
SETTINGS max_execution_time = 3, timeout_overflow_mode = 'break', max_threads = 1,
  max_rows_to_group_by = 10000, group_by_overflow_mode = 'any', max_memory_usage = 500000000`;

/** Of the last day, newest first, at most `maxSenders`. Counts stored copies. */
export async function readSenders(reader: Reader): Promise<Sender[]> {
  const answer = await reader.client.query({ query: sql, format: 'JSONEachRow' });
  const rows = await answer.json<Record<string, string | number>>();
  return rows.map((row) => ({
    projectId: String(row['project_id']),
    serviceName: String(row['service_name']),
    dialect: String(row['dialect']),
    scopeName: String(row['scope_name']),
    scopeVersion: String(row['scope_version']),
    sdkName: String(row['sdk_name']),
    sdkLanguage: String(row['sdk_language']),
    sdkVersion: String(row['sdk_version']),
    spansLastHour: Number(row['last_hour']),
    lastSeen: new Date(Number(row['last_milli'])).toISOString(),
  }));
}
