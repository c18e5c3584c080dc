/** Which columns differ between a row and the row it would be now, both as the store would keep them. */
import type { Attributes, ContentItem, Span, SpanEvent, SpanLink } from '../span.ts';
import { attributeType, toAttributeText } from '../store/attribute-text.ts';
import { toTrillionths } from '../store/decimal-usd.ts';

/** Column -> what it holds, as text that is equal where the columns are. Times and ids are not mapped. */
const columns: Readonly<Record<string, (span: Span) => string>> = {
  parent_span_id: ({ parentSpanId }) => parentSpanId,
  trace_state: ({ traceState }) => traceState.toWellFormed(),
  name: ({ name }) => name.toWellFormed(),
  kind: ({ kind }) => kind,
  raw_kind: ({ rawKind }) => rawKind.toWellFormed(),
  dialect: ({ dialect }) => dialect.toWellFormed(),
  otel_kind: ({ otelKind }) => String(otelKind),
  status: ({ status }) => status,
  status_message: ({ statusMessage }) => statusMessage.toWellFormed(),
  error_type: ({ errorType }) => errorType.toWellFormed(),
  flags: ({ flags }) => String(flags),
  service_name: ({ serviceName }) => serviceName.toWellFormed(),
  scope_name: ({ scopeName }) => scopeName.toWellFormed(),
  scope_version: ({ scopeVersion }) => scopeVersion.toWellFormed(),
  run_id: ({ runId }) => runId.toWellFormed(),
  workflow_name: ({ workflowName }) => workflowName.toWellFormed(),
  agent_name: ({ agentName }) => agentName.toWellFormed(),
  tool_name: ({ toolName }) => toolName.toWellFormed(),
  tool_call_id: ({ toolCallId }) => toolCallId.toWellFormed(),
  conversation_id: ({ conversationId }) => conversationId.toWellFormed(),
  user_id: ({ userId }) => userId.toWellFormed(),
  provider: ({ provider }) => provider.toWellFormed(),
  model_requested: ({ modelRequested }) => modelRequested.toWellFormed(),
  model_answered: ({ modelAnswered }) => modelAnswered.toWellFormed(),
  response_id: ({ responseId }) => responseId.toWellFormed(),
  finish_reasons: ({ finishReasons }) => JSON.stringify(finishReasons),
  input_tokens: ({ usage }) => toTokens(usage.inputTokens),
  output_tokens: ({ usage }) => toTokens(usage.outputTokens),
  cache_read_tokens: ({ usage }) => toTokens(usage.cacheReadTokens),
  cache_write_tokens: ({ usage }) => toTokens(usage.cacheWriteTokens),
  reasoning_tokens: ({ usage }) => toTokens(usage.reasoningTokens),
  cost_usd: ({ costUsd }) => toUsdText(costUsd),
  cost_source: ({ costSource }) => costSource,
  computed_cost_usd: ({ computedCostUsd }) => toUsdText(computedCostUsd),
  price_version: ({ priceVersion }) => priceVersion,
  price_match: ({ priceMatch }) => priceMatch,
  time_to_first_chunk: ({ timeToFirstChunk }) =>
    Number.isFinite(timeToFirstChunk) ? String(timeToFirstChunk) : '',
  attempt: ({ attempt }) => toCount(attempt),
  loop_iteration: ({ loopIteration }) => toCount(loopIteration),
  step_index: ({ stepIndex }) => String(Math.min(stepIndex, 2_147_483_647)),
  handoff_from: ({ handoffFrom }) => handoffFrom.toWellFormed(),
  handoff_to: ({ handoffTo }) => handoffTo.toWellFormed(),
  attributes: ({ attributes }) => toAttributesText(attributes),
  resource_attributes: ({ resourceAttributes }) => toAttributesText(resourceAttributes),
  scope_attributes: ({ scopeAttributes }) => toAttributesText(scopeAttributes),
  events: ({ events }) => JSON.stringify(events.map(toEventText)),
  links: ({ links }) => JSON.stringify(links.map(toLinkText)),
  content: ({ content }) => JSON.stringify(content.map(toItemText)),
  dropped_attributes: ({ droppedAttributes }) => toCount(droppedAttributes),
  dropped_events: ({ droppedEvents }) => toCount(droppedEvents),
  dropped_links: ({ droppedLinks }) => toCount(droppedLinks),
};

export function findChanges(before: Span, after: Span): string[] {
  return Object.keys(columns).filter((name) => textOf(name, before) !== textOf(name, after));
}

/** What a column holds where nothing was told. */
const untold: ReadonlySet<string> = new Set([
  '',
  '0',
  '-1',
  '[]',
  'other',
  'otel',
  'unset',
  'none',
]);

/** Columns that told something before and do not any more. */
export function findLosses(before: Span, after: Span): string[] {
  return findChanges(before, after).filter(
    (name) => untold.has(textOf(name, after)) && !untold.has(textOf(name, before)),
  );
}

function textOf(name: string, span: Span): string {
  return columns[name]?.(span) ?? '';
}

export function toTokens(count: number | null): string {
  return count !== null && Number.isSafeInteger(count) && count >= 0 ? `${count} tokens` : '';
}

export function toUsdText(usd: string | null): string {
  const trillionths = usd === null ? null : toTrillionths(usd);
  return trillionths === null ? '' : `${trillionths} trillionths`;
}

function toCount(count: number): string {
  return String(Math.min(count, 4_294_967_295));
}

/** In no order: what was content comes last when it becomes an attribute again. */
function toAttributesText(attributes: Attributes): string {
  const entries = Array.from(attributes, ([key, value]) => [
    key.toWellFormed(),
    attributeType(value),
    toAttributeText(value),
  ]);
  return JSON.stringify(entries.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)));
}

/** Times are not mapped, but clamped by the store. */
function toEventText({ name, attributes }: SpanEvent): string[] {
  return [name.toWellFormed(), toAttributesText(attributes)];
}

function toLinkText({ traceId, spanId, rel, attributes }: SpanLink): string[] {
  return [traceId, spanId, rel.toWellFormed(), toAttributesText(attributes)];
}

function toItemText({ slot, key, format, body }: ContentItem): string[] {
  return [slot, key, format, body.toWellFormed()];
}
