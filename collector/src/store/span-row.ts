/**
 * The only place where a span becomes rows. Rows are JSON text built by hand, never objects: an attribute may be
 * called `__proto__`. Nothing a sender wrote may make ClickHouse refuse a row, because it would refuse the whole
 * insert with it; so times are clamped, numbers out of range become NULL or the nearest one, and halves of surrogate
 * pairs become U+FFFD.
 */
import { mapperVersion } from '../mapper-version.ts';
import type { Attributes, ContentItem, Span } from '../span.ts';
import {
  attributeType,
  toAttributesJson,
  toAttributeText,
  toJsonString,
} from './attribute-text.ts';
import { toDateTime64 } from './clickhouse-time.ts';

/** One line of `JSONEachRow` for the table `spans`. */
export function toSpanRow(span: Span): string {
  return toRow(spanColumns, span);
}

/** Lines of `JSONEachRow` for the table `content`. */
export function toContentRows(span: Span): string[] {
  return span.content.map((item, position) => toRow(contentColumns, { span, item, position }));
}

/** The higher one wins. A running span has 0: any ended copy replaces it. */
export function toVersion(span: Span): bigint {
  const largest = 18_446_744_073_709_551_615n;
  if (span.endTimeUnixNano < 0n) return 0n;
  return span.endTimeUnixNano > largest ? largest : span.endTimeUnixNano;
}

type Columns<T> = readonly (readonly [name: string, toJson: (source: T) => string])[];

const spanColumns: Columns<Span> = [
  ['project_id', (span) => toJsonString(span.projectId)],
  ['trace_id', (span) => toJsonString(span.traceId)],
  ['span_id', (span) => toJsonString(span.spanId)],
  ['parent_span_id', (span) => toJsonString(span.parentSpanId)],
  ['trace_state', (span) => toJsonString(span.traceState)],
  ['name', (span) => toJsonString(span.name)],
  ['kind', (span) => toJsonString(span.kind)],
  ['raw_kind', (span) => toJsonString(span.rawKind)],
  ['dialect', (span) => toJsonString(span.dialect)],
  ['otel_kind', (span) => toUnsigned(span.otelKind, 255)],
  ['start_time', (span) => toTime(span.startTimeUnixNano)],
  ['version', (span) => toVersion(span).toString()],
  ['mapper_version', () => String(mapperVersion)],
  ['status', (span) => toJsonString(span.status)],
  ['status_message', (span) => toJsonString(span.statusMessage)],
  ['error_type', (span) => toJsonString(span.errorType)],
  ['flags', (span) => toUnsigned(span.flags, 65_535)],
  ['service_name', (span) => toJsonString(span.serviceName)],
  ['scope_name', (span) => toJsonString(span.scopeName)],
  ['scope_version', (span) => toJsonString(span.scopeVersion)],
  ['run_id', (span) => toJsonString(span.runId)],
  ['workflow_name', (span) => toJsonString(span.workflowName)],
  ['agent_name', (span) => toJsonString(span.agentName)],
  ['tool_name', (span) => toJsonString(span.toolName)],
  ['tool_call_id', (span) => toJsonString(span.toolCallId)],
  ['conversation_id', (span) => toJsonString(span.conversationId)],
  ['user_id', (span) => toJsonString(span.userId)],
  ['provider', (span) => toJsonString(span.provider)],
  ['model_requested', (span) => toJsonString(span.modelRequested)],
  ['model_answered', (span) => toJsonString(span.modelAnswered)],
  ['response_id', (span) => toJsonString(span.responseId)],
  ['finish_reasons', (span) => toArray(span.finishReasons, toJsonString)],
  ['input_tokens', (span) => toTokens(span.usage.inputTokens)],
  ['output_tokens', (span) => toTokens(span.usage.outputTokens)],
  ['cache_read_tokens', (span) => toTokens(span.usage.cacheReadTokens)],
  ['cache_write_tokens', (span) => toTokens(span.usage.cacheWriteTokens)],
  ['reasoning_tokens', (span) => toTokens(span.usage.reasoningTokens)],
  ['cost_usd', (span) => toUsd(span.costUsd)],
  ['cost_source', (span) => toJsonString(span.costSource)],
  ['computed_cost_usd', (span) => toUsd(span.computedCostUsd)],
  ['price_version', (span) => toJsonString(span.priceVersion)],
  ['price_match', (span) => (span.priceMatch === 'none' ? '""' : toJsonString(span.priceMatch))],
  ['time_to_first_chunk', (span) => toFinite(span.timeToFirstChunk)],
  ['attempt', (span) => toUnsigned(span.attempt, 4_294_967_295)],
  ['loop_iteration', (span) => toUnsigned(span.loopIteration, 4_294_967_295)],
  ['step_index', (span) => toWhole(span.stepIndex, -2_147_483_648, 2_147_483_647)],
  ['handoff_from', (span) => toJsonString(span.handoffFrom)],
  ['handoff_to', (span) => toJsonString(span.handoffTo)],
  ['attributes', (span) => toValues(span.attributes)],
  ['attribute_types', (span) => toTypes(span.attributes)],
  ['resource_attributes', (span) => toValues(span.resourceAttributes)],
  ['resource_attribute_types', (span) => toTypes(span.resourceAttributes)],
  ['scope_attributes', (span) => toValues(span.scopeAttributes)],
  ['scope_attribute_types', (span) => toTypes(span.scopeAttributes)],
  ['event_times', (span) => toArray(span.events, (event) => toTime(event.timeUnixNano))],
  ['event_names', (span) => toArray(span.events, (event) => toJsonString(event.name))],
  ['event_attributes', (span) => toArray(span.events, toAttributesCell)],
  ['link_trace_ids', (span) => toArray(span.links, (link) => toJsonString(link.traceId))],
  ['link_span_ids', (span) => toArray(span.links, (link) => toJsonString(link.spanId))],
  ['link_rels', (span) => toArray(span.links, (link) => toJsonString(link.rel))],
  ['link_attributes', (span) => toArray(span.links, toAttributesCell)],
  ['dropped_attributes', (span) => toUnsigned(span.droppedAttributes, 4_294_967_295)],
  ['dropped_events', (span) => toUnsigned(span.droppedEvents, 4_294_967_295)],
  ['dropped_links', (span) => toUnsigned(span.droppedLinks, 4_294_967_295)],
];

