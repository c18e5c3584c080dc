/** A run as a row: the only place that knows both. Times are text, as JSON numbers cannot hold them. */
import type { Finding, Run, SpanRef } from '../run.ts';
import { clampTime } from './clickhouse-time.ts';
import { toDecimalText } from './decimal-usd.ts';

export type RunStamp = {
  /** Milliseconds since the epoch; higher than that of every verdict before. */
  readonly version: number;
  /** 0 = for ever. */
  readonly retentionDays: number;
};

/** Of a duration that has not ended. */
export const openDuration = '18446744073709551615';

export function toRunRow(run: Run, { version, retentionDays }: RunStamp): Record<string, unknown> {
  return {
    project_id: run.projectId,
    run_id: run.runId,
    version,
    is_deleted: 0,
    analysis_version: run.analysisVersion,
    workflow: run.workflow,
    workflow_version: run.workflowVersion,
    root_name: run.rootName,
    root_trace_id: run.rootTraceId,
    root_span_id: run.rootSpanId,
    status: run.status,
    status_reason: run.statusReason,
    error_type: run.errorType,
    pattern: run.pattern,
    pattern_reason: run.patternReason,
    start_time: toTime(run.startUnixNano),
    end_time: toTime(run.endUnixNano),
    last_activity: toTime(run.lastActivityUnixNano),
    duration_ns: toWhole(run.durationNs),
    active_ns: toWhole(run.activeNs),
    waiting_ns: toWhole(run.waitingNs),
    trace_ids: run.traceIds,
    services: run.services,
    service_version: run.serviceVersion,
    environment: run.environment,
    agents: run.agents,
    models: run.models,
    tools: run.tools,
    conversation_id: run.conversationId,
    user_id: run.userId,
    tags: run.tags,
    span_count: run.spanCount,
    left_out_span_count: run.leftOutSpanCount,
    error_count: run.errorCount,
    tool_call_count: run.toolCallCount,
    failed_tool_call_count: run.failedToolCallCount,
    retry_count: run.retryCount,
    input_tokens: run.tokens.input,
    cache_read_tokens: run.tokens.cacheRead,
    cache_write_tokens: run.tokens.cacheWrite,
    output_tokens: run.tokens.output,
    reasoning_tokens: run.tokens.reasoning,
    cost_usd: toUsd(run.costTrillionths),
    unpriced_call_count: run.unpricedCallCount,
    ...toAgentColumns(run),
    ...toModelColumns(run),
    ...toHandoffColumns(run),
    ...toBreakerColumns(run),
    ...toQueueColumns(run),
    ...toCriticalColumns(run),
    ...toFindingColumns(run),
    failed_detectors: run.failedDetectors,
    retention_days: retentionDays,
  };
}

function toAgentColumns({ agentCalls: calls, traceIds }: Run): Record<string, unknown> {
  return {
    agent_call_agents: calls.map(({ agent }) => agent),
    agent_call_starts: calls.map(({ startUnixNano }) => toTime(startUnixNano)),
    agent_call_durations: calls.map(({ durationNs }) => toWhole(durationNs) ?? openDuration),
    agent_call_failed: calls.map(({ failed }) => Number(failed)),
    agent_call_traces: toPlaces(calls, traceIds),
    agent_call_span_ids: calls.map(({ spanId }) => spanId),
  };
}

function toModelColumns({ modelCalls: calls }: Run): Record<string, unknown> {
  return {
    model_call_models: calls.map(({ model }) => model),
    model_call_providers: calls.map(({ provider }) => provider),
    model_call_agents: calls.map(({ agent }) => agent),
    model_call_starts: calls.map(({ startUnixNano }) => toTime(startUnixNano)),
    model_call_durations: calls.map(({ durationNs }) => toWhole(durationNs) ?? openDuration),
    model_call_failed: calls.map(({ failed }) => Number(failed)),
    model_call_first_tokens: calls.map(({ firstTokenNs }) => toWhole(firstTokenNs)),
    model_call_input_tokens: calls.map(({ tokens }) => tokens.input),
    model_call_cache_read_tokens: calls.map(({ tokens }) => tokens.cacheRead),
    model_call_cache_write_tokens: calls.map(({ tokens }) => tokens.cacheWrite),
    model_call_output_tokens: calls.map(({ tokens }) => tokens.output),
    model_call_reasoning_tokens: calls.map(({ tokens }) => tokens.reasoning),
    model_call_costs: calls.map(({ costTrillionths }) => toUsd(costTrillionths)),
    model_call_tools: calls.map(({ tool }) => tool),
    model_call_cost_sources: calls.map(({ costSource }) => costSource),
    model_call_computed_costs: calls.map(({ computedTrillionths }) => toUsd(computedTrillionths)),
    model_call_price_matches: calls.map(({ priceMatch }) => priceMatch),
    model_call_waste_classes: calls.map(({ waste }) => waste?.class ?? ''),
    model_call_waste_tokens: calls.map(({ waste }) => toWhole(waste?.tokens ?? 0)),
  };
}

