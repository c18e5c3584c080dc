/** Agents and tools with the most failed calls. */
import type { FailingName, OverviewFailing, OverviewRange } from '../../contract.ts';
import {
  findSpansFrom,
  readErrors,
  readFailedToolRuns,
  readFailingAgents,
  readFailingTools,
  type FailingRead,
} from '../../store/overview/read-failing.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { RunScope } from '../../store/runs-sql.ts';
import { toRunScope } from '../run-scope.ts';
import { toIso } from '../time-range.ts';
import { countBehind } from './count-behind.ts';
import { quoted } from './quoted.ts';

const shownNames = 8;
/** What is looked through for tools: a query over so many takes some tenths of a second. */
const mostSpans = 1_000_000;

export async function answerFailing(
  reader: Reader,
  query: OverviewRange,
): Promise<OverviewFailing> {
  const { range, scope } = toRunScope(query);
  const q = query.q.trim();
  const [agents, { tools, toolsFrom }] = await Promise.all([
    answerAgents(reader, query.project, scope, q),
    answerTools(reader, query.project, scope, q),
  ]);
  return { from: toIso(range.from), to: toIso(range.to), agents, tools, toolsFrom };
}

async function answerAgents(
  reader: Reader,
  projectId: string,
  scope: RunScope,
  q: string,
): Promise<FailingName[]> {
  const found = await readFailingAgents(reader, projectId, scope, shownNames);
  const errors = await readErrors(reader, projectId, found);
  const drafts = found.map((one) =>
    toFailing(one, 'failed_agent', errors.get(`${one.traceId} ${one.spanId}`) ?? '', q),
  );
  const runs = await countBehind(reader, projectId, scope, drafts);
  return drafts.map((draft, at) => Object.assign(draft, { runs: runs[at] ?? 0 }));
}

async function answerTools(
  reader: Reader,
  projectId: string,
  scope: RunScope,
  q: string,
): Promise<Pick<OverviewFailing, 'tools' | 'toolsFrom'>> {
  const fromUnixNano = await findSpansFrom(reader, projectId, scope, mostSpans);
  const looked = { ...scope, fromUnixNano };
  const found = await readFailingTools(reader, projectId, looked, shownNames);
  const names = found.map(({ name }) => name);
  const runs = await readFailedToolRuns(reader, projectId, looked, names);
  const tools = found.map((one) =>
    Object.assign(toFailing(one, 'failed_tool', one.lastError, q), {
      runs: runs.get(one.name.toLowerCase()) ?? 0,
    }),
  );
  return { tools, toolsFrom: toIso(fromUnixNano) };
}

type Draft = Omit<FailingName, 'runs'>;

function toFailing(
  { name, calls, failedCalls, lastFailedUnixNano }: FailingRead,
  field: 'failed_agent' | 'failed_tool',
  lastError: string,
  q: string,
): Draft {
  const own = `${field}:${quoted(name)}`;
  return {
    name,
    calls,
    failedCalls,
    share: failedCalls / calls,
    lastError,
    lastFailedAt: toIso(lastFailedUnixNano),
    runsFilter: q === '' ? own : `${q} ${own}`,
  };
}
