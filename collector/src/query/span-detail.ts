/** A span as its page shows it: content as messages, attributes as text. */
import { readMessages } from '../analysis/messages/read-messages.ts';
import { toPayload } from '../analysis/messages/payload.ts';
import type { Message, Payload, SpanDetail } from '../contract.ts';
import type { ContentSlot, Span } from '../span.ts';
import type { LogPage } from '../store/read-logs.ts';
import { toLoggedContent } from '../analysis/messages/logged-content.ts';
import { toEvaluations, toLogEntry } from './log-entry.ts';
import { toAttributes } from './shown-attributes.ts';

const otelKinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

/** Log records that are shown with a span. Its messages may be spread over more. */
const maxShownLogs = 200;

export function toSpanDetail(span: Span, { records, hasOlder }: LogPage): SpanDetail {
  const ended = span.endTimeUnixNano > 0n;
  const elapsed = Number(span.endTimeUnixNano - span.startTimeUnixNano);
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: span.kind,
    rawKind: span.rawKind,
    dialect: span.dialect,
    otelKind: otelKinds[span.otelKind] ?? 'unspecified',
    traceState: span.traceState,
    startTimeUnixNano: span.startTimeUnixNano.toString(),
    endTimeUnixNano: ended ? span.endTimeUnixNano.toString() : null,
    durationNs: ended ? Math.max(0, elapsed) : null,
    status: span.status,
    statusMessage: span.statusMessage,
    errorType: span.errorType,
    flags: span.flags,
    serviceName: span.serviceName,
    scopeName: span.scopeName,
    scopeVersion: span.scopeVersion,
    runId: span.runId,
    workflowName: span.workflowName,
    agentName: span.agentName,
    toolName: span.toolName,
    toolCallId: span.toolCallId,
    conversationId: span.conversationId,
    userId: span.userId,
    provider: span.provider,
    modelRequested: span.modelRequested,
    modelAnswered: span.modelAnswered,
    responseId: span.responseId,
    finishReasons: [...span.finishReasons],
    usage: { ...span.usage },
    costUsd: span.costUsd,
    costSource: span.costSource,
    computedCostUsd: span.computedCostUsd,
    priceVersion: span.priceVersion,
    priceMatch: span.priceMatch,
    timeToFirstChunkMs: span.timeToFirstChunk === null ? null : span.timeToFirstChunk * 1000,
    attempt: span.attempt,
    loopIteration: span.loopIteration,
    handoffFrom: span.handoffFrom,
    handoffTo: span.handoffTo,
    ...toContent({ ...span, content: [...span.content, ...toLoggedContent(span, records)] }),
    evaluations: toEvaluations(records),
    logs: records.slice(-maxShownLogs).map(toLogEntry),
    hasOlderLogs: hasOlder || records.length > maxShownLogs,
    attributes: toAttributes(span.attributes),
    resourceAttributes: toAttributes(span.resourceAttributes),
    scopeAttributes: toAttributes(span.scopeAttributes),
    events: span.events.map((event) => ({
      name: event.name,
      timeUnixNano: event.timeUnixNano.toString(),
      attributes: toAttributes(event.attributes),
    })),
    links: span.links.map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      rel: link.rel,
      attributes: toAttributes(link.attributes),
    })),
    droppedAttributes: span.droppedAttributes,
    droppedEvents: span.droppedEvents,
    droppedLinks: span.droppedLinks,
  };
}

type Content = Pick<
  SpanDetail,
  | 'systemInstructions'
  | 'inputMessages'
  | 'outputMessages'
  | 'toolDefinitions'
  | 'toolArguments'
  | 'toolResult'
  | 'documents'
  | 'input'
  | 'output'
  | 'unreadContent'
>;

function toContent(span: Span): Content {
  const unreadContent: Payload[] = [];
  const messages = (
    slot: 'system_instructions' | 'input_messages' | 'output_messages',
  ): Message[] => {
    const read = readMessages(span, slot);
    unreadContent.push(...read.unread.map(toPayload));
    return read.messages;
  };
  // The first item of a slot is shown in its place; others are kept in sight, not lost.
  const payload = (slot: ContentSlot): Payload | null => {
    const [first, ...others] = span.content.filter((item) => item.slot === slot).map(toPayload);
    unreadContent.push(...others);
    return first ?? null;
  };
  return {
    systemInstructions: messages('system_instructions'),
    inputMessages: messages('input_messages'),
    outputMessages: messages('output_messages'),
    toolDefinitions: payload('tool_definitions'),
    toolArguments: payload('tool_arguments'),
    toolResult: payload('tool_result'),
    documents: payload('documents'),
    input: payload('input'),
    output: payload('output'),
    unreadContent,
  };
}
