/** A span in protobuf. Field numbers are those of opentelemetry/proto/trace/v1/trace.proto. */
import type { AttributeValue } from '../../span.ts';
import { readKeyValue } from './protobuf-values.ts';
import type { DecodedEvent, DecodedLink, DecodedSpan, Losses } from './request.ts';
import { tagOf, wire, type WireReader } from './wire-reader.ts';

export function readSpan(reader: WireReader, losses: Losses): DecodedSpan {
  const cutsBefore = losses.cuts;
  const attributes = new Map<string, AttributeValue>();
  const events: DecodedEvent[] = [];
  const links: DecodedLink[] = [];
  const span = {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    traceState: '',
    flags: 0,
    name: '',
    kind: 0,
    startTimeUnixNano: 0n,
    endTimeUnixNano: 0n,
    droppedAttributes: 0,
    droppedEvents: 0,
    droppedLinks: 0,
    status: { code: 0, message: '' },
  };
  while (reader.next()) {
    switch (reader.tag) {
      case tagOf(1, wire.bytes):
        span.traceId = reader.hex();
        break;
      case tagOf(2, wire.bytes):
        span.spanId = reader.hex();
        break;
      case tagOf(3, wire.bytes):
        span.traceState = reader.text();
        break;
      case tagOf(4, wire.bytes):
        span.parentSpanId = reader.hex();
        break;
      case tagOf(5, wire.bytes):
        span.name = reader.text();
        break;
      case tagOf(6, wire.varint):
        span.kind = reader.uint32();
        break;
      case tagOf(7, wire.fixed64):
        span.startTimeUnixNano = reader.fixed64();
        break;
      case tagOf(8, wire.fixed64):
        span.endTimeUnixNano = reader.fixed64();
        break;
      case tagOf(9, wire.bytes):
        readKeyValue(reader.message(), attributes, losses, 0);
        break;
      case tagOf(10, wire.varint):
        span.droppedAttributes = reader.uint32();
        break;
      case tagOf(11, wire.bytes):
        events.push(readEvent(reader.message(), losses));
        break;
      case tagOf(12, wire.varint):
        span.droppedEvents = reader.uint32();
        break;
      case tagOf(13, wire.bytes):
        links.push(readLink(reader.message(), losses));
        break;
      case tagOf(14, wire.varint):
        span.droppedLinks = reader.uint32();
        break;
      case tagOf(15, wire.bytes):
        span.status = readStatus(reader.message());
        break;
      case tagOf(16, wire.fixed32):
        span.flags = reader.fixed32();
        break;
      default:
        reader.skip();
    }
  }
  return { ...span, attributes, events, links, cut: losses.cuts > cutsBefore };
}

function readStatus(reader: WireReader): { code: number; message: string } {
  const status = { code: 0, message: '' };
  while (reader.next()) {
    if (reader.tag === tagOf(2, wire.bytes)) status.message = reader.text();
    else if (reader.tag === tagOf(3, wire.varint)) status.code = reader.uint32();
    else reader.skip();
  }
  return status;
}

export function readEvent(reader: WireReader, losses: Losses): DecodedEvent {
  const attributes = new Map<string, AttributeValue>();
  const event = { name: '', timeUnixNano: 0n, attributes, droppedAttributes: 0 };
  while (reader.next()) {
    switch (reader.tag) {
      case tagOf(1, wire.fixed64):
        event.timeUnixNano = reader.fixed64();
        break;
      case tagOf(2, wire.bytes):
        event.name = reader.text();
        break;
      case tagOf(3, wire.bytes):
        readKeyValue(reader.message(), attributes, losses, 0);
        break;
      case tagOf(4, wire.varint):
        event.droppedAttributes = reader.uint32();
        break;
      default:
        reader.skip();
    }
  }
  return event;
}

export function readLink(reader: WireReader, losses: Losses): DecodedLink {
  const attributes = new Map<string, AttributeValue>();
  const link = { traceId: '', spanId: '', attributes, droppedAttributes: 0 };
  while (reader.next()) {
    switch (reader.tag) {
      case tagOf(1, wire.bytes):
        link.traceId = reader.hex();
        break;
      case tagOf(2, wire.bytes):
        link.spanId = reader.hex();
        break;
      case tagOf(4, wire.bytes):
        readKeyValue(reader.message(), attributes, losses, 0);
        break;
      case tagOf(5, wire.varint):
        link.droppedAttributes = reader.uint32();
        break;
      default:
        reader.skip();
    }
  }
  return link;
}
