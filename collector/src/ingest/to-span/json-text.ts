import type { AttributeValue } from '../../span.ts';

/**
 * An attribute value as JSON text, written by hand because a key may be `__proto__`. Integers beyond 2^53 are decimal
 * strings, bytes base64 strings, and numbers JSON does not have their names.
 */
export function toJsonText(value: AttributeValue): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed());
  if (typeof value === 'bigint') return `"${value}"`;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `"${value}"`;
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(toJsonText).join(',')}]`;
  if (value instanceof Map) return toJsonObject(value);
  return 'bytes' in value ? JSON.stringify(value.bytes) : 'null';
}

export function toJsonObject(entries: Iterable<readonly [string, AttributeValue]>): string {
  return `{${Array.from(entries, toJsonEntry).join(',')}}`;
}

export function toJsonEntry([key, value]: readonly [string, AttributeValue]): string {
  return `${JSON.stringify(key.toWellFormed())}:${toJsonText(value)}`;
}
