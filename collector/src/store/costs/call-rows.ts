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

/** In the names of `fromCalls`, and of `cost_days` where it has them. */
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

/** What a call has, and which array of `runs` has it. */
const callColumns = {
  agent: 'model_call_agents',
  model: 'model_call_models',
  provider: 'model_call_providers',
  tool: resized('model_call_tools'),
  call_start: 'model_call_starts',
  call_failed: 'model_call_failed',
  fresh: 'model_call_input_tokens',
  cache_read: 'model_call_cache_read_tokens',
  cache_write: 'model_call_cache_write_tokens',
  output: 'model_call_output_tokens',
  reasoning: 'model_call_reasoning_tokens',
  cost: 'model_call_costs',
  cost_source: resized('model_call_cost_sources'),
  computed_cost: resized('model_call_computed_costs', 'NULL'),
  price_match: resized('model_call_price_matches'),
  waste_class: resized('model_call_waste_classes'),
  waste_tokens: resized('model_call_waste_tokens', '0'),
} as const;
export type CallColumn = keyof typeof callColumns;

/** Rows of an earlier edition of analysis have no entries in what came later. */
function resized(column: string, fallback = "''"): string {
  return `arrayResize(${column}, length(model_call_models), ${fallback})`;
}

const runColumns = {
  project_id: 'project_id',
  run_id: 'run_id',
  root_trace_id: 'root_trace_id',
  start_day: 'toDate(start_time) AS start_day',
  workflow: 'workflow',
  environment: 'environment',
  user_id: 'user_id',
  conversation_id: 'conversation_id',
  tags: 'tags',
  version_name: "if(workflow_version != '', workflow_version, service_version) AS version_name",
  succeeded: "status = 'completed' AS succeeded",
  handoff_count: 'length(handoff_tos) AS handoff_count',
} as const;
export type RunColumn = keyof typeof runColumns;

const ofRun: Partial<Record<CallDimension, RunColumn>> = {
  workflow: 'workflow',
  user: 'user_id',
  session: 'conversation_id',
  tag: 'tags',
  environment: 'environment',
  version: 'version_name',
};

/** Dimensions in which the calls of one run may differ. */
const perCall = ['agent', 'model', 'provider', 'tool'] as const;
export type PerCall = (typeof perCall)[number];

export function isPerCall(dimension: string): dimension is PerCall {
  return perCall.some((one) => one === dimension);
}

/** Only what is named is read: an array of calls is larger than everything else of a run together. */
export type CallsAsk = {
  readonly calls: readonly CallColumn[];
  readonly runs?: readonly RunColumn[];
  readonly by?: readonly CallDimension[];
  /** Name of a column that is 1 at the first call of its run that has the same values of these. */
  readonly nth?: Readonly<Record<string, readonly CallColumn[]>>;
};

/** Follows FROM: a row a call that began in the range, of runs that live in it. */
export function fromCalls(scope: RunScope, ask: CallsAsk): string {
  return `${fromRuns(toColumns(ask), scope, 'lived')}
${toJoin(ask)}
WHERE call_start >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') AND call_start < fromUnixTimestamp64Nano({to:Int64}, 'UTC')`;
}

/** Follows FROM: a row a call of the runs that the condition names, of every project. Nobody who asks may see this. Ends in a condition too. */
export function fromEveryCall(condition: string, ask: CallsAsk): string {
  return `(
SELECT ${toColumns(ask)}
FROM runs FINAL
WHERE ${condition}
SETTINGS do_not_merge_across_partitions_select_final = 1
)
${toJoin(ask)}
WHERE true`;
}

const toCallNames = ({ calls, by = [] }: CallsAsk): CallColumn[] => [
  ...new Set([...by.filter(isPerCall), ...calls, 'call_start' as const]),
];

function toColumns(ask: CallsAsk): string {
  const { runs = [], by = [], nth = {} } = ask;
  const ofRuns = new Set([...runs, ...by.flatMap((dimension) => ofRun[dimension] ?? [])]);
  return [
    ...[...ofRuns].map((name) => runColumns[name]),
    ...toCallNames(ask).map((name) => `${callColumns[name]} AS ${name}_of`),
    ...Object.entries(nth).map(([name, keys]) => `${toNth(keys)} AS ${name}_of`),
  ].join(',\n  ');
}

function toJoin(ask: CallsAsk): string {
  const names = [...toCallNames(ask), ...Object.keys(ask.nth ?? {})];
  return `ARRAY JOIN ${names.map((name) => `${name}_of AS ${name}`).join(', ')}`;
}

function toNth(keys: readonly CallColumn[]): string {
  if (keys.length === 0) return 'arrayEnumerate(model_call_models)';
  return `arrayEnumerateUniq(${keys.map((key) => callColumns[key]).join(', ')})`;
}

/** Conditions of a call that was of no use at all: what it cost is waste. */
export const isWholeWaste = "waste_class NOT IN ('', 'uncached_context')";
/** A call that failed before it used anything costs nothing, and needs no price. */
export const needsPrice =
  '(isNotNull(cost) OR isNotNull(fresh) OR isNotNull(output) OR call_failed = 0)';
