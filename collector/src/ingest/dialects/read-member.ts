import type { AttributeValue } from '../../span.ts';

/** Longer JSON is a payload, not a handful of facts. */
const maxMemberSourceLength = 64 * 1024;

export function readMember(value: AttributeValue, member: string): AttributeValue {
  if (value instanceof Map) return (value.get(member) as AttributeValue | undefined) ?? null;
  if (typeof value !== 'string' || value.length > maxMemberSourceLength) return null;
  const parsed = parseObject(value);
  if (parsed === null || !Object.hasOwn(parsed, member)) return null;
  const found = parsed[member];
  return typeof found === 'string' || typeof found === 'number' ? found : null;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' ? (parsed as Record<string, unknown> | null) : null;
  } catch {
    // A sender's text that only looks like JSON says nothing about this field, and stays as it is.
    return null;
  }
}
