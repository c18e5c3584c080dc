/** What one attribute looks like in the maps of attributes, for whoever writes cells itself. */
import type { AttributeValue } from '../../span.ts';
import { attributeType, toAttributeText } from '../attribute-text.ts';

export type AttributeCell = {
  readonly text: string;
  /** The word for its type; a `string` is not written down. */
  readonly type: string;
};

export function toAttributeCell(value: AttributeValue): AttributeCell {
  return { text: toAttributeText(value), type: attributeType(value) };
}
