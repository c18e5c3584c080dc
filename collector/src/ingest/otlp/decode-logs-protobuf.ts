/** ExportLogsServiceRequest in protobuf. Field numbers are those of opentelemetry/proto/logs/v1/logs.proto. */
import type { AttributeValue } from '../../span.ts';
import type { DecodedLog } from './decoded-logs.ts';
import type { DecodedEnvelope } from './envelope.ts';
import { decodeProtobufEnvelope } from './envelope-protobuf.ts';
import { readKeyValue, readValue } from './protobuf-values.ts';
import type { Losses } from './request.ts';
import { tagOf, wire, type WireReader } from './wire-reader.ts';

/** @throws MalformedBodyError, TooManyMessagesError */
export function decodeProtobufLogs(body: Buffer): DecodedEnvelope<DecodedLog> {
  return decodeProtobufEnvelope(body, readLog);
}

function readLog(reader: WireReader, losses: Losses): DecodedLog {
  const cutsBefore = losses.cuts;
  const attributes = new Map<string, AttributeValue>();
  const log = {
    timeUnixNano: 0n,
    observedTimeUnixNano: 0n,
    severityNumber: 0,
    severityText: '',
    body: null as AttributeValue,
    droppedAttributes: 0,
    flags: 0,
    traceId: '',
    spanId: '',
    eventName: '',
  };
  while (reader.next()) {
    switch (reader.tag) {
      case tagOf(1, wire.fixed64):
        log.timeUnixNano = reader.fixed64();
        break;
      case tagOf(2, wire.varint):
        log.severityNumber = reader.uint32();
        break;
      case tagOf(3, wire.bytes):
        log.severityText = reader.text();
        break;
      case tagOf(5, wire.bytes):
        log.body = readValue(reader.message(), losses, 0);
        break;
      case tagOf(6, wire.bytes):
        readKeyValue(reader.message(), attributes, losses, 0);
        break;
      case tagOf(7, wire.varint):
        log.droppedAttributes = reader.uint32();
        break;
      case tagOf(8, wire.fixed32):
        log.flags = reader.fixed32();
        break;
      case tagOf(9, wire.bytes):
        log.traceId = reader.hex();
        break;
      case tagOf(10, wire.bytes):
        log.spanId = reader.hex();
        break;
      case tagOf(11, wire.fixed64):
        log.observedTimeUnixNano = reader.fixed64();
        break;
      case tagOf(12, wire.bytes):
        log.eventName = reader.text();
        break;
      default:
        reader.skip();
    }
  }
  return { ...log, attributes, cut: losses.cuts > cutsBefore };
}
