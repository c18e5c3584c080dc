/** KeyValue and AnyValue in JSON. An empty AnyValue, and one of an unknown kind, is null. */
import type { AttributeValue } from '../../span.ts';
import {
  readDouble,
  readIntValue,
  readList,
  readObject,
  readString,
  WrongFieldError,
  type JsonObject,
} from './json-fields.ts';
import { deepValueWarning, indexWarning, maxValueDepth, type Losses } from './request.ts';

/** A Map, since a key may be `__proto__`; of a repeated key the last value wins. */
export function readAttributes(
  source: unknown,
  losses: Losses,
  depth = 0,
): ReadonlyMap<string, AttributeValue> {
  const attributes = new Map<string, AttributeValue>();
  for (const item of readList(source, 'attributes')) {
    const pair = readObject(item, 'an attribute');
    if ('keyStrindex' in pair) losses.warnings.add(indexWarning);
    attributes.set(
      readString(pair['key'], 'an attribute key'),
      readValue(pair['value'], losses, depth),
    );
  }
  return attributes;
}

export function readValue(source: unknown, losses: Losses, depth: number): AttributeValue {
  const value = readObject(source, 'an attribute value');
  if (isSet(value, 'stringValue')) return readString(value['stringValue'], 'stringValue');
  if (isSet(value, 'boolValue')) return readBool(value['boolValue']);
  if (isSet(value, 'intValue')) return readIntValue(value['intValue'], 'intValue');
  if (isSet(value, 'doubleValue')) return readDouble(value['doubleValue'], 'doubleValue');
  if (isSet(value, 'bytesValue')) return readBytes(value['bytesValue']);
  if (isSet(value, 'arrayValue')) return readNested(value, losses, depth, readArray);
  if (isSet(value, 'kvlistValue')) return readNested(value, losses, depth, readMap);
  if ('stringValueStrindex' in value) losses.warnings.add(indexWarning);
  return null;
}

function isSet(value: JsonObject, field: string): boolean {
  return value[field] !== null && value[field] !== undefined;
}

function readBool(source: unknown): boolean {
  if (typeof source === 'boolean') return source;
  throw new WrongFieldError('boolValue must be true or false');
}

/** Base64 of either alphabet, with or without padding, in one spelling. */
function readBytes(source: unknown): AttributeValue {
  return { bytes: Buffer.from(readString(source, 'bytesValue'), 'base64').toString('base64') };
}

function readNested(
  value: JsonObject,
  losses: Losses,
  depth: number,
  read: (value: JsonObject, losses: Losses, depth: number) => AttributeValue,
): AttributeValue {
  if (depth < maxValueDepth) return read(value, losses, depth + 1);
  losses.warnings.add(deepValueWarning);
  losses.cuts++;
  return null;
}

function readArray(value: JsonObject, losses: Losses, depth: number): AttributeValue {
  const list = readObject(value['arrayValue'], 'arrayValue');
  return readList(list['values'], 'arrayValue.values').map((item) =>
    readValue(item, losses, depth),
  );
}

function readMap(value: JsonObject, losses: Losses, depth: number): AttributeValue {
  const list = readObject(value['kvlistValue'], 'kvlistValue');
  return readAttributes(list['values'], losses, depth);
}
