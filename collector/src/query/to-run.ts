/** Rows of runs as the API tells them. */
import type {
  Finding,
  FindingCount,
  FindingKind,
  FindingSeverity,
  RunDetail,
  RunStatus,
  RunSummary,
  SpanRef,
} from '../contract.ts';
import { findingSeverity } from '../contract.ts';
import { openDuration } from '../store/run-row.ts';
import type { RunRow } from '../store/read-runs.ts';
import {
  count,
  countOrNull,
  listOf,
  numberAt,
  orNull,
  text,
  textAt,
  textOrNull,
  texts,
  toMs,
} from './row-fields.ts';
import { toFinding } from './to-finding.ts';

export function toRunSummary(row: RunRow): RunSummary {
  const ended = text(row, 'ended');
  return {
    runId: text(row, 'run_id'),
    workflow: text(row, 'workflow'),
    workflowVersion: text(row, 'workflow_version'),
    rootName: text(row, 'root_name'),
    rootTraceId: text(row, 'root_trace_id'),
    rootSpanId: text(row, 'root_span_id'),
    status: text(row, 'status_word') as RunStatus,
    statusReason: text(row, 'status_reason'),
    errorType: text(row, 'error_type'),
    pattern: text(row, 'pattern') as RunSummary['pattern'],
    startTimeUnixNano: text(row, 'started'),
    endTimeUnixNano: ended === '0' ? null : ended,
    lastActivityUnixNano: text(row, 'heard'),
    durationMs: count(row, 'elapsed') / 1e6,
    activeMs: count(row, 'active') / 1e6,
    waitingMs: count(row, 'waiting') / 1e6,
    traceCount: count(row, 'trace_count'),
    services: texts(row, 'services'),
    environment: text(row, 'environment'),
    agents: texts(row, 'agents'),
    models: texts(row, 'models'),
    conversationId: text(row, 'conversation_id'),
    userId: text(row, 'user_id'),
    tags: texts(row, 'tags'),
    spanCount: count(row, 'span_count'),
    errorCount: count(row, 'error_count'),
    modelCallCount: count(row, 'model_call_count'),
    toolCallCount: count(row, 'tool_call_count'),
    handoffCount: count(row, 'handoff_count'),
    retryCount: count(row, 'retry_count'),
    tokens: {
      input: countOrNull(row, 'input_tokens'),
      cacheRead: countOrNull(row, 'cache_read_tokens'),
      cacheWrite: countOrNull(row, 'cache_write_tokens'),
      output: countOrNull(row, 'output_tokens'),
      reasoning: countOrNull(row, 'reasoning_tokens'),
    },
    totalTokens: countOrNull(row, 'total_tokens'),
    costUsd: textOrNull(row, 'cost'),
    unpricedCallCount: count(row, 'unpriced_call_count'),
    findings: toFindingCounts(row),
  };
}

const rank = (severity: FindingSeverity): number => findingSeverity.options.indexOf(severity);

