/** Agents and tools with the most failed calls. */
import type { FailingName, OverviewFailing, OverviewRange } from '../../contract.ts';
import {
  findSpansFrom,
  readErrors,
  readFailingAgents,
  readFailingTools,
  type FailingRead,
} from '../../store/overview/read-failing.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { RunScope } from '../../store/runs-sql.ts';
import { toRunScope } from '../run-scope.ts';
import { toIso } from '../time-range.ts';
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
  return found.map((one) =>
    toFailing(one, 'agent', errors.get(`${one.traceId} ${one.spanId}`) ?? '', q),
  );
}

async function answerTools(
  reader: Reader,
  projectId: string,
  scope: RunScope,
  q: string,
): Promise<Pick<OverviewFailing, 'tools' | 'toolsFrom'>> {
  const fromUnixNano = await findSpansFrom(reader, projectId, scope, mostSpans);
  const found = await readFailingTools(reader, projectId, { ...scope, fromUnixNano }, shownNames);
  return {
    tools: found.map((one) => toFailing(one, 'tool', one.lastError, q)),
    toolsFrom: toIso(fromUnixNano),
  };
}

/** Runs are found by an agent and by errors, not by errors of an agent: that comes nearest. */
function toFailing(
  { name, calls, failedCalls, lastFailedUnixNano }: FailingRead,
  field: 'agent' | 'tool',
  lastError: string,
  q: string,
): FailingName {
  const own = `${field}:${quoted(name)} errors>0`;
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
