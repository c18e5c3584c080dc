/**
 * Runs as analysis writes them, made by ClickHouse itself: 20 spans each, of which 4 are calls of agents, 8 of models and
 * 4 of tools, 3 handoffs and one a message from a queue. One run in ten has findings, one in five hundred a breaker that
 * opens. One in ten has an older version, `running`, in another part. One call in eight writes to a cache.
 */
import type { MeasuredEngine } from '../storage/measured-engine.ts';

export type Filling = {
  readonly runs: number;
  readonly days: number;
  /** The last run begins shortly before. */
  readonly endUnixSeconds: number;
  readonly agents?: readonly string[];
  readonly workflows?: number;
  readonly users?: number;
};

const usualAgents = [
  'planner',
  'researcher',
  'coder',
  'reviewer',
  'writer',
  'clerk',
  'router',
  'critic',
];

const perInsert = 5_000;

export async function fillRuns({ client }: MeasuredEngine, filling: Filling): Promise<void> {
  const { agents = usualAgents, workflows = 20, users = 5_000 } = filling;
  const query_params = { agents, workflows, users };
  for (let first = 0; first < filling.runs; first += perInsert) {
    const count = Math.min(perInsert, filling.runs - first);
    await client.command({ query: toInsert(filling, first, count, 'running'), query_params });
    await client.command({ query: toInsert(filling, first, count, 'ended'), query_params });
  }
}

function toInsert(
  { runs, days, endUnixSeconds }: Filling,
  first: number,
  count: number,
  state: 'running' | 'ended',
): string {
  const spacingNs = Math.floor((days * 86_400e9) / runs);
  const columns = toColumns(state);
  const selected = Object.entries(columns).map(([name, expression]) => `${expression} AS ${name}`);
  return `INSERT INTO runs (${Object.keys(columns).join(', ')})
WITH toInt64(${endUnixSeconds}) * 1000000000 - toInt64(${runs} - number) * ${spacingNs} AS started,
  1000000000 + ${spread('duration', 60_000_000_000)} AS lasted
SELECT ${selected.join(',\n  ')}
FROM numbers(${first}, ${count})${state === 'running' ? '\nWHERE number % 10 = 0' : ''}`;
}

/** Like a random number, but the same each time. */
function spread(name: string, size: number): string {
  return `cityHash64(number, '${name}') % ${size}`;
}

/** The same for each element of an array. */
function spreadAt(name: string, size: number): string {
  return `cityHash64(number, at, '${name}') % ${size}`;
}

function each(length: number, value: string): string {
  return `arrayMap(at -> ${value}, range(${length}))`;
}

function moment(unixNano: string): string {
  return `fromUnixTimestamp64Nano(toInt64(${unixNano}), 'UTC')`;
}

function agent(name: string): string {
  const names = '{agents:Array(String)}';
  return `${names}[1 + cityHash64(number, at, '${name}') % length(${names})]`;
}

function toColumns(state: 'running' | 'ended'): Readonly<Record<string, string>> {
  const isRunning = state === 'running';
  return {
    project_id: "'default'",
    run_id: "concat('trace:', hex(MD5(toString(number))))",
    version: isRunning ? '1' : '2',
    analysis_version: '1',
    workflow: `concat('workflow-', toString(cityHash64(number, 'workflow') % {workflows:UInt32}))`,
    root_name: 'workflow',
    root_trace_id: 'lower(hex(MD5(toString(number))))',
    root_span_id: 'lower(hex(sipHash64(number)))',
    status: isRunning ? "'running'" : `if(${spread('status', 20)} = 0, 'failed', 'completed')`,
    pattern: "'supervisor'",
    pattern_reason: "'One agent called the others.'",
    start_time: moment('started'),
    end_time: isRunning ? moment('0') : moment('started + lasted'),
    last_activity: moment('started + lasted'),
    duration_ns: 'lasted',
    active_ns: 'lasted',
    trace_ids: '[root_trace_id]',
    services: "['shop']",
    service_version: "'1.4.0'",
    environment: "'production'",
    user_id: "concat('user-', toString(cityHash64(number, 'user') % {users:UInt32}))",
    agents: "['planner', 'researcher', 'coder']",
    models: "['gpt-5', 'claude-sonnet-4-5']",
    tools: "['search', 'read_file']",
    span_count: '20',
    error_count: spread('errors', 3),
    tool_call_count: '4',
    retry_count: spread('retries', 3),
    input_tokens: spread('input', 20_000),
    output_tokens: spread('output', 4_000),
    cost_usd: `toDecimal64(${spread('cost', 900_000)} / 1e6, 12)`,
    ...agentCalls,
    ...modelCalls,
    ...handoffs,
    ...breakersAndQueues,
    ...criticalPath,
    ...findings,
  };
}

const agentCalls = {
  agent_call_agents: each(4, agent('agent')),
  agent_call_starts: each(4, moment('started + at * intDiv(lasted, 4)')),
  agent_call_durations: each(4, `intDiv(lasted, 4) - ${spreadAt('agent', 200_000_000)}`),
  agent_call_failed: each(4, `${spreadAt('failed', 40)} = 0`),
  agent_call_traces: each(4, '0'),
  agent_call_span_ids: each(4, 'lower(hex(sipHash64(number, at)))'),
};

