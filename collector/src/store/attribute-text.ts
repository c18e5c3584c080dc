/**
 * Attribute values as text, the way the store keeps them, and back again without loss.
 * A scalar is its plain text beside a type; arrays, maps, and everything inside them are JSON.
 */
import type { AttributeValue, Attributes } from '../span.ts';

export const attributeTypes = [
  'string',
  'int',
  'double',
  'bool',
  'bytes',
  'array',
  'map',
  'empty',
] as const;
export type AttributeType = (typeof attributeTypes)[number];

export function attributeType(value: AttributeValue): AttributeType {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Map) return 'map';
  if (typeof value === 'object') return 'bytes';
  if (typeof value === 'number') return isInt(value) ? 'int' : 'double';
  return scalarTypes[typeof value] ?? 'string';
}

const scalarTypes: Readonly<Record<string, AttributeType>> = { bigint: 'int', boolean: 'bool' };

/** JavaScript has one number type: a whole number is an int, unless it is too large to be exact, or -0. */
function isInt(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

export function toAttributeText(value: AttributeValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (isBytes(value)) return value.bytes.toWellFormed();
  if (typeof value === 'object') return toJson(value);
  return String(value);
}

export function fromAttributeText(type: string, text: string): AttributeValue {
  switch (type) {
    case 'int':
      return toInt(text);
    case 'double':
      return Number(text);
    case 'bool':
      return text === 'true';
    case 'bytes':
      return { bytes: text };
    case 'empty':
      return null;
    case 'array':
    case 'map':
      return fromJson(text);
    default:
      return text;
  }
}

/** A whole attribute map as one JSON text, for events and links. */
export function toAttributesJson(attributes: Attributes): string {
  return attributes.size === 0 ? '' : toJson(attributes);
}

export function fromAttributesJson(text: string): Attributes {
  const value = text === '' ? new Map<string, AttributeValue>() : fromJson(text);
  return value instanceof Map ? value : new Map();
}

/** Text that ClickHouse accepts: it refuses a whole insert for one half of a surrogate pair. */
function toJsonString(text: string): string {
  // Most columns of most spans are empty.
  return text === '' ? '""' : JSON.stringify(text.toWellFormed());
}

function toJson(value: AttributeValue): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return `${value}`;
  if (typeof value === 'string') return toJsonString(value);
  if (typeof value === 'number') return toJsonNumber(value);
  if (isBytes(value)) return `{"${bytesTag}":${toJsonString(value.bytes)}}`;
  if (value instanceof Map) return toJsonMap(value);
  return `[${(value as readonly AttributeValue[]).map(toJson).join(',')}]`;
}

const bytesTag = '$bytes';
const doubleTag = '$double';
const tagged = /^\$+(bytes|double)$/;

/** Digits alone mean an int on the way back, so a large double is written with an exponent. */
function toJsonNumber(value: number): string {
  if (!Number.isFinite(value)) return `{"${doubleTag}":"${value}"}`;
  if (Object.is(value, -0)) return '-0';
  return Number.isInteger(value) && !isInt(value) ? value.toExponential() : String(value);
}

/** A sender's own map that looks like a tag gets one `$` more, which reading takes away. */
function toJsonMap(map: ReadonlyMap<string, AttributeValue>): string {
  const escape = map.size === 1 ? '$' : '';
  const entries = [...map].map(([key, value]) => {
    const name = tagged.test(key) ? escape + key : key;
    return `${toJsonString(name)}:${toJson(value)}`;
  });
  return `{${entries.join(',')}}`;
}

function fromJson(text: string): AttributeValue {
  return JSON.parse(text, revive as (this: unknown, key: string, value: unknown) => unknown);
}

/** Bottom-up: what is inside an object has been revived already. `source` keeps the digits JSON.parse rounds. */
function revive(_: string, value: unknown, context: { readonly source?: string }): unknown {
  if (typeof value === 'number') return reviveNumber(value, context.source ?? '');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return reviveObject(Object.entries(value));
}

function reviveNumber(value: number, source: string): number | bigint {
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(source) ? value : BigInt(source);
}

function reviveObject(entries: [string, AttributeValue][]): AttributeValue {
  const [first] = entries;
  if (entries.length !== 1 || first === undefined) return new Map(entries);
  const [key, value] = first;
  if (key === bytesTag && typeof value === 'string') return { bytes: value };
  if (key === doubleTag && typeof value === 'string') return Number(value);
  return new Map([[tagged.test(key) ? key.slice(1) : key, value]]);
}

function toInt(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

function isBytes(value: AttributeValue): value is { readonly bytes: string } {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map)
  );
}
