/** Runs that have nothing but one call of a model, each in a session of its own: as many rows of a report as runs. */
import type { migrate } from '../../collector/src/store/migrate.ts';

const perInsert = 10_000;

/** One a second, the last one shortly before `endUnixSeconds`. */
export async function fillSessions(
  client: Parameters<typeof migrate>[0],
  runs: number,
  endUnixSeconds: number,
): Promise<void> {
  const columns = {
    project_id: "'default'",
    run_id: "concat('run-', toString(number))",
    version: '1',
    analysis_version: '1',
    workflow: "concat('workflow-', toString(number % 20))",
    status: "'completed'",
    pattern: "'single'",
    start_time: 'began',
    end_time: 'began + INTERVAL 1 SECOND',
    last_activity: 'began + INTERVAL 1 SECOND',
    duration_ns: '1000000000',
    conversation_id: "concat('session-', hex(MD5(toString(number))))",
    model_call_models: "['gpt-5']",
    model_call_providers: "['openai']",
    model_call_agents: "['planner']",
    model_call_starts: '[began]',
    model_call_failed: '[0]',
    model_call_input_tokens: '[cityHash64(number) % 4000]',
    model_call_cache_read_tokens: '[cityHash64(number) % 9000]',
    model_call_cache_write_tokens: '[NULL]',
    model_call_output_tokens: '[cityHash64(number) % 900]',
    model_call_reasoning_tokens: '[NULL]',
    model_call_costs: '[toDecimal64((cityHash64(number) % 90000) / 1e6, 12)]',
    model_call_cost_sources: "['computed']",
    model_call_computed_costs: 'model_call_costs',
    model_call_price_matches: "['exact']",
    model_call_waste_classes: "['']",
    model_call_waste_tokens: '[0]',
  };
  const selected = Object.entries(columns).map(([name, sql]) => `${sql} AS ${name}`);
  for (let first = 0; first < runs; first += perInsert) {
    const query = `INSERT INTO runs (${Object.keys(columns).join(', ')})
WITH fromUnixTimestamp64Nano(toInt64(${endUnixSeconds} - ${runs} + number) * 1000000000, 'UTC') AS began
SELECT ${selected.join(',\n  ')} FROM numbers(${first}, ${Math.min(perInsert, runs - first)})`;
    await client.command({ query });
  }
}
