/** Runs that show what an incident is about: of its group, while it began. */
import type { AlertMetric, Incident, IncidentDetail, RunSort } from '../../contract.ts';
import { FilterError } from '../../query/filter.ts';
import { toRunConditions } from '../../query/run-filter.ts';
import { readRunPage, type RunRow } from '../../store/read-runs.ts';
import type { Reader } from '../../store/read-rows.ts';
import { toMs } from '../timed-rule.ts';
import type { AlertRule } from '../../contract.ts';
import { sourceOf } from '../settings/metric-facts.ts';

type Exemplar = IncidentDetail['exemplars'][number];

const most = 5;

export async function readIncidentRuns(
  reader: Reader,
  projectId: string,
  incident: Incident,
  { rule, runsFilter }: { readonly rule: AlertRule; readonly runsFilter: string },
): Promise<Exemplar[]> {
  if (sourceOf(incident.metric) === null) return [];
  const conditions = toConditions(runsFilter);
  if (conditions === null) return [];
  const waitMs = toMs(rule.window) + toMs(rule.for) + toMs(rule.interval);
  const rows = await readRunPage(reader, projectId, {
    conditions,
    fromUnixNano: toNano(incident.startedAtMs - waitMs),
    toUnixNano: toNano(incident.startedAtMs),
    nowUnixNano: toNano(incident.startedAtMs),
    sort: sortOf(incident.metric),
    order: incident.direction === 'below' && isOrdered(incident.metric) ? 'asc' : 'desc',
    after: null,
    limit: most,
  });
  return rows.map((row) => toExemplar(row, incident.metric));
}

/** The terms of a group may be more than a filter has room for. */
function toConditions(runsFilter: string) {
  try {
    return toRunConditions(runsFilter);
  } catch (error) {
    if (error instanceof FilterError) return null;
    throw error;
  }
}

const sortByMetric: Partial<Record<AlertMetric, RunSort>> = {
  agent_latency: 'duration',
  end_to_end_latency: 'duration',
  model_latency: 'duration',
  queue_wait: 'duration',
  time_to_first_token: 'duration',
  token_cost_per_task: 'cost',
  run_cost: 'cost',
  cost: 'cost',
  tokens: 'tokens',
  error_rate: 'errors',
  failed_agent_calls: 'errors',
  failed_tool_calls: 'errors',
  model_error_rate: 'errors',
  failed_runs: 'errors',
  failed_run_share: 'errors',
  loop_rate: 'findings',
  findings: 'findings',
};

function sortOf(metric: AlertMetric): RunSort {
  return sortByMetric[metric] ?? 'start_time';
}

function isOrdered(metric: AlertMetric): boolean {
  return sortByMetric[metric] !== undefined;
}

function toExemplar(row: RunRow, metric: AlertMetric): Exemplar {
  return {
    runId: String(row['run_id']),
    traceId: String(row['root_trace_id']),
    workflow: String(row['workflow']),
    startTimeUnixNano: String(row['started']),
    value: toValue(row, metric),
  };
}

/** Of the run; null where the metric is of something in it. */
function toValue(row: RunRow, metric: AlertMetric): number | null {
  if (metric === 'end_to_end_latency') return Number(row['elapsed']) / 1e6;
  const isCost = metric === 'token_cost_per_task' || metric === 'run_cost';
  return isCost && row['cost'] !== null ? Number(row['cost']) : null;
}

function toNano(ms: number): bigint {
  return BigInt(Math.max(0, Math.floor(ms))) * 1_000_000n;
}
