/** A decoded span, in whatever dialect, becomes a canonical one. */
import { orchescope } from '@orchescope/sdk/attributes';
import {
  spanFlags,
  type Attributes,
  type AttributeValue,
  type Span,
  type SpanEvent,
  type SpanKind,
  type SpanLink,
} from '../../span.ts';
import type {
  DecodedEvent,
  DecodedLink,
  DecodedResourceSpans,
  DecodedScopeSpans,
  DecodedSpan,
} from '../otlp/request.ts';
import { cutAttributes, cutText, maxAttributeBytes, maxNameBytes, type Cuts } from './limits.ts';
import { unwrapPending } from './pending-span.ts';
import { readContent, readMessageEvents } from './read-content.ts';
import { readDialect } from './read-dialect.ts';
import { readFields, type Fields } from './read-fields.ts';
import { readKind } from './read-kind.ts';
import { readStatus } from './read-status.ts';
import { isOwnUsage, readUsage } from './read-usage.ts';
import { waitRules } from './rules.ts';

export type SpanContext = {
  readonly projectId: string;
  readonly receivedUnixNano: bigint;
  readonly resource: Resource;
  readonly scope: Scope;
};

export type Resource = Pick<Span, 'serviceName' | 'resourceAttributes' | 'flags'>;
export type Scope = Pick<Span, 'scopeName' | 'scopeVersion' | 'scopeAttributes' | 'flags'>;

export type ToSpanResult =
  | { readonly ok: true; readonly span: Span }
  | { readonly ok: false; readonly reason: string };

/** Read once for all the spans under it. */
export function readResource(decoded: Omit<DecodedResourceSpans, 'scopeSpans'>): Resource {
  const cuts = newCuts();
  const resourceAttributes = cutAttributes(decoded.attributes, cuts);
  keepSchemaUrl(resourceAttributes, 'otel.resource.schema_url', decoded.schemaUrl);
  const name = resourceAttributes.get('service.name');
  const serviceName = typeof name === 'string' ? cutText(name, maxNameBytes, cuts) : '';
  // SDKs write `unknown_service:node` for a service that was given no name.
  const isNamed = serviceName !== '' && !serviceName.startsWith('unknown_service');
  const flags = flagIf(spanFlags.noService, !isNamed) | flagIf(spanFlags.truncated, cuts.truncated);
  return { serviceName: serviceName || 'unknown_service', resourceAttributes, flags };
}

export function readScope(decoded: DecodedScopeSpans): Scope {
  const cuts = newCuts();
  const scopeAttributes = cutAttributes(decoded.attributes, cuts);
  keepSchemaUrl(scopeAttributes, 'otel.scope.schema_url', decoded.schemaUrl);
  const scopeName = cutText(decoded.name, maxNameBytes, cuts);
  const scopeVersion = cutText(decoded.version, maxNameBytes, cuts);
  const flags = flagIf(spanFlags.truncated, cuts.truncated);
  return { scopeName, scopeVersion, scopeAttributes, flags };
}

export function toSpan(source: DecodedSpan, context: SpanContext): ToSpanResult {
  const decoded = unwrapPending(source);
  const parentSpanId = isZero(decoded.parentSpanId) ? '' : decoded.parentSpanId;
  const invalid = describeInvalidIds(decoded, parentSpanId);
  if (invalid !== '') return { ok: false, reason: invalid };

  const { attributes } = decoded;
  const cuts = newCuts();
  const known = readKind(attributes, decoded.name, parentSpanId === '');
  const fields = readFields(attributes, known.kind);
  const text = (value: string | null) => cutText(value ?? '', maxNameBytes, cuts);
  const ownName = (kind: SpanKind) => (known.isNamed && known.kind === kind ? decoded.name : null);
  const toolName = text(fields.get('toolName') ?? ownName('tool'));
  const handoff = readHandoff(known.kind, toolName, fields);
  const { content, rest } = readContent(attributes, known.kind, cuts);
  const messages = readMessageEvents(decoded.events, cuts);
  const failure = readStatus(decoded, fields.get('errorType'));
  const links = decoded.links.filter(
    ({ traceId, spanId }) => isTraceId(traceId) && isSpanId(spanId),
  );

  const span: Omit<Span, 'flags' | 'droppedAttributes'> = {
    projectId: context.projectId,
    traceId: decoded.traceId,
    spanId: decoded.spanId,
    parentSpanId,
    traceState: cutText(decoded.traceState, maxNameBytes, cuts),
    name: cutText(decoded.name, maxNameBytes, cuts),
    kind: handoff.kind,
    rawKind: text(known.rawKind),
    dialect: readDialect(context.scope.scopeName, attributes),
    otelKind: decoded.kind <= 5 ? decoded.kind : 0,
    startTimeUnixNano: decoded.startTimeUnixNano,
    endTimeUnixNano: decoded.endTimeUnixNano,
    status: failure.status,
    statusMessage: cutText(failure.statusMessage, maxAttributeBytes, cuts),
    errorType: text(failure.errorType),
    serviceName: context.resource.serviceName,
    scopeName: context.scope.scopeName,
    scopeVersion: context.scope.scopeVersion,
    runId: text(fields.get('runId')),
    workflowName: text(fields.get('workflowName') ?? ownName('workflow')),
    agentName: text(fields.get('agentName') ?? ownName('agent')),
    toolName,
    toolCallId: text(fields.get('toolCallId')),
    conversationId: text(fields.get('conversationId')),
    userId: text(fields.get('userId')),
    provider: text(fields.get('provider')),
    modelRequested: text(fields.get('modelRequested')),
    modelAnswered: text(fields.get('modelAnswered')),
    responseId: text(fields.get('responseId')),
    finishReasons: fields.get('finishReasons') ?? [],
    usage: readUsage(fields, known),
    costUsd: isOwnUsage(known) ? fields.get('costUsd') : null,
    timeToFirstChunk: fields.get('timeToFirstChunk'),
    attempt: fields.get('attempt') ?? 0,
    loopIteration: fields.get('loopIteration') ?? 0,
    stepIndex: fields.get('stepIndex') ?? -1,
    handoffFrom: text(handoff.from),
    handoffTo: text(handoff.to),
    attributes: keepFlags(cutAttributes(rest, cuts), decoded.flags),
    resourceAttributes: context.resource.resourceAttributes,
    scopeAttributes: context.scope.scopeAttributes,
    events: decoded.events.map((event) => toEvent(event, cuts)),
    links: links.map((link) => toLink(link, cuts)),
    content: [...content, ...messages],
    droppedEvents: decoded.droppedEvents,
    droppedLinks: decoded.droppedLinks + decoded.links.length - links.length,
  };
  const flags = readFlags(decoded, context, cuts.truncated || decoded.cut);
  const droppedAttributes = countDroppedAttributes(decoded) + cuts.droppedAttributes;
  return { ok: true, span: { ...span, flags, droppedAttributes } };
}