const modelCalls = {
  model_call_models: each(
    8,
    `['gpt-5', 'claude-sonnet-4-5', 'gemini-3-pro'][1 + ${spreadAt('model', 3)}]`,
  ),
  model_call_providers: each(8, "'openai'"),
  model_call_agents: each(8, agent('agent')),
  model_call_starts: each(8, moment('started + at * intDiv(lasted, 8)')),
  model_call_durations: each(8, `intDiv(lasted, 8) - ${spreadAt('model', 100_000_000)}`),
  model_call_failed: each(8, '0'),
  model_call_first_tokens: each(8, `200000000 + ${spreadAt('first', 900_000_000)}`),
  model_call_input_tokens: each(8, spreadAt('input', 4_000)),
  // One workflow writes to caches and never reads them.
  model_call_cache_read_tokens: each(
    8,
    `if(workflow = 'workflow-0', 0, ${spreadAt('cached', 9_000)})`,
  ),
  model_call_cache_write_tokens: each(
    8,
    `if(${spreadAt('written', 8)} = 0, ${spreadAt('cached', 9_000)}, NULL)`,
  ),
  model_call_output_tokens: each(8, spreadAt('output', 900)),
  model_call_reasoning_tokens: each(8, spreadAt('reasoning', 900)),
  model_call_costs: each(8, `toDecimal64(${spreadAt('cost', 90_000)} / 1e6, 12)`),
  model_call_tools: each(8, `['', '', '', 'search'][1 + ${spreadAt('tool', 4)}]`),
  model_call_cost_sources: each(8, "'computed'"),
  model_call_computed_costs: 'model_call_costs',
  model_call_price_matches: each(8, "'exact'"),
  model_call_waste_classes: each(
    8,
    `['', '', '', '', '', '', 'uncached_context', 'retried_attempt'][1 + ${spreadAt('waste', 8)}]`,
  ),
  model_call_waste_tokens: each(8, `if(model_call_waste_classes[at + 1] = '', 0, 900)`),
};

const handoffs = {
  handoff_froms: each(3, agent('from')),
  handoff_tos: each(3, agent('to')),
  handoff_times: each(3, moment('started + (at + 1) * intDiv(lasted, 4)')),
  handoff_outcomes: each(3, `if(${spreadAt('outcome', 30)} = 0, 'refused', 'accepted')`),
  handoff_latencies: each(3, spreadAt('latency', 900_000_000)),
  handoff_context_tokens: each(3, spreadAt('context', 30_000)),
  handoff_traces: each(3, '0'),
  handoff_span_ids: each(3, 'lower(hex(sipHash64(number, at)))'),
};

const breakersAndQueues = {
  breaker_names: `if(${spread('breaker', 500)} = 0, ['search'], [])`,
  breaker_states: "arrayMap(b -> 'open', breaker_names)",
  breaker_times: `arrayMap(b -> ${moment('started')}, breaker_names)`,
  breaker_traces: 'arrayMap(b -> 0, breaker_names)',
  breaker_span_ids: 'arrayMap(b -> root_span_id, breaker_names)',
  queue_names: "['jobs']",
  queue_times: `[${moment('started')}]`,
  queue_waits: `[${spread('wait', 9_000_000_000)}]`,
  queue_failed: '[0]',
  queue_traces: '[0]',
  queue_span_ids: '[root_span_id]',
};

const criticalPath = {
  critical_kinds: "['llm', 'tool', 'waiting']",
  critical_agents: "['planner', 'coder', '']",
  critical_durations: '[intDiv(lasted, 2), intDiv(lasted, 4), intDiv(lasted, 4)]',
  critical_costs: '[cost_usd, toDecimal64(0, 12), toDecimal64(0, 12)]',
  critical_cost_usd: 'cost_usd',
};

const detail = JSON.stringify({
  sentence: 'planner went round four times.',
  advice: 'Put a limit on rounds.',
  spans: [],
  spanCount: 0,
  threshold: { name: 'repeats', value: 3, measured: 4 },
});

const findings = {
  finding_kinds: `if(${spread('finding', 10)} = 0, [if(${spread('loop', 5)} = 0, 'loop', 'context_bloat')], [])`,
  finding_variants: "arrayMap(f -> 'cycle', finding_kinds)",
  finding_severities: "arrayMap(f -> 'warning', finding_kinds)",
  finding_subjects: "arrayMap(f -> 'planner', finding_kinds)",
  finding_waste_ms: 'arrayMap(f -> 900., finding_kinds)',
  finding_waste_tokens: 'arrayMap(f -> 900, finding_kinds)',
  finding_waste_usd: 'arrayMap(f -> toDecimal64(0.01, 12), finding_kinds)',
  finding_details: `arrayMap(f -> '${detail}', finding_kinds)`,
};
