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
    }))
    .reverse();
}

/** Newest first. The first service of a run is the one that its version is of. */
function toDeploysSql(scope: RunScope, limit: number): SqlFragment {
  const both = { ...scope, fromUnixNano: previousFrom(scope) };
  const columns = `workflow, workflow_version, services[1] AS service, service_version,
  toUnixTimestamp64Nano(start_time) AS moment`;
  // Four groups a row would be many; runs of one version lie by the thousand, so they are put together before they are told apart.
  const sql = `SELECT told.1 AS kind, told.2 AS name, told.3 AS version, min(first_of) AS first
FROM (
SELECT workflow, workflow_version, service, service_version, min(moment) AS first_of,
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
