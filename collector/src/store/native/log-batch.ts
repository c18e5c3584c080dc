/** The only place where a log record becomes a row. Nothing a sender wrote may make ClickHouse refuse it. */
import { logFacts, type LogRecord } from '../../log-record.ts';
import { mapperVersion } from '../../mapper-version.ts';
import { costSources, priceMatches, type ContentItem, type Usage } from '../../span.ts';
import { attributeType, toAttributeText } from '../attribute-text.ts';
import { clampTime } from '../clickhouse-time.ts';
import { setAttributes, setTokens, setUsd, toWhole } from './add-span.ts';
import type { Stamp } from './batch.ts';
import type { LogColumns } from './log-columns.ts';
import type { NullableColumn, NumberColumn } from './number-columns.ts';
import type { TableBatch } from './table-batch.ts';

export function addLog(logs: TableBatch<LogColumns>, record: LogRecord, stamp: Stamp): void {
  const row = logs.addRow();
  const { columns } = logs;
  columns.project_id.set(row, record.projectId);
  columns.time.setBigInt(row, clampTime(record.timeUnixNano));
  if (record.observedTimeUnixNano > 0n) {
    columns.observed_time.setBigInt(row, clampTime(record.observedTimeUnixNano));
  }
  columns.position.set(row, toWhole(record.position, 0, 4_294_967_295));
  columns.severity_number.set(row, toWhole(record.severityNumber, 0, 255));
  columns.trace_flags.set(row, toWhole(record.traceFlags, 0, 4_294_967_295));
  columns.flags.set(row, toWhole(record.flags, 0, 65_535));
  columns.dropped_attributes.set(row, toWhole(record.droppedAttributes, 0, 4_294_967_295));
  columns.fact.set(row, logFacts.indexOf(record.fact));
  setTexts(columns, row, record);
  setBody(columns, row, record);
  setMaps(columns, row, record);
  setUsage(columns, row, record.usage);
  setCost(columns, row, record);
  setFinite(columns.duration_ms, row, record.durationMs);
  setEvaluation(columns, row, record);
  setContent(columns, row, record.content);
  columns.mapper_version.set(row, mapperVersion);
  columns.retention_days.set(row, retentionOf(record, stamp));
  columns.received_at.set(row, stamp.receivedUnixSeconds);
}

/** Column -> field; a text that is empty is the column's default, and not written. */
const texts = [
  ['trace_id', 'traceId'],
  ['span_id', 'spanId'],
  ['severity_text', 'severityText'],
  ['event_name', 'eventName'],
  ['service_name', 'serviceName'],
  ['scope_name', 'scopeName'],
  ['scope_version', 'scopeVersion'],
  ['dialect', 'dialect'],
  ['conversation_id', 'conversationId'],
  ['user_id', 'userId'],
  ['agent_name', 'agentName'],
  ['provider', 'provider'],
  ['model_requested', 'modelRequested'],
  ['model_answered', 'modelAnswered'],
  ['tool_name', 'toolName'],
  ['tool_call_id', 'toolCallId'],
  ['response_id', 'responseId'],
  ['error_type', 'errorType'],
  ['price_version', 'priceVersion'],
  ['message_slot', 'messageSlot'],
] as const;

function setTexts(columns: LogColumns, row: number, record: LogRecord): void {
  for (const [column, field] of texts) {
    const text = record[field];
    if (text !== '') columns[column].set(row, text);
  }
}

function setBody(columns: LogColumns, row: number, { body }: LogRecord): void {
  const text = toAttributeText(body);
  if (text !== '') columns.body.set(row, text);
  const type = attributeType(body);
  if (type !== 'string') columns.body_type.set(row, type);
}

function setMaps(columns: LogColumns, row: number, record: LogRecord): void {
  setAttributes(columns.attributes, columns.attribute_types, row, record.attributes);
  setAttributes(
    columns.resource_attributes,
    columns.resource_attribute_types,
    row,
    record.resourceAttributes,
  );
  setAttributes(
    columns.scope_attributes,
    columns.scope_attribute_types,
    row,
    record.scopeAttributes,
  );
}

function setUsage(columns: LogColumns, row: number, usage: Usage): void {
  setTokens(columns.input_tokens, row, usage.inputTokens);
  setTokens(columns.output_tokens, row, usage.outputTokens);
  setTokens(columns.cache_read_tokens, row, usage.cacheReadTokens);
  setTokens(columns.cache_write_tokens, row, usage.cacheWriteTokens);
  setTokens(columns.reasoning_tokens, row, usage.reasoningTokens);
}

function setCost(columns: LogColumns, row: number, record: LogRecord): void {
  setUsd(columns.cost_usd, row, record.costUsd);
  setUsd(columns.computed_cost_usd, row, record.computedCostUsd);
  const source = costSources.indexOf(record.costSource);
  if (source > 0) columns.cost_source.set(row, source);
  const match = priceMatches.indexOf(record.priceMatch);
  if (match > 0) columns.price_match.set(row, match);
}

function setEvaluation(columns: LogColumns, row: number, { evaluation }: LogRecord): void {
  if (evaluation === null) return;
  columns.evaluation_name.set(row, evaluation.name);
  setFinite(columns.evaluation_score, row, evaluation.score);
  columns.evaluation_label.set(row, evaluation.label);
  columns.evaluation_explanation.set(row, evaluation.explanation);
}

function setContent(columns: LogColumns, row: number, content: readonly ContentItem[]): void {
  if (content.length === 0) return;
  for (const { slot, key, format, body } of content) {
    columns.content_slots.items.push(slot);
    columns.content_keys.items.push(key);
    columns.content_formats.items.push(format);
    columns.content_bodies.items.push(body);
  }
  columns.content_slots.end(row);
  columns.content_keys.end(row);
  columns.content_formats.end(row);
  columns.content_bodies.end(row);
}

export function setFinite(
  column: NullableColumn<NumberColumn>,
  row: number,
  value: number | null,
): void {
  if (value !== null && Number.isFinite(value)) column.setPresent(row).set(row, value);
}

/** What carries messages is kept no longer than messages are; 0 days are for ever. */
function retentionOf({ content, messageSlot }: LogRecord, stamp: Stamp): number {
  const { retentionDays, contentRetentionDays } = stamp;
  if (content.length === 0 && messageSlot === '') return retentionDays;
  if (contentRetentionDays === 0 || retentionDays === 0)
    return Math.max(retentionDays, contentRetentionDays);
  return Math.min(retentionDays, contentRetentionDays);
}