function newCuts(): Cuts {
  return { truncated: false, droppedAttributes: 0 };
}

const isTraceId = (id: string) => /^[0-9a-f]{32}$/.test(id) && !isZero(id);
const isSpanId = (id: string) => /^[0-9a-f]{16}$/.test(id) && !isZero(id);
const isZero = (id: string) => /^0+$/.test(id);

function describeInvalidIds({ traceId, spanId }: DecodedSpan, parentSpanId: string): string {
  if (!isTraceId(traceId)) return 'traceId must be 16 bytes in hex, not all zero';
  if (!isSpanId(spanId)) return 'spanId must be 8 bytes in hex, not all zero';
  const isParentOk = parentSpanId === '' || isSpanId(parentSpanId);
  return isParentOk ? '' : 'parentSpanId must be empty or 8 bytes in hex';
}

/** Frameworks let a model hand over by a tool with a telling name. */
const handoffTool = /^(?:transfer|handoff)_to_(.+)$/;

function readHandoff(
  kind: SpanKind,
  toolName: string,
  fields: Fields,
): { kind: SpanKind; from: string | null; to: string | null } {
  const from = fields.get('handoffFrom');
  const to = fields.get('handoffTo');
  const target = kind === 'tool' ? handoffTool.exec(toolName)?.[1] : undefined;
  if (target === undefined) return { kind, from, to };
  // `transfer_to_agent` names nobody: whom is in its arguments.
  return {
    kind: 'handoff',
    from: from ?? fields.get('agentName'),
    to: to ?? (target === 'agent' ? null : target),
  };
}

const oneDayNano = 86_400_000_000_000n;

function readFlags(span: DecodedSpan, context: SpanContext, isTruncated: boolean): number {
  const { startTimeUnixNano: start, endTimeUnixNano: end } = span;
  return (
    context.resource.flags |
    context.scope.flags |
    flagIf(spanFlags.running, end === 0n) |
    flagIf(spanFlags.endBeforeStart, end !== 0n && end < start) |
    flagIf(spanFlags.badTime, start === 0n || start > context.receivedUnixNano + oneDayNano) |
    flagIf(spanFlags.truncated, isTruncated) |
    flagIf(spanFlags.wait, isWait(span))
  );
}

function isWait({ name, attributes }: DecodedSpan): boolean {
  return waitRules.some(([key, values]) => {
    const value = key === '' ? name : attributes.get(key);
    return typeof value === 'string' && values.includes(value);
  });
}

function flagIf(flag: number, isOn: boolean): number {
  return isOn ? flag : 0;
}

function countDroppedAttributes(span: DecodedSpan): number {
  return [...span.events, ...span.links].reduce(
    (sum, { droppedAttributes }) => sum + droppedAttributes,
    span.droppedAttributes,
  );
}

function toEvent(event: DecodedEvent, cuts: Cuts): SpanEvent {
  return {
    name: cutText(event.name, maxNameBytes, cuts),
    timeUnixNano: event.timeUnixNano,
    attributes: cutAttributes(event.attributes, cuts),
  };
}

function toLink(link: DecodedLink, cuts: Cuts): SpanLink {
  const rel = link.attributes.get(orchescope.linkRel);
  return {
    traceId: link.traceId,
    spanId: link.spanId,
    rel: typeof rel === 'string' ? cutText(rel, maxNameBytes, cuts) : '',
    attributes: cutAttributes(link.attributes, cuts),
  };
}

/** The version of a vocabulary: a later reader may need it. */
function keepSchemaUrl(attributes: Map<string, AttributeValue>, key: string, url: string): void {
  if (url !== '') attributes.set(key, url);
}

/** Sampled, random and has-is-remote say nothing worth a row; a remote parent and bits not known yet do. */
const plainFlags = 0x103;

function keepFlags(attributes: Map<string, AttributeValue>, flags: number): Attributes {
  return (flags & ~plainFlags) === 0 ? attributes : attributes.set('otlp.flags', flags);
}