type ContentSource = {
  readonly span: Span;
  readonly item: ContentItem;
  readonly position: number;
};

const contentColumns: Columns<ContentSource> = [
  ['project_id', ({ span }) => toJsonString(span.projectId)],
  ['conversation_id', ({ span }) => toJsonString(span.conversationId)],
  ['trace_id', ({ span }) => toJsonString(span.traceId)],
  ['span_id', ({ span }) => toJsonString(span.spanId)],
  ['start_time', ({ span }) => toTime(span.startTimeUnixNano)],
  ['version', ({ span }) => toVersion(span).toString()],
  ['mapper_version', () => String(mapperVersion)],
  ['position', ({ position }) => toUnsigned(position, 65_535)],
  ['slot', ({ item }) => toJsonString(item.slot)],
  ['key', ({ item }) => toJsonString(item.key)],
  ['format', ({ item }) => toJsonString(item.format)],
  ['body', ({ item }) => toJsonString(item.body)],
];

/** What a column holds when its row does not name it. Not 0: where null is possible, 0 is something else. */
const absent: ReadonlySet<string> = new Set(['""', 'null', '[]', '{}']);

/** Most columns of most spans are empty: leaving them out is a third of the text, to write and to parse. */
function toRow<T>(columns: Columns<T>, source: T): string {
  let row = '';
  for (const [name, toJson] of columns) {
    const json = toJson(source);
    if (json.length > 4 || !absent.has(json)) row += `,"${name}":${json}`;
  }
  return `{${row.slice(1)}}\n`;
}

function toArray<T>(items: readonly T[], toJson: (item: T) => string): string {
  return `[${items.map(toJson).join(',')}]`;
}

function toTime(unixNano: bigint): string {
  return `"${toDateTime64(unixNano)}"`;
}

function toWhole(value: number, least: number, most: number): string {
  return Number.isNaN(value) ? '0' : String(Math.min(most, Math.max(least, Math.trunc(value))));
}

function toUnsigned(value: number, most: number): string {
  return toWhole(value, 0, most);
}

/** A count that is no whole number from 0 to 2^53 is not a count: unknown, rather than wrong in every sum. */
function toTokens(count: number | null): string {
  return count !== null && Number.isSafeInteger(count) && count >= 0 ? String(count) : 'null';
}

function toFinite(value: number | null): string {
  return value !== null && Number.isFinite(value) ? JSON.stringify(value) : 'null';
}

/** `Decimal(18, 12)` holds less than a million dollars a span; more is not believed. */
function toUsd(value: string | null): string {
  if (value === null) return 'null';
  const plain = /^-?\d+(\.\d+)?$/.test(value) ? value : toPlainDecimal(Number(value));
  const [, sign = '', whole = '', fraction = ''] =
    /^(-?)0*(\d{1,6}?)(?:\.(\d+))?$/.exec(plain) ?? [];
  return whole === '' ? 'null' : `"${sign}${whole}.${fraction.slice(0, 12).padEnd(1, '0')}"`;
}

function toPlainDecimal(value: number): string {
  return Number.isFinite(value) && Math.abs(value) < 1e6 ? value.toFixed(12) : '';
}

function toValues(attributes: Attributes): string {
  const entries = Array.from(
    attributes,
    ([key, value]) => `${toJsonString(key)}:${toJsonString(toAttributeText(value))}`,
  );
  return `{${entries.join(',')}}`;
}

function toTypes(attributes: Attributes): string {
  const entries: string[] = [];
  for (const [key, value] of attributes) {
    const type = attributeType(value);
    if (type !== 'string') entries.push(`${toJsonString(key)}:"${type}"`);
  }
  return `{${entries.join(',')}}`;
}

function toAttributesCell(source: { readonly attributes: Attributes }): string {
  return toJsonString(toAttributesJson(source.attributes));
}
