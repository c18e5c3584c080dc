/** Every call of a model in a range as a row of its own, with what its run says of it. Pure text. */
import { fromRuns, type RunScope } from '../runs-sql.ts';

export const costDimensions = [
  'workflow',
  'agent',
  'model',
  'provider',
  'tool',
  'user',
  'session',
  'tag',
  'environment',
  'version',
] as const;
export type CallDimension = (typeof costDimensions)[number];

type Dimension = {
  readonly sql: string;
  /** Field of the filter language that shows the runs behind a value; null = runs are not found by it. */
  readonly field: string | null;
};

/** In the names of `fromCalls`. */
export const dimensionColumns: Readonly<Record<CallDimension, Dimension>> = {
  workflow: { sql: 'workflow', field: 'workflow' },
  agent: { sql: 'agent', field: 'agent' },
  model: { sql: 'model', field: 'model' },
  provider: { sql: 'provider', field: 'provider' },
  tool: { sql: 'tool', field: 'tool' },
  user: { sql: 'user_id', field: 'user' },
  session: { sql: 'conversation_id', field: 'conversation' },
  // A run without tags is spending too.
  tag: { sql: "arrayJoin(if(empty(tags), [''], arrayMap(t -> toString(t), tags)))", field: 'tag' },
  environment: { sql: 'environment', field: 'environment' },
  version: { sql: 'version_name', field: 'version' },
};

/** Which dimensions differ between the calls of one run. */
const arraysOf: Partial<Record<CallDimension, string>> = {
  agent: 'model_call_agents',
  model: 'model_call_models',
  provider: 'model_call_providers',
  tool: resized('model_call_tools'),
};

/** Rows of an earlier edition of analysis have no entries in what came later. */
function resized(column: string, fallback = "''"): string {
  return `arrayResize(${column}, length(model_call_models), ${fallback})`;
}

const runColumns = `run_id, root_trace_id, workflow, environment, user_id, conversation_id, tags,
  if(workflow_version != '', workflow_version, service_version) AS version_name,
  status = 'completed' AS succeeded, length(handoff_tos) AS handoff_count`;

const callArrays = `model_call_models, model_call_providers, model_call_agents, model_call_starts, model_call_failed,
  model_call_input_tokens, model_call_cache_read_tokens, model_call_cache_write_tokens,
  model_call_output_tokens, model_call_reasoning_tokens, model_call_costs,
  ${resized('model_call_tools')} AS tools,
  ${resized('model_call_cost_sources')} AS cost_sources,
  ${resized('model_call_computed_costs', 'NULL')} AS computed_costs,
  ${resized('model_call_price_matches')} AS price_matches,
  ${resized('model_call_waste_classes')} AS waste_classes,
  ${resized('model_call_waste_tokens', '0')} AS waste_tokens_of`;

/**
 * Follows FROM: a row a call that began in the range, of runs that live in it. `nth` numbers the calls of a run in the range that
 * have the same values of the dimensions: 1 stands for the run itself.
 */
export function fromCalls(scope: RunScope, by: readonly CallDimension[]): string {
  const keys = by.flatMap((dimension) => arraysOf[dimension] ?? []);
  const inRange =
    'arrayMap(t -> toUnixTimestamp64Nano(t) >= {from:Int64} AND toUnixTimestamp64Nano(t) < {to:Int64}, model_call_starts)';
  const nth = `arrayEnumerateUniq(${[inRange, ...keys].join(', ')}) AS nths`;
  return `${fromRuns(`${runColumns},\n  ${callArrays},\n  ${nth}`, scope, 'lived')}
ARRAY JOIN model_call_models AS model, model_call_providers AS provider, model_call_agents AS agent,
  model_call_starts AS call_start, model_call_failed AS call_failed, model_call_input_tokens AS fresh,
  model_call_cache_read_tokens AS cache_read, model_call_cache_write_tokens AS cache_write,
  model_call_output_tokens AS output, model_call_reasoning_tokens AS reasoning, model_call_costs AS cost,
  tools AS tool, cost_sources AS cost_source, computed_costs AS computed_cost, price_matches AS price_match,
  waste_classes AS waste_class, waste_tokens_of AS waste_tokens, nths AS nth
WHERE toUnixTimestamp64Nano(call_start) >= {from:Int64} AND toUnixTimestamp64Nano(call_start) < {to:Int64}`;
}

/** Conditions of a call that was of no use at all: what it cost is waste. */
export const isWholeWaste = "waste_class NOT IN ('', 'uncached_context')";
/** A call that failed before it used anything costs nothing, and needs no price. */
export const needsPrice =
  '(isNotNull(cost) OR isNotNull(fresh) OR isNotNull(output) OR call_failed = 0)';
