import type { AttributeValue } from '../span.ts';

/** A string, and the colon that makes it a key. */
const stringToken = /"[^"\\]*(?:\\.[^"\\]*)*"(:?)/gs;

/**
 * Compact JSON as attribute values: objects as Maps in the order they were written, which an object of JavaScript does
 * not keep for keys that look like numbers. Null also for what is no JSON.
 */
export function parseOrderedJson(text: string): AttributeValue {
  const marked = text.replace(stringToken, (token, colon: string) =>
    colon === '' ? token : `"_${token.slice(1)}`,
  );
  try {
    return JSON.parse(marked, toMap) as AttributeValue;
  } catch {
    // Cut or written by somebody else: the caller decides what that means.
    return null;
  }
}

/** Called from the inside out. */
function toMap(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return new Map(Object.entries(value).map(([key, inner]) => [key.slice(1), inner as unknown]));
}
