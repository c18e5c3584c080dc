/** The body of a piece of content as a JSON value, however it was packed. */
import type { ContentItem } from '../../span.ts';
import { field, isObject, listField, type JsonObject } from './json-fields.ts';
import { unflatten } from './unflatten.ts';

/** Text that is no JSON, or JSON that was cut, comes back as text. */
export function toBodyValue(item: ContentItem): unknown {
  if (item.format === 'text') return item.body;
  const value = parse(item.body);
  if (item.format === 'flat') return isObject(value) ? unflatten(value, item.key) : value;
  const plain = fromAnyValue(value, 0);
  // Senders without structured attributes put JSON into a string.
  return typeof plain === 'string' && /^\s*[[{"]/.test(plain) ? parse(plain) : plain;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut to a size limit, or never JSON.
    return text;
  }
}

const maxDepth = 32;

/** OTLP's own JSON of an AnyValue, `{"stringValue": "x"}`, is unwrapped; other JSON stays as it is. */
function fromAnyValue(value: unknown, depth: number): unknown {
  if (depth > maxDepth) return value;
  if (Array.isArray(value)) return value.map((one) => fromAnyValue(one, depth + 1));
  if (!isObject(value)) return value;
  const [only, ...others] = Object.keys(value);
  if (only === undefined || others.length > 0) return value;
  const inner = field(value, only);
  if (scalars.has(only)) return inner;
  if (only === 'arrayValue' && isObject(inner)) {
    return listField(inner, 'values').map((one) => fromAnyValue(one, depth + 1));
  }
  return only === 'kvlistValue' && isObject(inner) ? fromEntries(inner, depth) : value;
}

const scalars = new Set(['stringValue', 'intValue', 'doubleValue', 'boolValue', 'bytesValue']);

function fromEntries(inner: JsonObject, depth: number): JsonObject {
  const entries = listField(inner, 'values').filter(isObject);
  return Object.fromEntries(
    entries.map((one) => [String(field(one, 'key')), fromAnyValue(field(one, 'value'), depth + 1)]),
  );
}
