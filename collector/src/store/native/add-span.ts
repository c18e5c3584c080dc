/**
 * The only place where a span becomes a row, but for the one pass that reads spans straight from the wire. Nothing a
 * sender wrote may make ClickHouse refuse a row, because it would refuse the whole insert with it: times are clamped,
 * and numbers out of range become NULL or the nearest one.
 */
import { mapperVersion } from '../../mapper-version.ts';
import {
  costSources,
  priceMatches,
  spanStatuses,
  type Attributes,
  type ContentItem,
  type Span,
  type SpanEvent,
  type SpanLink,
  type Usage,
} from '../../span.ts';
import { attributeType, toAttributesJson, toAttributeText } from '../attribute-text.ts';
import { clampTime } from '../clickhouse-time.ts';
import { toTrillionths } from '../decimal-usd.ts';
import type { Stamp } from './batch.ts';
import type { MapColumn } from './nested-columns.ts';
import type { Int64Column, NullableColumn } from './number-columns.ts';
import type { ContentColumns, SpanColumns } from './span-columns.ts';
import type { TableBatch } from './table-batch.ts';
import type { LowCardinalityColumn, StringColumn } from './text-columns.ts';

export function addSpan(
  spans: TableBatch<SpanColumns>,
  content: TableBatch<ContentColumns>,
  span: Span,
  stamp: Stamp,
): void {
  const row = spans.addRow();
  const { columns } = spans;
  setIdentity(columns, row, span);
  setNames(columns, row, span);
  setUsage(columns, row, span.usage);
  setCost(columns, row, span);
  setNumbers(columns, row, span);
  setAttributes(columns.attributes, columns.attribute_types, row, span.attributes);
  setAttributes(
    columns.resource_attributes,
    columns.resource_attribute_types,
    row,
    span.resourceAttributes,
  );
  setAttributes(columns.scope_attributes, columns.scope_attribute_types, row, span.scopeAttributes);
  setEvents(columns, row, span.events);
  setLinks(columns, row, span.links);
  columns.mapper_version.set(row, mapperVersion);
  columns.retention_days.set(row, stamp.retentionDays);
  columns.received_at.set(row, stamp.receivedUnixSeconds);
  for (const [position, item] of span.content.entries()) {
    addContent(content, span, item, position, stamp);
  }
}

/** The higher one wins. A running span has 0: any ended copy replaces it. */
export function toVersion(endTimeUnixNano: bigint): bigint {
  const largest = 18_446_744_073_709_551_615n;
  if (endTimeUnixNano < 0n) return 0n;
  return endTimeUnixNano > largest ? largest : endTimeUnixNano;
}

function setIdentity(columns: SpanColumns, row: number, span: Span): void {
  columns.project_id.set(row, span.projectId);
  columns.trace_id.set(row, span.traceId);
  columns.span_id.set(row, span.spanId);
  columns.parent_span_id.set(row, span.parentSpanId);
  columns.otel_kind.set(row, toWhole(span.otelKind, 0, 255));
  columns.start_time.setBigInt(row, clampTime(span.startTimeUnixNano));
  columns.version.setBigInt(row, toVersion(span.endTimeUnixNano));
  columns.status.set(row, spanStatuses.indexOf(span.status));
  columns.flags.set(row, toWhole(span.flags, 0, 65_535));
}

/** Column -> what it shows of a span; a text that is empty is the column's default, and not written. */
const texts = [
  ['trace_state', 'traceState'],
  ['name', 'name'],
  ['kind', 'kind'],
  ['raw_kind', 'rawKind'],
  ['dialect', 'dialect'],
  ['status_message', 'statusMessage'],
  ['error_type', 'errorType'],
  ['service_name', 'serviceName'],
  ['scope_name', 'scopeName'],
  ['scope_version', 'scopeVersion'],
  ['run_id', 'runId'],
  ['workflow_name', 'workflowName'],
  ['agent_name', 'agentName'],
  ['tool_name', 'toolName'],
  ['tool_call_id', 'toolCallId'],
  ['conversation_id', 'conversationId'],
  ['user_id', 'userId'],
  ['provider', 'provider'],
  ['model_requested', 'modelRequested'],
  ['model_answered', 'modelAnswered'],
  ['response_id', 'responseId'],
  ['handoff_from', 'handoffFrom'],
  ['handoff_to', 'handoffTo'],
] as const;

function setNames(columns: SpanColumns, row: number, span: Span): void {
  for (const [column, field] of texts) {
    const text = span[field];
    if (text !== '') columns[column].set(row, text);
  }
  if (span.finishReasons.length === 0) return;
  for (const reason of span.finishReasons) columns.finish_reasons.items.push(reason);
  columns.finish_reasons.end(row);
}

function setUsage(columns: SpanColumns, row: number, usage: Usage): void {
  setTokens(columns.input_tokens, row, usage.inputTokens);
  setTokens(columns.output_tokens, row, usage.outputTokens);
  setTokens(columns.cache_read_tokens, row, usage.cacheReadTokens);
  setTokens(columns.cache_write_tokens, row, usage.cacheWriteTokens);
  setTokens(columns.reasoning_tokens, row, usage.reasoningTokens);
}

