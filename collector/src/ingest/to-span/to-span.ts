/** A decoded span, in whatever dialect, becomes a canonical one. */
import type { SpanKind } from '../../span.ts';
import type { FieldName } from '../dialects/table.ts';
import type { DecodedSpan } from '../otlp/request.ts';
import type { UnpricedSpan } from '../pricing/to-priced-span.ts';
import {
  cutAttributes,
  cutText,
  maxAttributeBytes,
  maxNameBytes,
  newCuts,
  type Cuts,
} from './limits.ts';
import { unwrapPending } from './pending-span.ts';
import { readContent, readMessageEvents } from './read-content.ts';
import { readDialect } from './read-dialect.ts';
import { readFields, type Fields } from './read-fields.ts';
import { keepTraceFlags, readFlags } from './read-flags.ts';
import { readHandoff } from './read-handoff.ts';
import { isLinked, readIds } from './read-ids.ts';
import { readKind, type ReadKind } from './read-kind.ts';
import { countDroppedAttributes, toEvent, toLink } from './read-links.ts';
import type { Resource, Scope } from './read-resource.ts';
import { readStatus } from './read-status.ts';
import { readNamed } from './read-named.ts';
import { readTimeToFirstChunk } from './read-time-to-first-chunk.ts';
import { isOwnUsage, readUsage } from './read-usage.ts';

export type SpanContext = {
  readonly projectId: string;
  readonly receivedUnixNano: bigint;
  readonly resource: Resource;
  readonly scope: Scope;
};

export type ToSpanResult =
  | { readonly ok: true; readonly span: UnpricedSpan }
  | { readonly ok: false; readonly reason: string };

export function toSpan(source: DecodedSpan, context: SpanContext): ToSpanResult {
  return toSpanAsItIs(unwrapPending(source), context);
}

/** For a span that was ingested before: a placeholder has its ids by now, and must not be unwrapped again. */
export function toSpanAsItIs(decoded: DecodedSpan, context: SpanContext): ToSpanResult {
  const ids = readIds(decoded);
  if (!ids.ok) return ids;
  const cuts = newCuts();
  const readKindOf = readKind(
    decoded.attributes,
    decoded.name,
    context.scope.scopeName,
    ids.parentSpanId === '',
  );
  const fields = readFields(decoded.attributes, readKindOf.kind);
  const span = {
    projectId: context.projectId,
    traceId: decoded.traceId,
    spanId: decoded.spanId,
    parentSpanId: ids.parentSpanId,
    ...fromOtlp(decoded, context, cuts),
    ...fromFields(fields, readKindOf, decoded, cuts),
    ...fromBody(decoded, readKindOf.kind, cuts),
  };
  // Last, when everything that could be cut has been.
  const flags =
    context.resource.flags |
    context.scope.flags |
    readFlags(decoded, context.receivedUnixNano, cuts.truncated || decoded.cut);
  const droppedAttributes = countDroppedAttributes(decoded) + cuts.droppedAttributes;
  return { ok: true, span: { ...span, flags, droppedAttributes } };
}

function fromOtlp(decoded: DecodedSpan, { resource, scope }: SpanContext, cuts: Cuts) {
  return {
    traceState: cutText(decoded.traceState, maxNameBytes, cuts),
    name: cutText(decoded.name, maxNameBytes, cuts),
    dialect: readDialect(scope.scopeName, decoded.attributes),
    otelKind: decoded.kind <= 5 ? decoded.kind : 0,
    startTimeUnixNano: decoded.startTimeUnixNano,
    endTimeUnixNano: decoded.endTimeUnixNano,
    serviceName: resource.serviceName,
    resourceAttributes: resource.resourceAttributes,
    scopeName: scope.scopeName,
    scopeVersion: scope.scopeVersion,
    scopeAttributes: scope.scopeAttributes,
    droppedEvents: decoded.droppedEvents,
  };
}

/** The columns that the tables of the dialects fill. */
function fromFields(fields: Fields, readKindOf: ReadKind, decoded: DecodedSpan, cuts: Cuts) {
  const cut = (value: string | null) => cutText(value ?? '', maxNameBytes, cuts);
  const text = (field: TextField) => cut(fields.get(field));
  const named = (field: TextField, kind: SpanKind) =>
    text(field) || cut(readNamed(decoded.name, kind, readKindOf));
  const toolName = named('toolName', 'tool');
  const handoff = readHandoff(readKindOf.kind, toolName, fields);
  const failure = readStatus(decoded, fields.get('errorType'), fields.get('statusMessage'));
  return {
    kind: handoff.kind,
    rawKind: cut(readKindOf.rawKind),
    status: failure.status,
    statusMessage: cutText(failure.statusMessage, maxAttributeBytes, cuts),
    errorType: cut(failure.errorType),
    runId: text('runId'),
    workflowName: named('workflowName', 'workflow'),
    agentName: named('agentName', 'agent'),
    toolName,
    toolCallId: text('toolCallId'),
    conversationId: text('conversationId'),
    userId: text('userId'),
    provider: text('provider'),
    modelRequested: text('modelRequested'),
    modelAnswered: text('modelAnswered'),
    responseId: text('responseId'),
    finishReasons: fields.get('finishReasons') ?? [],
    usage: readUsage(fields, readKindOf),
    costUsd: isOwnUsage(readKindOf) ? fields.get('costUsd') : null,
    timeToFirstChunk: readTimeToFirstChunk(fields, decoded.startTimeUnixNano),
    attempt: fields.get('attempt') ?? 0,
    loopIteration: fields.get('loopIteration') ?? 0,
    stepIndex: fields.get('stepIndex') ?? -1,
    handoffFrom: cut(handoff.handoffFrom),
    handoffTo: cut(handoff.handoffTo),
  };
}

type TextField = Exclude<
  FieldName,
  | 'finishReasons'
  | `${string}Tokens`
  | 'costUsd'
  | 'timeToFirstChunk'
  | 'firstChunkUnixSeconds'
  | 'attempt'
  | 'loopIteration'
  | 'stepIndex'
>;

/** Attributes, events, links and content: all that is kept as the sender wrote it. */
function fromBody(decoded: DecodedSpan, kind: SpanKind, cuts: Cuts) {
  const { content, rest } = readContent(decoded.attributes, kind, cuts);
  const links = decoded.links.filter(isLinked);
  return {
    attributes: keepTraceFlags(cutAttributes(rest, cuts), decoded.flags),
    events: decoded.events.map((event) => toEvent(event, cuts)),
    links: links.map((link) => toLink(link, cuts)),
    content: [...content, ...readMessageEvents(decoded.events, kind, cuts)],
    droppedLinks: decoded.droppedLinks + decoded.links.length - links.length,
  };
}
