/** Versions that first show up in a range: nothing of them is in the time before, as long as the range. */
import { readRows, type Reader } from '../read-rows.ts';
import { fromRuns, toScopeParams, type RunScope } from '../runs-sql.ts';
import type { SqlFragment } from '../store.ts';
import { previousFrom } from './compared.ts';

export type FoundDeploy = {
  readonly kind: 'service' | 'workflow';
  readonly name: string;
  readonly version: string;
  readonly atUnixNano: bigint;
  readonly runs: number;
  /** Whether the filter on versions finds all of them: where a workflow tells its version, that one is looked at. */
  readonly isFoundByVersion: boolean;
};

export async function readDeploys(
  reader: Reader,
  projectId: string,
  scope: RunScope,
  limit: number,
): Promise<FoundDeploy[]> {
  const rows = await readRows(reader, projectId, toDeploysSql(scope, limit));
  return rows
    .map((row) => ({
      kind: row['kind'] as FoundDeploy['kind'],
      name: String(row['name']),
      version: String(row['version']),
      atUnixNano: BigInt(String(row['first'])),
      runs: Number(row['n']),
      isFoundByVersion: Number(row['hidden']) === 0,
    }))
    .reverse();
}

/** Newest first. The first service of a run is the one that its version is of. */
function toDeploysSql(scope: RunScope, limit: number): SqlFragment {
  const both = { ...scope, fromUnixNano: previousFrom(scope) };
  const columns = `workflow, workflow_version, services[1] AS service, service_version,
  toUnixTimestamp64Nano(start_time) AS moment`;
  // Four groups a row would be many; runs of one version lie by the thousand, so they are counted before they are told apart.
  const sql = `SELECT told.1 AS kind, told.2 AS name, told.3 AS version, min(first_of) AS first, sum(n_of) AS n,
  sumIf(n_of, kind = 'service' AND workflow_version != '') AS hidden
FROM (
SELECT workflow, workflow_version, service, service_version, min(moment) AS first_of, count() AS n_of,
  arrayJoin([('workflow', toString(workflow), toString(workflow_version)),
    ('service', toString(service), toString(service_version))]) AS told
FROM ${fromRuns(columns, both)}
GROUP BY workflow, workflow_version, service, service_version
)
WHERE told.3 != ''
GROUP BY kind, name, version
HAVING first >= {middle:Int64}
ORDER BY first DESC, kind, name, version
LIMIT {limit:UInt32}`;
  const params = { ...toScopeParams(both), middle: scope.fromUnixNano.toString(), limit };
  return { sql, params };
}