/** A count that is no whole number from 0 to 2^53 is not a count: unknown, rather than wrong in every sum. */
export function setTokens(
  column: NullableColumn<Int64Column>,
  row: number,
  count: number | null,
): void {
  if (count === null || !Number.isSafeInteger(count) || count < 0) return;
  column.setPresent(row).setNumber(row, count);
}

function setCost(columns: SpanColumns, row: number, span: Span): void {
  setUsd(columns.cost_usd, row, span.costUsd);
  setUsd(columns.computed_cost_usd, row, span.computedCostUsd);
  columns.cost_source.set(row, costSources.indexOf(span.costSource));
  columns.price_match.set(row, priceMatches.indexOf(span.priceMatch));
  if (span.priceVersion !== '') columns.price_version.set(row, span.priceVersion);
}

export function setUsd(column: NullableColumn<Int64Column>, row: number, usd: string | null): void {
  const trillionths = usd === null ? null : toTrillionths(usd);
  if (trillionths !== null) column.setPresent(row).setBigInt(row, trillionths);
}

function setNumbers(columns: SpanColumns, row: number, span: Span): void {
  const { timeToFirstChunk } = span;
  if (timeToFirstChunk !== null && Number.isFinite(timeToFirstChunk)) {
    columns.time_to_first_chunk.setPresent(row).set(row, timeToFirstChunk);
  }
  columns.step_index.set(row, toWhole(span.stepIndex, -2_147_483_648, 2_147_483_647));
  for (const [column, field] of counts) {
    const count = toWhole(span[field], 0, 4_294_967_295);
    if (count !== 0) columns[column].set(row, count);
  }
}

const counts = [
  ['attempt', 'attempt'],
  ['loop_iteration', 'loopIteration'],
  ['dropped_attributes', 'droppedAttributes'],
  ['dropped_events', 'droppedEvents'],
  ['dropped_links', 'droppedLinks'],
] as const;

export function toWhole(value: number, least: number, most: number): number {
  return Number.isNaN(value) ? 0 : Math.min(most, Math.max(least, Math.trunc(value)));
}

type Values = MapColumn<LowCardinalityColumn, StringColumn | LowCardinalityColumn>;
type Types = MapColumn<LowCardinalityColumn, LowCardinalityColumn>;

/** Values as text; types name only what is not a string. */
export function setAttributes(
  values: Values,
  types: Types,
  row: number,
  attributes: Attributes,
): void {
  if (attributes.size === 0) return;
  let hasTypes = false;
  for (const [key, value] of attributes) {
    values.keys.push(key);
    values.values.push(toAttributeText(value));
    const type = attributeType(value);
    if (type === 'string') continue;
    types.keys.push(key);
    types.values.push(type);
    hasTypes = true;
  }
  values.end(row);
  if (hasTypes) types.end(row);
}

export function setEvents(columns: SpanColumns, row: number, events: readonly SpanEvent[]): void {
  if (events.length === 0) return;
  for (const event of events) {
    const time = clampTime(event.timeUnixNano);
    columns.event_times.items.setBigInt(columns.event_times.items.rows, time);
    columns.event_names.items.push(event.name);
    columns.event_attributes.items.push(toAttributesJson(event.attributes));
  }
  columns.event_times.end(row);
  columns.event_names.end(row);
  columns.event_attributes.end(row);
}

export function setLinks(columns: SpanColumns, row: number, links: readonly SpanLink[]): void {
  if (links.length === 0) return;
  for (const link of links) {
    columns.link_trace_ids.items.push(link.traceId);
    columns.link_span_ids.items.push(link.spanId);
    columns.link_rels.items.push(link.rel);
    columns.link_attributes.items.push(toAttributesJson(link.attributes));
  }
  columns.link_trace_ids.end(row);
  columns.link_span_ids.end(row);
  columns.link_rels.end(row);
  columns.link_attributes.end(row);
}

function addContent(
  content: TableBatch<ContentColumns>,
  span: Span,
  item: ContentItem,
  position: number,
  stamp: Stamp,
): void {
  const row = content.addRow();
  const { columns } = content;
  columns.project_id.set(row, span.projectId);
  if (span.conversationId !== '') columns.conversation_id.set(row, span.conversationId);
  columns.trace_id.set(row, span.traceId);
  columns.span_id.set(row, span.spanId);
  columns.start_time.setBigInt(row, clampTime(span.startTimeUnixNano));
  columns.version.setBigInt(row, toVersion(span.endTimeUnixNano));
  columns.position.set(row, toWhole(position, 0, 65_535));
  columns.slot.set(row, item.slot);
  columns.key.set(row, item.key);
  columns.format.set(row, item.format);
  columns.body.set(row, item.body);
  columns.mapper_version.set(row, mapperVersion);
  columns.retention_days.set(row, stamp.contentRetentionDays);
  columns.received_at.set(row, stamp.receivedUnixSeconds);
}
