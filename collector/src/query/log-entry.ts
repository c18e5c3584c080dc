/** A log record as the API tells it. */
import { toPayload } from '../analysis/messages/payload.ts';
import type { LogEntry, SpanEvaluation } from '../contract.ts';
import type { StoredLog } from '../store/log-row.ts';
import { toAttribute, toAttributes } from './shown-attributes.ts';

export function toLogEntry(record: StoredLog): LogEntry {
  const observed = record.observedTimeUnixNano;
  return {
    id: record.id,
    spanId: record.spanId,
    timeUnixNano: record.timeUnixNano.toString(),
    observedTimeUnixNano: observed === 0n ? null : observed.toString(),
    severityNumber: record.severityNumber,
    severityText: record.severityText,
    eventName: record.eventName,
    flags: record.flags,
    serviceName: record.serviceName,
    scopeName: record.scopeName,
    dialect: record.dialect,
    body: toAttribute('body', record.body),
    attributes: toAttributes(record.attributes),
    content: record.content.map(toPayload),
    droppedAttributes: record.droppedAttributes,
    fact: record.fact,
    conversationId: record.conversationId,
    userId: record.userId,
    agentName: record.agentName,
    provider: record.provider,
    modelRequested: record.modelRequested,
    modelAnswered: record.modelAnswered,
    toolName: record.toolName,
    toolCallId: record.toolCallId,
    responseId: record.responseId,
    errorType: record.errorType,
    usage: { ...record.usage },
    costUsd: record.costUsd,
    costSource: record.costSource,
    durationMs: record.durationMs,
    evaluation: record.evaluation && { ...record.evaluation },
  };
}

/** Of the records of a span, in the order they were made. */
export function toEvaluations(records: readonly StoredLog[]): SpanEvaluation[] {
  return records.flatMap((record) => {
    const { evaluation } = record;
    if (evaluation === null) return [];
    return [
      {
        ...evaluation,
        timeUnixNano: record.timeUnixNano.toString(),
        errorType: record.errorType,
        responseId: record.responseId,
        logId: record.id,
      },
    ];
  });
}
