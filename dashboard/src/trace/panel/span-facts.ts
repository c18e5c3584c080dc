/** What the Summary tab says about a span, in the order it says it. */
import type { SpanDetail } from 'orchescope/contract';
import { formatExactTime, formatExactCount, toEpochMs } from '../../format.ts';
import { filterByField, type FilterField } from './filter-by.ts';

export type SpanFact = {
  readonly label: string;
  readonly value: string;
  /** Finds the traces that share it; null = nothing to find. */
  readonly filter: string | null;
  /** An id a person may want to paste elsewhere. */
  readonly copy: boolean;
};

/** Facts nobody told are left out. */
export function toSpanFacts(span: SpanDetail): SpanFact[] {
  return [
    fact('Kind', kindText(span), { field: 'kind', filterValue: span.kind }),
    fact('Agent', span.agentName, { field: 'agent' }),
    fact('Workflow', span.workflowName, { field: 'workflow' }),
    fact('Model', modelText(span), { field: 'model', filterValue: span.modelRequested }),
    fact('Provider', span.provider, { field: 'provider' }),
    fact('Cost', toCostText(span)),
    fact('Finish reason', span.finishReasons.join(', ')),
    fact('Tool', span.toolName, { field: 'tool' }),
    fact('Tool call', span.toolCallId, { copy: true }),
    fact('Handoff', handoffText(span)),
    fact('Attempt', span.attempt > 0 ? String(span.attempt) : ''),
    fact('Loop iteration', span.loopIteration > 0 ? String(span.loopIteration) : ''),
    fact('Started', formatExactTime(toEpochMs(span.startTimeUnixNano))),
    fact('Ended', endText(span)),
    fact('Service', span.serviceName, { field: 'service' }),
    fact('Conversation', span.conversationId, { field: 'conversation', copy: true }),
    fact('User', span.userId, { field: 'user', copy: true }),
    fact('Run', span.runId, { field: 'run', copy: true }),
    fact('Response', span.responseId, { copy: true }),
    fact('Span', span.spanId, { copy: true }),
    fact('Parent span', span.parentSpanId, { copy: true }),
    fact('Trace', span.traceId, { copy: true }),
    fact('Scope', [span.scopeName, span.scopeVersion].filter((text) => text !== '').join(' ')),
    fact('Understood as', span.dialect),
    fact('Not kept', droppedText(span)),
  ].filter(({ value }) => value !== '');
}

function fact(
  label: string,
  value: string,
  options: { field?: FilterField; filterValue?: string; copy?: boolean } = {},
): SpanFact {
  const { field, filterValue = value, copy = false } = options;
  return { label, value, copy, filter: field ? filterByField(field, filterValue) : null };
}

function kindText({ kind, rawKind }: SpanDetail): string {
  return rawKind === '' || rawKind === kind ? kind : `${kind} (${rawKind})`;
}

function modelText({ modelRequested, modelAnswered }: SpanDetail): string {
  if (modelAnswered === '' || modelAnswered === modelRequested) return modelRequested;
  if (modelRequested === '') return modelAnswered;
  return `${modelRequested}, answered by ${modelAnswered}`;
}

type PricedSpan = Pick<
  SpanDetail,
  | 'kind'
  | 'costUsd'
  | 'costSource'
  | 'computedCostUsd'
  | 'priceVersion'
  | 'priceMatch'
  | 'modelRequested'
  | 'modelAnswered'
>;

/** Where the shown cost is from, or why there is none; empty for what is no model call. */
export function toCostText(span: PricedSpan): string {
  if (span.costSource === 'reported') return `reported by the sender${comparisonText(span)}`;
  if (span.costSource === 'computed') return `computed from ${pricesText(span)}`;
  if (span.kind !== 'llm' && span.kind !== 'embedding') return '';
  if (span.priceMatch !== 'none') return 'not known: its token counts are missing or contradictory';
  const model = span.modelAnswered || span.modelRequested;
  return model === '' ? 'not known: no model was named' : `no price known for model ${model}`;
}

function comparisonText(span: PricedSpan): string {
  if (span.computedCostUsd === null || span.computedCostUsd === span.costUsd) return '';
  return `; $${span.computedCostUsd} by ${pricesText(span)}`;
}

function pricesText({ priceVersion, priceMatch }: PricedSpan): string {
  const date = /\d{4}-\d\d-\d\d$/.exec(priceVersion)?.[0];
  const prices = date === undefined ? 'your own prices' : `prices of ${date}`;
  return priceMatch === 'prefix' ? `${prices}, an estimate by the model's family` : prices;
}

function handoffText({ handoffFrom, handoffTo }: SpanDetail): string {
  if (handoffFrom === '' && handoffTo === '') return '';
  return `${handoffFrom || 'unknown'} → ${handoffTo || 'unknown'}`;
}

function endText({ endTimeUnixNano }: SpanDetail): string {
  return endTimeUnixNano === null ? 'still running' : formatExactTime(toEpochMs(endTimeUnixNano));
}

function droppedText({ droppedAttributes, droppedEvents, droppedLinks }: SpanDetail): string {
  const dropped = [
    [droppedAttributes, 'attributes'],
    [droppedEvents, 'events'],
    [droppedLinks, 'links'],
  ] as const;
  const texts = dropped
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${formatExactCount(count)} ${what}`);
  return texts.length === 0 ? '' : `${texts.join(', ')} (dropped by the sender)`;
}

export type SpanFailure = {
  readonly type: string;
  readonly message: string;
  /** Empty when no exception was recorded. */
  readonly stack: string;
};

/** null when the span did not fail. */
export function toSpanFailure(span: SpanDetail): SpanFailure | null {
  const exception = span.events.find(({ name }) => name === 'exception');
  const read = (key: string): string =>
    exception?.attributes.find((attribute) => attribute.key === key)?.value ?? '';
  if (span.status !== 'error' && exception === undefined) return null;
  const type = span.errorType || read('exception.type') || 'error';
  const message = read('exception.message') || span.statusMessage;
  return { type, message, stack: read('exception.stacktrace') };
}
