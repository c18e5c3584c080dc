/**
 * The spans of the runs that `fillRuns` makes, as far as queries over spans read them: 20 each, of which one is the
 * workflow, 4 are calls of agents, 8 of models, 4 of tools and 3 handoffs. One call of a tool in forty fails.
 */
import type { MeasuredEngine } from '../storage/measured-engine.ts';
import type { Filling } from './fill-runs.ts';

const perRun = 20;
const runsPerInsert = 2_000;

export async function fillSpans({ client }: MeasuredEngine, filling: Filling): Promise<void> {
  for (let first = 0; first < filling.runs; first += runsPerInsert) {
    const count = Math.min(runsPerInsert, filling.runs - first);
    await client.command({ query: toInsert(filling, first, count) });
  }
}

const kinds = ['workflow', 'agent', 'llm', 'tool', 'handoff'];
const counts = [1, 4, 8, 4, 3];
const kindOf = `['${kinds.flatMap((kind, at) => Array.from({ length: counts[at] ?? 0 }, () => kind)).join("', '")}'][1 + at]`;

function toInsert({ runs, days, endUnixSeconds }: Filling, first: number, count: number): string {
  const spacingNs = Math.floor((days * 86_400e9) / runs);
  const columns = {
    project_id: "'default'",
    trace_id: 'lower(hex(MD5(toString(run))))',
    span_id: 'lower(hex(sipHash64(run, at)))',
    parent_span_id: "if(at = 0, '', lower(hex(sipHash64(run, 0))))",
    name: `concat(${kindOf}, ' ', toString(at))`,
    kind: kindOf,
    start_time: "fromUnixTimestamp64Nano(started + at * intDiv(lasted, 20), 'UTC')",
    version: 'toUInt64(started + (at + 1) * intDiv(lasted, 20))',
    status: "if(kind = 'tool' AND cityHash64(run, at, 'failed') % 40 = 0, 'error', 'unset')",
    error_type: "if(status = 'error', 'timeout', '')",
    otel_kind: '1',
    tool_name: `if(kind = 'tool', concat('tool-', toString(cityHash64(run, at) % 12)), '')`,
    service_name: "'shop'",
    input_tokens: "if(kind = 'llm', cityHash64(run, at, 'input') % 4000, NULL)",
    output_tokens: "if(kind = 'llm', cityHash64(run, at, 'output') % 900, NULL)",
  };
  const selected = Object.entries(columns).map(([name, expression]) => `${expression} AS ${name}`);
  return `INSERT INTO spans (${Object.keys(columns).join(', ')})
WITH intDiv(number, ${perRun}) AS run, number % ${perRun} AS at,
  toInt64(${endUnixSeconds}) * 1000000000 - toInt64(${runs} - run) * ${spacingNs} AS started,
  toInt64(1000000000 + cityHash64(run, 'duration') % 60000000000) AS lasted
SELECT ${selected.join(',\n  ')}
FROM numbers(${first * perRun}, ${count * perRun})`;
}
