/** The only place where a row becomes a span again. */
import type {
  Attributes,
  AttributeValue,
  ContentItem,
  CostSource,
  PriceMatch,
  Span,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanStatus,
} from '../span.ts';
import { fromAttributesJson, fromAttributeText } from './attribute-text.ts';

/** What to select, so that `fromSpanRow` can read it. Times are text, since JSON numbers cannot hold them. */
export const spanRowColumns = `
  project_id, trace_id, span_id, parent_span_id, trace_state, name, kind, raw_kind, dialect, otel_kind,
  toString(toUnixTimestamp64Nano(start_time)) AS start_unix_nano, toString(version) AS end_unix_nano,
  mapper_version,
  toString(status) AS status_word, status_message, error_type, flags, service_name, scope_name, scope_version,
  run_id, workflow_name, agent_name, tool_name, tool_call_id, conversation_id, user_id, provider,
  model_requested, model_answered, response_id, finish_reasons,
  input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
  toString(cost_usd) AS cost, cost_source, toString(computed_cost_usd) AS computed_cost, price_version, price_match,
  time_to_first_chunk, attempt, loop_iteration, step_index, handoff_from, handoff_to,
  ${mapColumns('attribute')}, ${mapColumns('resource_attribute')}, ${mapColumns('scope_attribute')},
  arrayMap(t -> toString(toUnixTimestamp64Nano(t)), event_times) AS event_unix_nanos, event_names, event_attributes,
  link_trace_ids, link_span_ids, link_rels, link_attributes, dropped_attributes, dropped_events, dropped_links`;

export type SpanRow = Readonly<Record<string, unknown>>;

export type ContentRow = Pick<ContentItem, 'slot' | 'key' | 'format' | 'body'>;

/** Content travels apart: most readers do not want it. */
export function fromSpanRow(row: SpanRow, content: readonly ContentRow[]): Span {
  return {
    projectId: text(row, 'project_id'),
    traceId: text(row, 'trace_id'),
    spanId: text(row, 'span_id'),
    parentSpanId: text(row, 'parent_span_id'),
    traceState: text(row, 'trace_state'),
    name: text(row, 'name'),
    kind: text(row, 'kind') as SpanKind,
    rawKind: text(row, 'raw_kind'),
    dialect: text(row, 'dialect'),
    otelKind: count(row, 'otel_kind'),
    startTimeUnixNano: BigInt(text(row, 'start_unix_nano')),
    endTimeUnixNano: BigInt(text(row, 'end_unix_nano')),
    status: text(row, 'status_word') as SpanStatus,
    statusMessage: text(row, 'status_message'),
    errorType: text(row, 'error_type'),
    flags: count(row, 'flags'),
    serviceName: text(row, 'service_name'),
    scopeName: text(row, 'scope_name'),
    scopeVersion: text(row, 'scope_version'),
    runId: text(row, 'run_id'),
    workflowName: text(row, 'workflow_name'),
    agentName: text(row, 'agent_name'),
    toolName: text(row, 'tool_name'),
    toolCallId: text(row, 'tool_call_id'),
    conversationId: text(row, 'conversation_id'),
    userId: text(row, 'user_id'),
    provider: text(row, 'provider'),
    modelRequested: text(row, 'model_requested'),
    modelAnswered: text(row, 'model_answered'),
    responseId: text(row, 'response_id'),
    finishReasons: texts(row, 'finish_reasons'),
    usage: {
      inputTokens: countOrNull(row, 'input_tokens'),
      outputTokens: countOrNull(row, 'output_tokens'),
      cacheReadTokens: countOrNull(row, 'cache_read_tokens'),
      cacheWriteTokens: countOrNull(row, 'cache_write_tokens'),
      reasoningTokens: countOrNull(row, 'reasoning_tokens'),
    },
    costUsd: textOrNull(row, 'cost'),
    costSource: text(row, 'cost_source') as CostSource,
    computedCostUsd: textOrNull(row, 'computed_cost'),
    priceVersion: text(row, 'price_version'),
    priceMatch: text(row, 'price_match') as PriceMatch,
    timeToFirstChunk: countOrNull(row, 'time_to_first_chunk'),
    attempt: count(row, 'attempt'),
    loopIteration: count(row, 'loop_iteration'),
    stepIndex: count(row, 'step_index'),
    handoffFrom: text(row, 'handoff_from'),
    handoffTo: text(row, 'handoff_to'),
    attributes: toAttributes(row, 'attribute'),
    resourceAttributes: toAttributes(row, 'resource_attribute'),
    scopeAttributes: toAttributes(row, 'scope_attribute'),
    events: toEvents(row),
    links: toLinks(row),
    content: content.map(({ slot, key, format, body }) => ({ slot, key, format, body })),
    droppedAttributes: count(row, 'dropped_attributes'),
    droppedEvents: count(row, 'dropped_events'),
    droppedLinks: count(row, 'dropped_links'),
  };
}

/** Keys and values apart: as a JSON object a map would lose its order and its repeated keys. */
export function mapColumns(name: string): string {
  return (
    `mapKeys(${name}s) AS ${name}_keys, mapValues(${name}s) AS ${name}_values, ` +
    `mapKeys(${name}_types) AS ${name}_type_keys, mapValues(${name}_types) AS ${name}_type_values`
  );
}

export function toAttributes(row: SpanRow, name: string): Attributes {
  const typeNames = texts(row, `${name}_type_values`);
  const types = new Map(texts(row, `${name}_type_keys`).map((key, at) => [key, typeNames[at]]));
  const values = texts(row, `${name}_values`);
  return new Map(
    texts(row, `${name}_keys`).map((key, at): [string, AttributeValue] => [
      key,
      fromAttributeText(types.get(key) ?? 'string', values[at] ?? ''),
    ]),
  );
}

function toEvents(row: SpanRow): SpanEvent[] {
  const times = texts(row, 'event_unix_nanos');
  const attributes = texts(row, 'event_attributes');
  return texts(row, 'event_names').map((name, at) => ({
    name,
    timeUnixNano: BigInt(times[at] ?? '0'),
    attributes: fromAttributesJson(attributes[at] ?? ''),
  }));
}

function toLinks(row: SpanRow): SpanLink[] {
  const spanIds = texts(row, 'link_span_ids');
  const rels = texts(row, 'link_rels');
  const attributes = texts(row, 'link_attributes');
  return texts(row, 'link_trace_ids').map((traceId, at) => ({
    traceId,
    spanId: spanIds[at] ?? '',
    rel: rels[at] ?? '',
    attributes: fromAttributesJson(attributes[at] ?? ''),
  }));
}

export function text(row: SpanRow, name: string): string {
  return String(row[name] ?? '');
}

export function textOrNull(row: SpanRow, name: string): string | null {
  return row[name] === null ? null : text(row, name);
}

export function texts(row: SpanRow, name: string): readonly string[] {
  const value = row[name];
  if (!Array.isArray(value)) throw new Error(`read column ${name}: not an array`);
  return value as readonly string[];
}

/** 64-bit integers arrive as text. */
export function count(row: SpanRow, name: string): number {
  return Number(row[name]);
}

export function countOrNull(row: SpanRow, name: string): number | null {
  return row[name] === null ? null : Number(row[name]);
}
