/** Attributes as text for people. */
import { toPlain } from '../analysis/plain-value.ts';
import type { Attribute } from '../contract.ts';
import type { Attributes, AttributeValue } from '../span.ts';
import { attributeType, toAttributeText } from '../store/attribute-text.ts';

export function toAttributes(attributes: Attributes): Attribute[] {
  return Array.from(attributes, ([key, value]) => toAttribute(key, value));
}

export function toAttribute(key: string, value: AttributeValue): Attribute {
  return { key, type: attributeType(value), value: toShownText(value) };
}

function toShownText(value: AttributeValue): string {
  const type = attributeType(value);
  return type === 'array' || type === 'map'
    ? JSON.stringify(toPlain(value))
    : toAttributeText(value);
}
