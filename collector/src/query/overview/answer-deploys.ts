import type { Deploy, OverviewDeploys, OverviewRange } from '../../contract.ts';
import { readDeploys, type FoundDeploy } from '../../store/overview/read-deploys.ts';
import type { Reader } from '../../store/read-rows.ts';
import { toRunScope } from '../run-scope.ts';
import { toIso } from '../time-range.ts';
import { quoted } from './quoted.ts';

/** More marks than that are no marks. */
const mostDeploys = 40;

export async function answerDeploys(
  reader: Reader,
  query: OverviewRange,
): Promise<OverviewDeploys> {
  const { range, scope } = toRunScope(query);
  const found = await readDeploys(reader, query.project, scope, mostDeploys);
  return {
    from: toIso(range.from),
    to: toIso(range.to),
    deploys: found.map((one) => toDeploy(one, query.q.trim())),
  };
}

function toDeploy(
  { kind, name, version, atUnixNano, runs, isFoundByVersion }: FoundDeploy,
  q: string,
): Deploy {
  const byVersion = isFoundByVersion ? ` version:${quoted(version)}` : '';
  const own = `${kind}:${quoted(name)}${byVersion}`;
  return {
    kind,
    name,
    version,
    at: toIso(atUnixNano),
    runs,
    runsFilter: q === '' ? own : `${q} ${own}`,
  };
}
