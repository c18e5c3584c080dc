/** Runs in which a call failed, by who was called. Conditions on a row of `runs`, of a query with a range. Pure text. */
import { fromProject } from './read-rows.ts';
import { openDuration } from './run-row.ts';

/**
 * Names of few calls are looked at, those of the failed ones: which these are is found once for any number of names.
 * @param test of a name, called `one`
 */
export function withFailedAgent(test: string): string {
  return `arrayExists(one -> ${test}, arrayFilter((agent, failed, lasted) -> failed AND lasted != ${openDuration},
    agent_call_agents, agent_call_failed, agent_call_durations))`;
}

/**
 * Rows of runs do not tell which tool failed, spans do: those since the range began, until a day after its end, since runs
 * live on. A trace of several runs leads to all of them.
 * @param test of a name, called `one`
 */
export function withFailedTool(test: string): string {
  return `hasAny(trace_ids, (
    WITH toString(tool_name) AS one
    SELECT groupUniqArray(toString(trace_id))
    FROM ${fromFailedTools}
      AND ${test}))`;
}

/** Follows FROM: spans of the condition above. */
export const fromFailedTools = `${fromProject('spans')}
      AND toStartOfMinute(start_time) >= toStartOfMinute(fromUnixTimestamp64Nano({from:Int64}, 'UTC'))
      AND toStartOfMinute(start_time) <= toStartOfMinute(fromUnixTimestamp64Nano({to:Int64}, 'UTC')) + INTERVAL 1 DAY
      AND kind IN ('tool', 'mcp') AND status = 'error'`;
