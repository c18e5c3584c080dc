/** Whose calls fail most: agents by the rows of runs, tools by spans, which alone tell of single calls. */
import { fromFailedTools } from '../failed-calls-sql.ts';
import { openDuration } from '../run-row.ts';
import { fromProject, readRows, type Reader } from '../read-rows.ts';
import { fromRuns, toScopeParams, type RunScope } from '../runs-sql.ts';
import type { SqlFragment } from '../store.ts';

export type FailingRead = {
  readonly name: string;
  readonly calls: number;
  readonly failedCalls: number;
  readonly lastFailedUnixNano: bigint;
};
export type FailingAgent = FailingRead & {
  /** Of the latest failure. */
  readonly traceId: string;
  readonly spanId: string;
};
export type FailingTool = FailingRead & { readonly lastError: string };

/** Calls that are over, of runs that began in the range. */
export async function readFailingAgents(
  reader: Reader,
  projectId: string,
  scope: RunScope,
  limit: number,
): Promise<FailingAgent[]> {
  const rows = await readRows(reader, projectId, toFailingAgentsSql(scope, limit));
  return rows.map((row) =>
    Object.assign(toRead(row), {
      traceId: String(row['last_trace']),
      spanId: String(row['last_span']),
    }),
  );
}

function toFailingAgentsSql(scope: RunScope, limit: number): SqlFragment {
  const columns = `trace_ids, agent_call_agents, agent_call_starts, agent_call_durations, agent_call_failed,
  agent_call_traces, agent_call_span_ids`;
  return {
    sql: `SELECT toString(agent) AS name, count() AS calls, countIf(failed) AS failed_calls,
  toString(maxIf(toUnixTimestamp64Nano(call_start), failed)) AS last_failed,
  argMaxIf((trace_ids[trace + 1], span), call_start, failed) AS last_ref, last_ref.1 AS last_trace, last_ref.2 AS last_span
FROM ${fromRuns(columns, scope)}
ARRAY JOIN agent_call_agents AS agent, agent_call_starts AS call_start, agent_call_durations AS lasted,
  agent_call_failed AS failed, agent_call_traces AS trace, agent_call_span_ids AS span
WHERE lasted != ${openDuration}
GROUP BY name
HAVING failed_calls > 0
ORDER BY failed_calls DESC, name
LIMIT {limit:UInt32}`,
    params: { ...toScopeParams(scope), limit },
  };
}

/** By `traceId spanId`: type of the error, or what was said of it. */
export async function readErrors(
  reader: Reader,
  projectId: string,
  calls: readonly FailingAgent[],
): Promise<ReadonlyMap<string, string>> {
  if (calls.length === 0) return new Map();
  const times = calls.map(({ lastFailedUnixNano }) => lastFailedUnixNano);
  const [first, last] = times.reduce(
    ([low, high], at) => [at < low ? at : low, at > high ? at : high],
    [times[0] ?? 0n, times[0] ?? 0n],
  );
  const rows = await readRows(reader, projectId, {
    sql: `SELECT concat(trace_id, ' ', span_id) AS id, ${errorOf} AS error
FROM ${fromProject('spans')}
  AND start_time BETWEEN fromUnixTimestamp64Nano({first:Int64}, 'UTC') AND fromUnixTimestamp64Nano({last:Int64}, 'UTC')
  AND trace_id IN {traceIds:Array(String)} AND span_id IN {spanIds:Array(String)}
ORDER BY version DESC, mapper_version DESC
LIMIT 1 BY id`,
    params: {
      first: first.toString(),
      last: last.toString(),
      traceIds: [...new Set(calls.map(({ traceId }) => traceId))],
      spanIds: [...new Set(calls.map(({ spanId }) => spanId))],
    },
  });
  return new Map(rows.map((row) => [String(row['id']), String(row['error'])]));
}

const errorOf = "if(error_type != '', toString(error_type), substringUTF8(status_message, 1, 120))";

