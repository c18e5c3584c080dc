import { genAi, orchescope, otel } from '@orchescope/sdk/attributes';
import type { RecordedSpan, Trace } from './trace.ts';

/** What a sender knows only when the span ends. */
const knownAtEnd = [
  genAi.responseModel,
  genAi.responseId,
  genAi.responseFinishReasons,
  genAi.responseTimeToFirstChunk,
  genAi.outputMessages,
  genAi.usageInputTokens,
  genAi.usageOutputTokens,
  genAi.usageCacheReadInputTokens,
  genAi.usageReasoningOutputTokens,
  genAi.toolCallResult,
  genAi.retrievalDocuments,
  orchescope.costUsd,
  orchescope.runOutcome,
  orchescope.runReason,
  orchescope.planTasks,
  orchescope.guardrailTriggered,
  orchescope.guardrailAction,
  'orchescope.approval.decision',
  'orchescope.approval.decider.type',
  otel.errorType,
];

/** The traces as they stand at a moment: what has not begun is missing, what has not ended is running. */
export function cutAt(traces: readonly Trace[], unixMs: number): Trace[] {
  return traces
    .map((trace) => ({
      ...trace,
      spans: trace.spans
        .filter(({ startMs }) => startMs < unixMs)
        .map((span) => toSpanAt(span, unixMs)),
    }))
    .filter(({ spans }) => spans.length > 0);
}

function toSpanAt(span: RecordedSpan, unixMs: number): RecordedSpan {
  if (span.endMs <= unixMs) return span;
  const attributes = new Map(span.attributes);
  for (const key of knownAtEnd) attributes.delete(key);
  return {
    ...span,
    running: true,
    attributes,
    events: span.events.filter(({ timeMs }) => timeMs < unixMs),
    status: 'unset',
    statusMessage: '',
  };
}
