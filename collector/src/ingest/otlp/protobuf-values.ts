/** KeyValue and AnyValue of opentelemetry/proto/common/v1/common.proto. */
import type { AttributeValue } from '../../span.ts';
import { deepValueWarning, indexWarning, maxValueDepth, type Losses } from './request.ts';
import { tagOf, wire, type WireReader } from './wire-reader.ts';

/** The value may stand before its key, and a key may come again: the last one wins. */
export function readKeyValue(
  reader: WireReader,
  into: Map<string, AttributeValue>,
  losses: Losses,
  depth: number,
): void {
  let key = '';
  let value: AttributeValue = null;
  while (reader.next()) {
    if (reader.tag === tagOf(1, wire.bytes)) key = reader.text();
    else if (reader.tag === tagOf(2, wire.bytes))
      value = readValue(reader.message(), losses, depth);
    else {
      if (reader.tag === tagOf(3, wire.varint)) losses.warnings.add(indexWarning);
      reader.skip();
    }
  }
  into.set(key, value);
}

export function readValue(reader: WireReader, losses: Losses, depth: number): AttributeValue {
  let value: AttributeValue = null;
  while (reader.next()) {
    switch (reader.tag) {
      case tagOf(1, wire.bytes):
        value = reader.text();
        break;
      case tagOf(2, wire.varint):
        value = reader.bool();
        break;
      case tagOf(3, wire.varint):
        value = reader.int64();
        break;
      case tagOf(4, wire.fixed64):
        value = reader.double();
        break;
      case tagOf(5, wire.bytes):
        value = readNested(reader, losses, depth, readArray);
        break;
      case tagOf(6, wire.bytes):
        value = readNested(reader, losses, depth, readMap);
        break;
      case tagOf(7, wire.bytes):
        value = { bytes: reader.base64() };
        break;
      case tagOf(8, wire.varint):
        losses.warnings.add(indexWarning);
        reader.skip();
        break;
      default:
        reader.skip();
    }
  }
  return value;
}

function readNested(
  reader: WireReader,
  losses: Losses,
  depth: number,
  read: (reader: WireReader, losses: Losses, depth: number) => AttributeValue,
): AttributeValue {
  if (depth < maxValueDepth) return read(reader.message(), losses, depth + 1);
  losses.warnings.add(deepValueWarning);
  losses.cuts++;
  reader.skip();
  return null;
}

function readArray(reader: WireReader, losses: Losses, depth: number): AttributeValue {
  const values: AttributeValue[] = [];
  while (reader.next()) {
    if (reader.tag === tagOf(1, wire.bytes)) {
      values.push(readValue(reader.message(), losses, depth));
    } else reader.skip();
  }
  return values;
}

function readMap(reader: WireReader, losses: Losses, depth: number): AttributeValue {
  const values = new Map<string, AttributeValue>();
  while (reader.next()) {
    if (reader.tag === tagOf(1, wire.bytes)) readKeyValue(reader.message(), values, losses, depth);
    else reader.skip();
  }
  return values;
}
