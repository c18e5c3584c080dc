/** What people set: every change is kept, the latest of a key stands. */
import type { ClickHouseClient } from '@clickhouse/client';
import { fromProject, readRows, toAbort, type Reader } from './read-rows.ts';
import { insertRows } from './write-runs.ts';

export type Setting = {
  /** Within its area; empty = all of it. */
  readonly key: string;
  readonly value: unknown;
  /** Milliseconds since the epoch. */
  readonly changedAtMs: number;
  readonly changedBy: string;
  /** Rises with every change of the key. */
  readonly version: number;
};

/** Those that stand; what was taken back is not among them. */
export async function readSettings(
  reader: Reader,
  projectId: string,
  area: string,
): Promise<Setting[]> {
  const sql = `SELECT key, max(version) AS latest, argMax(value, version) AS text,
  toUnixTimestamp64Milli(argMax(changed_at, version)) AS changed, argMax(changed_by, version) AS author
FROM ${fromProject('settings_log')}
  AND area = {area:String}
GROUP BY key
HAVING text != ''
ORDER BY key`;
  const rows = await readRows(reader, projectId, { sql, params: { area } });
  return rows.map(toSetting);
}

export type ProjectSetting = Setting & { readonly projectId: string };

/** Those of all projects: for who must know them before anybody asks. */
export async function readOfAllProjects(reader: Reader, area: string): Promise<ProjectSetting[]> {
  const answer = await reader.client.query({
    ...toAbort(reader),
    query: ofAllProjectsSql,
    query_params: { area },
    format: 'JSONEachRow',
    clickhouse_settings: { max_execution_time: 20 },
  });
  const rows = await answer.json<Readonly<Record<string, unknown>>>();
  return rows.map((row) => Object.assign(toSetting(row), { projectId: String(row['project_id']) }));
}

const ofAllProjectsSql = `SELECT project_id, key, max(version) AS latest, argMax(value, version) AS text,
  toUnixTimestamp64Milli(argMax(changed_at, version)) AS changed, argMax(changed_by, version) AS author
FROM settings_log
WHERE area = {area:String}
GROUP BY project_id, key
HAVING text != ''
ORDER BY project_id, key`;

/** The same of several areas at once. */
export async function readAreas<Area extends string>(
  reader: Reader,
  projectId: string,
  areas: readonly Area[],
): Promise<ReadonlyMap<Area, Setting[]>> {
  const rows = await readRows(reader, projectId, { sql: areasSql, params: { areas } });
  const byArea = Map.groupBy(rows, (row) => String(row['area']));
  return new Map(areas.map((area) => [area, (byArea.get(area) ?? []).map(toSetting)]));
}

const areasSql = `SELECT area, key, max(version) AS latest, argMax(value, version) AS text,
  toUnixTimestamp64Milli(argMax(changed_at, version)) AS changed, argMax(changed_by, version) AS author
FROM ${fromProject('settings_log')}
  AND area IN {areas:Array(String)}
GROUP BY area, key
HAVING text != ''
ORDER BY area, key`;

function toSetting(row: Readonly<Record<string, unknown>>): Setting {
  return {
    key: String(row['key']),
    value: JSON.parse(String(row['text'])) as unknown,
    changedAtMs: Number(row['changed']),
    changedBy: String(row['author']),
    version: Number(row['latest']),
  };
}

/** Of the last change of a key, also of one that took it back; 0 when there was none. */
export async function readVersion(
  reader: Reader,
  { projectId, area, key }: Pick<SettingChange, 'projectId' | 'area' | 'key'>,
): Promise<number> {
  const sql = `SELECT max(version) AS latest
FROM ${fromProject('settings_log')}
  AND area = {area:String} AND key = {key:String}`;
  const [row] = await readRows(reader, projectId, { sql, params: { area, key } });
  return Number(row?.['latest'] ?? 0);
}

export type SettingChange = {
  readonly projectId: string;
  readonly area: string;
  readonly key: string;
  /** undefined = taken back. */
  readonly value: unknown;
  readonly changedBy: string;
};

/** Resolves when the change is on disk. */
export async function writeSetting(
  client: ClickHouseClient,
  { projectId, area, key, value, changedBy }: SettingChange,
  nowMs: number,
): Promise<void> {
  await insertRows(client, 'settings_log', [
    {
      project_id: projectId,
      area,
      key,
      version: nowMs,
      value: value === undefined ? '' : JSON.stringify(value),
      changed_at: new Date(nowMs).toISOString().replace('T', ' ').slice(0, 23),
      changed_by: changedBy,
    },
  ]);
}