function toFindingCounts(row: RunRow): FindingCount[] {
  const severities = texts(row, 'finding_severities') as FindingSeverity[];
  const counts = new Map<string, FindingCount>();
  for (const [at, word] of texts(row, 'finding_kinds').entries()) {
    const kind = word as FindingKind;
    const severity = severities[at] ?? 'info';
    const known = counts.get(kind);
    const worst =
      known !== undefined && rank(known.severity) > rank(severity) ? known.severity : severity;
    counts.set(kind, { kind, severity: worst, count: (known?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => rank(b.severity) - rank(a.severity));
}

export function toRunDetail(row: RunRow): RunDetail {
  const { findings: _, ...summary } = toRunSummary(row);
  return {
    ...summary,
    patternReason: text(row, 'pattern_reason'),
    traceIds: texts(row, 'trace_ids'),
    findings: toFindings(row),
    agentCalls: toAgentCalls(row),
    handoffs: toHandoffs(row),
    breakerTransitions: toTransitions(row),
    queueTakes: toQueueTakes(row),
    criticalPath: toCriticalPath(row, summary.durationMs),
    leftOutSpanCount: count(row, 'left_out_span_count'),
    analysisVersion: count(row, 'analysis_version'),
    analysedAt: new Date(count(row, 'version_ms')).toISOString(),
    failedDetectors: texts(row, 'failed_detectors'),
  };
}

function toFindings(row: RunRow): Finding[] {
  return texts(row, 'finding_kinds').map((kind, at) =>
    toFinding({
      kind,
      variant: textAt(row, 'finding_variants', at),
      severity: textAt(row, 'finding_severities', at),
      subject: textAt(row, 'finding_subjects', at),
      wasteMs: numberAt(row, 'finding_waste_ms', at),
      wasteTokens: numberAt(row, 'finding_waste_tokens', at),
      wasteUsd: orNull(listOf(row, 'finding_waste_paid')[at]),
      details: textAt(row, 'finding_details', at),
    }),
  );
}

function toAgentCalls(row: RunRow): RunDetail['agentCalls'] {
  return texts(row, 'agent_call_agents').map((agent, at) => {
    const lasted = textAt(row, 'agent_call_lasted', at);
    return {
      traceId: traceAt(row, 'agent_call', at),
      spanId: textAt(row, 'agent_call_span_ids', at),
      agent,
      startTimeUnixNano: textAt(row, 'agent_call_times', at),
      durationMs: lasted === openDuration ? null : Number(lasted) / 1e6,
      failed: numberAt(row, 'agent_call_failed', at) === 1,
    };
  });
}

function toHandoffs(row: RunRow): RunDetail['handoffs'] {
  return texts(row, 'handoff_tos').map((to, at) => ({
    traceId: traceAt(row, 'handoff', at),
    spanId: textAt(row, 'handoff_span_ids', at),
    from: textAt(row, 'handoff_froms', at),
    to,
    timeUnixNano: textAt(row, 'handoff_moments', at),
    outcome: textAt(row, 'handoff_outcomes', at) as RunDetail['handoffs'][number]['outcome'],
    latencyMs: toMs(numberAt(row, 'handoff_latencies', at)),
    contextTokens: numberAt(row, 'handoff_context_tokens', at),
  }));
}

function toTransitions(row: RunRow): RunDetail['breakerTransitions'] {
  return texts(row, 'breaker_names').map((breaker, at) => ({
    traceId: traceAt(row, 'breaker', at),
    spanId: textAt(row, 'breaker_span_ids', at),
    breaker,
    state: textAt(row, 'breaker_states', at) as RunDetail['breakerTransitions'][number]['state'],
    timeUnixNano: textAt(row, 'breaker_moments', at),
  }));
}

function toQueueTakes(row: RunRow): RunDetail['queueTakes'] {
  return texts(row, 'queue_names').map((queue, at) => ({
    traceId: traceAt(row, 'queue', at),
    spanId: textAt(row, 'queue_span_ids', at),
    queue,
    timeUnixNano: textAt(row, 'queue_moments', at),
    waitMs: toMs(numberAt(row, 'queue_waits', at)),
    failed: numberAt(row, 'queue_failed', at) === 1,
  }));
}

function toCriticalPath(row: RunRow, durationMs: number): RunDetail['criticalPath'] {
  const slack = text(row, 'slack');
  return {
    shares: texts(row, 'critical_kinds').map((kind, at) => {
      const ms = (numberAt(row, 'critical_durations', at) ?? 0) / 1e6;
      return {
        kind,
        agent: textAt(row, 'critical_agents', at),
        ms,
        share: durationMs > 0 ? ms / durationMs : 0,
        costUsd: textAt(row, 'critical_paid', at),
      };
    }),
    costOnPathUsd: text(row, 'critical_cost'),
    costOffPathUsd: textOrNull(row, 'cost') === null ? null : text(row, 'off_path_cost'),
    slack: slack === '' ? [] : (JSON.parse(slack) as SlackRow[]).map(toSlack),
  };
}

type SlackRow = SpanRef & { readonly name: string; readonly slackNs: number };

function toSlack({ traceId, spanId, name, slackNs }: SlackRow): SpanRef & {
  name: string;
  slackMs: number;
} {
  return { traceId, spanId, name, slackMs: slackNs / 1e6 };
}

function traceAt(row: RunRow, prefix: string, at: number): string {
  return textAt(row, 'trace_ids', numberAt(row, `${prefix}_traces`, at) ?? 0);
}
