import type { AttributeValue, Attributes } from '../../span.ts';
import type { DecodedEnvelope, DecodedResource, DecodedScope } from './envelope.ts';
import { readKeyValue } from './protobuf-values.ts';
import type { Losses } from './request.ts';
import { tagOf, wire, WireReader } from './wire-reader.ts';

export type ReadMessage<R> = (reader: WireReader, losses: Losses) => R;

/** @throws MalformedBodyError when the bytes are not a whole message */
export function decodeProtobufEnvelope<R>(
  body: Buffer,
  readRecord: ReadMessage<R>,
): DecodedEnvelope<R> {
  const losses: Losses = { warnings: new Set(), cuts: 0 };
  const resources: DecodedResource<R>[] = [];
  const reader = new WireReader(body);
  while (reader.next()) {
    if (reader.tag === tagOf(1, wire.bytes)) {
      resources.push(readResource(reader.message(), readRecord, losses));
    } else reader.skip();
  }
  return { resources, warnings: losses.warnings };
}

function readResource<R>(
  reader: WireReader,
  readRecord: ReadMessage<R>,
  losses: Losses,
): DecodedResource<R> {
  let attributes: Attributes = new Map();
  let schemaUrl = '';
  const scopes: DecodedScope<R>[] = [];
  while (reader.next()) {
    switch (reader.tag) {
      case tagOf(1, wire.bytes):
        attributes = readScope(reader.message(), 1, losses).attributes;
        break;
      case tagOf(2, wire.bytes):
        scopes.push(readRecords(reader.message(), readRecord, losses));
        break;
      case tagOf(3, wire.bytes):
        schemaUrl = reader.text();
        break;
      default:
        reader.skip();
    }
  }
  return { attributes, schemaUrl, scopes };
}

function readRecords<R>(
  reader: WireReader,
  readRecord: ReadMessage<R>,
  losses: Losses,
): DecodedScope<R> {
  let scope: Scope = { name: '', version: '', attributes: new Map() };
  let schemaUrl = '';
  const records: R[] = [];
  while (reader.next()) {
    switch (reader.tag) {
      case tagOf(1, wire.bytes):
        scope = readScope(reader.message(), 3, losses);
        break;
      case tagOf(2, wire.bytes):
        records.push(readRecord(reader.message(), losses));
        break;
      case tagOf(3, wire.bytes):
        schemaUrl = reader.text();
        break;
      default:
        reader.skip();
    }
  }
  return { ...scope, schemaUrl, records, unreadable: [] };
}

export type Scope = { name: string; version: string; attributes: Attributes };

/** A Resource (attributes = field 1, no name) or an InstrumentationScope (attributes = field 3). */
export function readScope(reader: WireReader, attributesField: 1 | 3, losses: Losses): Scope {
  const attributes = new Map<string, AttributeValue>();
  const scope = { name: '', version: '', attributes };
  while (reader.next()) {
    if (reader.tag === tagOf(attributesField, wire.bytes)) {
      readKeyValue(reader.message(), attributes, losses, 0);
    } else if (reader.tag === tagOf(1, wire.bytes)) scope.name = reader.text();
    else if (reader.tag === tagOf(2, wire.bytes)) scope.version = reader.text();
    else reader.skip();
  }
  return scope;
}
