import type { AttributeValue } from '../span.ts';

/**
 * As the API writes JSON: large integers are decimal strings, bytes are base64, numbers JSON does not have are their
 * names. Objects have no prototype to hit.
 */
export function toPlain(value: AttributeValue): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof Map) return toPlainObject(value);
  return (value as { readonly bytes: string }).bytes;
}

export function toPlainObject(
  entries: Iterable<readonly [string, AttributeValue]>,
): Record<string, unknown> {
  const plain = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of entries) plain[key] = toPlain(value);
  return plain;
}
