/** What a single span says, read alike by everything that judges runs. */
import { orchescope } from '@orchescope/sdk/attributes';
import type { RunSpan, RunSpanEvent } from '../../run-span.ts';
import type { Attributes, SpanKind } from '../../span.ts';

/** Empty when it is missing or no text. */
export function textOf({ attributes }: { readonly attributes: Attributes }, key: string): string {
  const value = attributes.get(key);
  return typeof value === 'string' ? value : '';
}

/** null when it is missing or no number. */
export function numberOf(
  { attributes }: { readonly attributes: Attributes },
  key: string,
): number | null {
  const value = attributes.get(key);
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Plumbing that runs around any program: alone it is no agent system. */
const plumbing: ReadonlySet<SpanKind> = new Set(['other', 'queue']);

export function isAgentic(span: RunSpan): boolean {
  return (!plumbing.has(span.kind) && !isCreation(span)) || span.runId !== '';
}

/** An agent that is made does not work yet. */
export function isCreation({ kind, rawKind }: RunSpan): boolean {
  return kind === 'agent' && rawKind === 'create_agent';
}

/** LangGraph throws to pause, and its tracers call that an error. */
const pauseErrors = /(?:^|[^A-Za-z])(?:GraphInterrupt|NodeInterrupt)(?:[^A-Za-z]|$)/;

export function isPause(span: RunSpan): boolean {
  if (span.status !== 'error' && span.errorType === '' && span.events.length === 0) return false;
  return (
    pauseErrors.test(span.errorType) ||
    pauseErrors.test(span.statusMessage.slice(0, 200)) ||
    span.events.some((event) => pauseErrors.test(exceptionType(event)))
  );
}

function exceptionType(event: RunSpanEvent): string {
  return event.name === 'exception' ? textOf(event, 'exception.type') : '';
}

/** A call of a model that ended with the finish reason `error` failed, whatever its status says. */
export function hasFailed(span: RunSpan): boolean {
  const failed =
    span.status === 'error' ||
    span.errorType !== '' ||
    (span.kind === 'llm' && span.finishReasons.includes('error'));
  return failed && !isPause(span) && !wasCancelled(span);
}

const cancelErrors: ReadonlySet<string> = new Set([
  'AbortError',
  'CancelledError',
  'asyncio.exceptions.CancelledError',
  'cancelled',
  'canceled',
]);

export function wasCancelled(span: RunSpan): boolean {
  const outcome = textOf(span, orchescope.outcome);
  return outcome === 'cancelled' || outcome === 'abandoned' || cancelErrors.has(span.errorType);
}
