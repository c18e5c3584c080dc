/** What several metrics are made of: runs, calls and handoffs as samples, in the SQL of a source. */
import { openDuration } from './run-row.ts';

export const runGroups = {
  workflow: 'workflow',
  environment: 'environment',
  version: 'version_name',
  status: 'status_word',
} as const;

export const runColumns = [
  'workflow',
  'environment',
  "if(workflow_version != '', workflow_version, service_version) AS version_name",
  'toString(status) AS status_word',
  'toUnixTimestamp64Nano(start_time) AS started',
  'toUnixTimestamp64Nano(end_time) AS ended',
  'toUnixTimestamp64Nano(last_activity) AS heard',
];

export const agentCalls = {
  columns: [
    ...runColumns,
    'agent_call_agents',
    'agent_call_starts',
    'agent_call_durations',
    'agent_call_failed',
  ],
  join: [
    'agent_call_agents AS agent',
    'agent_call_starts AS call_start',
    'agent_call_durations AS lasted',
    'agent_call_failed AS failed',
  ],
  time: 'toUnixTimestamp64Nano(call_start) + toInt64(lasted)',
  where: `lasted != ${openDuration}`,
  groups: { ...runGroups, agent: 'agent' },
} as const;

export const modelCalls = {
  columns: [
    ...runColumns,
    'model_call_models',
    'model_call_agents',
    'model_call_starts',
    'model_call_durations',
    'model_call_failed',
    'model_call_first_tokens',
    'model_call_input_tokens',
    'model_call_cache_read_tokens',
    'model_call_cache_write_tokens',
    'model_call_output_tokens',
    'model_call_reasoning_tokens',
    'model_call_costs',
  ],
  join: [
    'model_call_models AS model',
    'model_call_agents AS agent',
    'model_call_starts AS call_start',
    'model_call_durations AS lasted',
    'model_call_failed AS failed',
    'model_call_first_tokens AS first_token',
    'model_call_input_tokens AS fresh',
    'model_call_cache_read_tokens AS cache_read',
    'model_call_cache_write_tokens AS cache_write',
    'model_call_output_tokens AS output',
    'model_call_reasoning_tokens AS reasoning',
    'model_call_costs AS call_cost',
  ],
  time: 'toUnixTimestamp64Nano(call_start)',
  groups: { ...runGroups, agent: 'agent', model: 'model' },
} as const;

export const handoffs = {
  columns: [...runColumns, 'handoff_froms', 'handoff_tos', 'handoff_times', 'handoff_outcomes'],
  join: [
    'handoff_froms AS from_agent',
    'handoff_tos AS to_agent',
    'handoff_times AS handed',
    'handoff_outcomes AS outcome',
  ],
  time: 'toUnixTimestamp64Nano(handed)',
  groups: { ...runGroups, handoff: "concat(from_agent, ' -> ', to_agent)", agent: 'to_agent' },
} as const;

export const input = '(ifNull(fresh, 0) + ifNull(cache_read, 0) + ifNull(cache_write, 0))';
export const output = '(ifNull(output, 0) + ifNull(reasoning, 0))';
/** When a run was judged by: its end, or what was heard of it last. */
export const judged = "if(status_word = 'running', heard, ended)";
export const isOpenAtEnd = "(status_word = 'running' OR ended >= {to:Int64})";
export const isEnded = "status_word NOT IN ('running', 'suspended')";

/** A run whose calls have no price at all tells nothing of costs, and yet that something is not known. */
export const pricedRuns = {
  columns: [...runColumns, 'cost_usd', 'model_call_costs'],
  join: [],
  time: 'ended',
  where: `${isEnded} AND isNotNull(cost_usd)`,
  value: 'toDecimal128(assumeNotNull(cost_usd), 12)',
  priced: {
    among: isEnded,
    calls: 'length(model_call_costs)',
    known: 'arrayCount(cost -> isNotNull(cost), model_call_costs)',
  },
  groups: runGroups,
} as const;

/** A call of a model that is over, when it ended: what took long or failed is known no sooner. */
export const endedModelCalls = {
  ...modelCalls,
  time: 'toUnixTimestamp64Nano(call_start) + toInt64(lasted)',
  where: `lasted != ${openDuration}`,
} as const;

/** One sample a run that is over, when it ended. */
export const endedRuns = {
  columns: runColumns,
  join: [],
  time: 'ended',
  where: isEnded,
  groups: runGroups,
} as const;

/** One sample a run, of what it did until it ended or was heard of last. */
export function ofRuns(column: string) {
  return {
    columns: [...runColumns, column],
    join: [],
    time: judged,
    where: '1',
    groups: runGroups,
  } as const;
}
