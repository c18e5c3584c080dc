import type { Deploy, OverviewDeploys, OverviewRange } from '../../contract.ts';
import { readDeploys, type FoundDeploy } from '../../store/overview/read-deploys.ts';
import type { Reader } from '../../store/read-rows.ts';
import { toRunScope } from '../run-scope.ts';
import { toIso } from '../time-range.ts';
import { countBehind, type Link } from './count-behind.ts';
import { quoted } from './quoted.ts';

/** More marks than that are no marks. */
const mostDeploys = 40;

export async function answerDeploys(
  reader: Reader,
  query: OverviewRange,
): Promise<OverviewDeploys> {
  const { range, scope } = toRunScope(query);
  const found = await readDeploys(reader, query.project, scope, mostDeploys);
  const links = found.map((one) => toLink(one, query.q.trim()));
  const runs = await countBehind(reader, query.project, scope, links);
  return {
    from: toIso(range.from),
    to: toIso(range.to),
    deploys: found.map((one, at) => toDeploy(one, links[at]?.runsFilter ?? '', runs[at] ?? 0)),
  };
}

const versionFields = { service: 'service_version', workflow: 'version' } as const;

function toLink({ kind, name, version, atUnixNano }: FoundDeploy, q: string): Link {
  const own = `${kind}:${quoted(name)} ${versionFields[kind]}:${quoted(version)}`;
  return { runsFilter: q === '' ? own : `${q} ${own}`, fromUnixNano: atUnixNano };
}

function toDeploy(
  { kind, name, version, atUnixNano }: FoundDeploy,
  runsFilter: string,
  runs: number,
): Deploy {
  return { kind, name, version, at: toIso(atUnixNano), runs, runsFilter };
}
