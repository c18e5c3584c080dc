/** A stored span as it was when it had just been decoded: what its sender wrote, as far as it was kept. */
import type { DecodedScopeSpans, DecodedSpan } from '../ingest/otlp/request.ts';
import { keepTraceFlags } from '../ingest/to-span/read-flags.ts';
import {
  readResource,
  readScope,
  type Resource,
  type Scope,
} from '../ingest/to-span/read-resource.ts';
import type { AttributeValue, Attributes, ContentItem, Span, SpanStatus } from '../span.ts';
import { toContentAttributes } from './content-attributes.ts';

export type Decoded = {
  readonly decoded: DecodedSpan;
  readonly resource: Resource;
  readonly scope: Scope;
  /** Content that cannot be read again. */
  readonly unreadable: readonly ContentItem[];
};

/** @param content what came from attributes; what came from events is in the events */
export function toDecoded(span: Span, content: readonly ContentItem[]): Decoded {
  const attributes = new Map(span.attributes);
  const flags = takeTraceFlags(attributes);
  const { attributes: ofContent, unreadable } = toContentAttributes(content);
  for (const [key, value] of ofContent) attributes.set(key, value);
  return { decoded: toDecodedSpan(span, attributes, flags), ...readShared(span), unreadable };
}

function toDecodedSpan(span: Span, attributes: Attributes, flags: number): DecodedSpan {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    traceState: span.traceState,
    flags,
    name: span.name,
    kind: span.otelKind,
    startTimeUnixNano: span.startTimeUnixNano,
    endTimeUnixNano: span.endTimeUnixNano,
    attributes,
    // The one count is of the span, its events and its links together.
    droppedAttributes: span.droppedAttributes,
    events: span.events.map((event) => ({ ...event, droppedAttributes: 0 })),
    droppedEvents: span.droppedEvents,
    links: span.links.map((link) => ({ ...link, droppedAttributes: 0 })),
    droppedLinks: span.droppedLinks,
    status: { code: statusCodes[span.status], message: span.statusMessage },
    cut: false,
  };
}

/** The code that was sent is not kept: what counted as an error stays one. */
const statusCodes: Readonly<Record<SpanStatus, number>> = { unset: 0, ok: 1, error: 2 };

/** Ingest keeps rare trace flags among the attributes. */
function takeTraceFlags(attributes: Map<string, AttributeValue>): number {
  const flags = attributes.get('otlp.flags');
  // A sender may use the name for something else.
  if (typeof flags !== 'number' || keepTraceFlags(new Map(), flags).size === 0) return 0;
  attributes.delete('otlp.flags');
  return flags;
}

function readShared(span: Span): { resource: Resource; scope: Scope } {
  const resource = splitSchemaUrl(span.resourceAttributes, 'otel.resource.schema_url');
  const scope = splitSchemaUrl(span.scopeAttributes, 'otel.scope.schema_url');
  const decodedScope: DecodedScopeSpans = {
    ...scope,
    name: span.scopeName,
    version: span.scopeVersion,
    spans: [],
    unreadable: [],
  };
  return { resource: readResource(resource), scope: readScope(decodedScope) };
}

function splitSchemaUrl(
  stored: Attributes,
  key: string,
): { attributes: Attributes; schemaUrl: string } {
  const schemaUrl = stored.get(key);
  if (typeof schemaUrl !== 'string') return { attributes: stored, schemaUrl: '' };
  const attributes = new Map(stored);
  attributes.delete(key);
  return { attributes, schemaUrl };
}
