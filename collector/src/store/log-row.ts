/** The only place where a row becomes a log record again. */
import type { Evaluation, LogFact, LogRecord } from '../log-record.ts';
import type { ContentItem, ContentSlot, CostSource, PriceMatch } from '../span.ts';
import { fromAttributeText } from './attribute-text.ts';
import {
  count,
  countOrNull,
  mapColumns,
  text,
  textOrNull,
  texts,
  toAttributes,
  type SpanRow,
} from './from-row.ts';

/** What to select, so that `fromLogRow` can read it. Times are text, since JSON numbers cannot hold them. */
export const logRowColumns = `
  project_id, trace_id, span_id, toString(toUnixTimestamp64Nano(time)) AS unix_nano,
  toString(toUnixTimestamp64Nano(observed_time)) AS observed_unix_nano, position, severity_number, severity_text,
  event_name, trace_flags, flags, body, body_type, ${mapColumns('attribute')}, ${mapColumns('resource_attribute')},
  ${mapColumns('scope_attribute')}, dropped_attributes, service_name, scope_name, scope_version, dialect,
  toString(fact) AS fact_word, conversation_id, user_id, agent_name, provider, model_requested, model_answered, tool_name,
  tool_call_id, response_id, error_type, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
  reasoning_tokens, toString(cost_usd) AS cost, cost_source, toString(computed_cost_usd) AS computed_cost, price_version,
  price_match, duration_ms, evaluation_name, evaluation_score, evaluation_label, evaluation_explanation,
  content_slots, content_keys, content_formats, content_bodies, message_slot, toString(identity) AS id`;

/** A record and the name it has in the store: the same after every retry of its sender. */
export type StoredLog = LogRecord & { readonly id: string };

export function fromLogRow(row: SpanRow): StoredLog {
  const fact = text(row, 'fact_word') as LogFact;
  return {
    id: text(row, 'id'),
    projectId: text(row, 'project_id'),
    traceId: text(row, 'trace_id'),
    spanId: text(row, 'span_id'),
    timeUnixNano: BigInt(text(row, 'unix_nano')),
    observedTimeUnixNano: BigInt(text(row, 'observed_unix_nano')),
    position: count(row, 'position'),
    severityNumber: count(row, 'severity_number'),
    severityText: text(row, 'severity_text'),
    eventName: text(row, 'event_name'),
    traceFlags: count(row, 'trace_flags'),
    flags: count(row, 'flags'),
    body: fromAttributeText(text(row, 'body_type') || 'string', text(row, 'body')),
    attributes: toAttributes(row, 'attribute'),
    resourceAttributes: toAttributes(row, 'resource_attribute'),
    scopeAttributes: toAttributes(row, 'scope_attribute'),
    droppedAttributes: count(row, 'dropped_attributes'),
    serviceName: text(row, 'service_name'),
    scopeName: text(row, 'scope_name'),
    scopeVersion: text(row, 'scope_version'),
    dialect: text(row, 'dialect'),
    fact,
    conversationId: text(row, 'conversation_id'),
    userId: text(row, 'user_id'),
    agentName: text(row, 'agent_name'),
    provider: text(row, 'provider'),
    modelRequested: text(row, 'model_requested'),
    modelAnswered: text(row, 'model_answered'),
    toolName: text(row, 'tool_name'),
    toolCallId: text(row, 'tool_call_id'),
    responseId: text(row, 'response_id'),
    errorType: text(row, 'error_type'),
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
    durationMs: countOrNull(row, 'duration_ms'),
    evaluation: fact === 'evaluation' ? toEvaluation(row) : null,
    content: toContent(row),
    messageSlot: text(row, 'message_slot') as ContentSlot | '',
  };
}

function toEvaluation(row: SpanRow): Evaluation {
  return {
    name: text(row, 'evaluation_name'),
    score: countOrNull(row, 'evaluation_score'),
    label: text(row, 'evaluation_label'),
    explanation: text(row, 'evaluation_explanation'),
  };
}

function toContent(row: SpanRow): ContentItem[] {
  const keys = texts(row, 'content_keys');
  const formats = texts(row, 'content_formats') as readonly ContentItem['format'][];
  const bodies = texts(row, 'content_bodies');
  return (texts(row, 'content_slots') as readonly ContentSlot[]).map((slot, at) => ({
    slot,
    key: keys[at] ?? '',
    format: formats[at] ?? 'text',
    body: bodies[at] ?? '',
  }));
}
