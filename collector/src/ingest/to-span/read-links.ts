import { orchescope } from '@orchescope/sdk/attributes';
import type { SpanEvent, SpanLink } from '../../span.ts';
import type { DecodedEvent, DecodedLink, DecodedSpan } from '../otlp/request.ts';
import { cutAttributes, cutText, maxNameBytes, type Cuts } from './limits.ts';

export function toEvent(event: DecodedEvent, cuts: Cuts): SpanEvent {
  return {
    name: cutText(event.name, maxNameBytes, cuts),
    timeUnixNano: event.timeUnixNano,
    attributes: cutAttributes(event.attributes, cuts),
  };
}

export function toLink(link: DecodedLink, cuts: Cuts): SpanLink {
  const rel = link.attributes.get(orchescope.linkRel);
  return {
    traceId: link.traceId,
    spanId: link.spanId,
    rel: typeof rel === 'string' ? cutText(rel, maxNameBytes, cuts) : '',
    attributes: cutAttributes(link.attributes, cuts),
  };
}

/** Of the span, its events and its links together. */
export function countDroppedAttributes(span: DecodedSpan): number {
  return [...span.events, ...span.links].reduce(
    (sum, { droppedAttributes }) => sum + droppedAttributes,
    span.droppedAttributes,
  );
}