/** From where on the range holds at most so many spans, as its runs tell; at a whole step. */
export async function findSpansFrom(
  reader: Reader,
  projectId: string,
  scope: RunScope,
  mostSpans: number,
): Promise<bigint> {
  const steps = 50n;
  const stepNs = (scope.toUnixNano - scope.fromUnixNano) / steps + 1n;
  const rows = await readRows(reader, projectId, {
    sql: `SELECT intDiv({to:Int64} - 1 - moment, {step:Int64}) AS back, sum(span_count) AS spans
FROM ${fromRuns('span_count, toUnixTimestamp64Nano(start_time) AS moment', { ...scope, conditions: [] })}
GROUP BY back
ORDER BY back`,
    params: { ...toScopeParams({ ...scope, conditions: [] }), step: stepNs.toString() },
  });
  let spans = 0;
  for (const row of rows) {
    spans += Number(row['spans']);
    if (spans <= mostSpans) continue;
    // One step at least, however much is in it: a query has a limit of its own.
    const kept = BigInt(Math.max(1, Number(row['back'])));
    return scope.toUnixNano - kept * stepNs;
  }
  return scope.fromUnixNano;
}

export async function readFailingTools(
  reader: Reader,
  projectId: string,
  scope: RunScope,
  limit: number,
): Promise<FailingTool[]> {
  const rows = await readRows(reader, projectId, toFailingToolsSql(scope, limit));
  return rows.map((row) => Object.assign(toRead(row), { lastError: String(row['last_error']) }));
}

/**
 * In how many runs that began in the range each of them failed, as the filter on failed tools has it: names are told apart
 * in any case. All of them in one pass over spans, of which there are most. By name in lower case.
 */
export async function readFailedToolRuns(
  reader: Reader,
  projectId: string,
  scope: RunScope,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (names.length === 0) return new Map();
  const rows = await readRows(reader, projectId, {
    sql: `SELECT tool, uniqExact(run_id) AS runs
FROM (SELECT run_id, toString(arrayJoin(trace_ids)) AS trace FROM ${fromRuns('run_id, trace_ids', scope)}) AS runs
INNER JOIN (
SELECT DISTINCT lowerUTF8(toString(tool_name)) AS tool, toString(trace_id) AS trace
FROM ${fromFailedTools} AND tool IN {names:Array(String)}
) AS failed USING trace
GROUP BY tool`,
    params: { ...toScopeParams(scope), names: names.map((name) => name.toLowerCase()) },
  });
  return new Map(rows.map((row) => [String(row['tool']), Number(row['runs'])]));
}

/**
 * The tool of a framework, the client and the server of MCP may all tell of one call: the one that told most often
 * counts. A span that arrived twice counts once.
 */
function toFailingToolsSql(scope: RunScope, limit: number): SqlFragment {
  const failed = "status = 'error'";
  const teller = "if(kind = 'tool', 0, if(otel_kind = 2, 2, 1))";
  const ofRuns =
    scope.conditions.length === 0
      ? ''
      : `\n  AND trace_id IN (SELECT arrayJoin(trace_ids) FROM ${fromRuns('trace_ids', scope, 'lived')})`;
  return {
    sql: `SELECT name, max(calls_told) AS calls, max(failed_told) AS failed_calls, toString(max(last_told)) AS last_failed,
  argMax(error_told, last_told) AS last_error
FROM (
SELECT toString(tool_name) AS name, ${teller} AS teller, uniqExact(span_key) AS calls_told,
  uniqExactIf(span_key, ${failed}) AS failed_told, maxIf(began, ${failed}) AS last_told, argMaxIf(error, began, ${failed}) AS error_told
FROM (
SELECT tool_name, kind, otel_kind, status, toUnixTimestamp64Nano(start_time) AS began, ${errorOf} AS error,
  sipHash64(trace_id, span_id) AS span_key
FROM ${fromProject('spans')}
  AND toStartOfMinute(start_time) >= toStartOfMinute(fromUnixTimestamp64Nano({from:Int64}, 'UTC'))
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND kind IN ('tool', 'mcp') AND tool_name != ''${ofRuns}
)
GROUP BY name, teller
)
GROUP BY name
HAVING failed_calls > 0
ORDER BY failed_calls DESC, name
LIMIT {limit:UInt32}`,
    params: { ...toScopeParams(scope), limit },
  };
}

function toRead(row: Readonly<Record<string, unknown>>): FailingRead {
  return {
    name: String(row['name']),
    calls: Number(row['calls']),
    failedCalls: Number(row['failed_calls']),
    lastFailedUnixNano: BigInt(String(row['last_failed'])),
  };
}