function toHandoffColumns({ handoffs, traceIds }: Run): Record<string, unknown> {
  return {
    handoff_froms: handoffs.map(({ from }) => from),
    handoff_tos: handoffs.map(({ to }) => to),
    handoff_times: handoffs.map(({ timeUnixNano }) => toTime(timeUnixNano)),
    handoff_outcomes: handoffs.map(({ outcome }) => outcome),
    handoff_latencies: handoffs.map(({ latencyNs }) => toWhole(latencyNs)),
    handoff_context_tokens: handoffs.map(({ contextTokens }) => toWhole(contextTokens)),
    handoff_traces: toPlaces(handoffs, traceIds),
    handoff_span_ids: handoffs.map(({ spanId }) => spanId),
  };
}

function toBreakerColumns({
  breakerTransitions: transitions,
  traceIds,
}: Run): Record<string, unknown> {
  return {
    breaker_names: transitions.map(({ breaker }) => breaker),
    breaker_states: transitions.map(({ state }) => state),
    breaker_times: transitions.map(({ timeUnixNano }) => toTime(timeUnixNano)),
    breaker_traces: toPlaces(transitions, traceIds),
    breaker_span_ids: transitions.map(({ spanId }) => spanId),
  };
}

function toQueueColumns({ queueTakes: takes, traceIds }: Run): Record<string, unknown> {
  return {
    queue_names: takes.map(({ queue }) => queue),
    queue_times: takes.map(({ timeUnixNano }) => toTime(timeUnixNano)),
    queue_waits: takes.map(({ waitNs }) => toWhole(waitNs)),
    queue_failed: takes.map(({ failed }) => Number(failed)),
    queue_traces: toPlaces(takes, traceIds),
    queue_span_ids: takes.map(({ spanId }) => spanId),
  };
}

function toCriticalColumns({ criticalPath }: Run): Record<string, unknown> {
  const { shares, slack, costOnPathTrillionths } = criticalPath;
  return {
    critical_kinds: shares.map(({ kind }) => kind),
    critical_agents: shares.map(({ agent }) => agent),
    critical_durations: shares.map(({ ns }) => toWhole(ns)),
    critical_costs: shares.map(({ costTrillionths }) => toUsd(costTrillionths)),
    critical_cost_usd: toUsd(costOnPathTrillionths),
    slack: slack.length === 0 ? '' : JSON.stringify(slack),
  };
}

function toFindingColumns({ findings }: Run): Record<string, unknown> {
  return {
    finding_kinds: findings.map(({ kind }) => kind),
    finding_variants: findings.map(({ variant }) => variant),
    finding_severities: findings.map(({ severity }) => severity),
    finding_subjects: findings.map(({ subject }) => subject),
    finding_waste_ms: findings.map(({ waste }) => waste.ms),
    finding_waste_tokens: findings.map(({ waste }) => toWhole(waste.tokens)),
    finding_waste_usd: findings.map(({ waste }) => toUsd(waste.costTrillionths)),
    finding_details: findings.map(toDetails),
  };
}

/** A run has few traces and many spans. */
function toPlaces(refs: readonly SpanRef[], traceIds: readonly string[]): number[] {
  const places = new Map(traceIds.map((traceId, at) => [traceId, at]));
  return refs.map(({ traceId }) => places.get(traceId) ?? 0);
}

/** What only a person who opens the finding reads. */
export type FindingDetails = Pick<
  Finding,
  'sentence' | 'advice' | 'spans' | 'spanCount' | 'threshold'
>;

function toDetails({ sentence, advice, spans, spanCount, threshold }: Finding): string {
  return JSON.stringify({ sentence, advice, spans, spanCount, threshold } satisfies FindingDetails);
}

/** Senders tell seconds as doubles: what becomes of them need not be a whole number of nanoseconds. */
function toWhole(value: number | null): number | null {
  if (value === null || !Number.isFinite(value)) return null;
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.round(value)));
}

function toUsd(trillionths: bigint | null): string | null {
  return trillionths === null ? null : toDecimalText(trillionths);
}

/** As ClickHouse reads a time without a guess about zones or units. */
export function toTime(unixNano: bigint): string {
  const kept = clampTime(unixNano);
  const seconds = new Date(Number(kept / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds.replace('T', ' ')}.${String(kept % 1_000_000_000n).padStart(9, '0')}`;
}
