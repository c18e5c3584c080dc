/** What one span may hold. What is longer is cut and the span is flagged; a sender is never refused for it. */
import type { AttributeValue, Attributes } from '../../span.ts';
import { defaultSpanLimits, type SpanLimits } from '../limits.ts';

/** What each is stands with `SpanLimits`. They are of the whole process: the hot path reads plain numbers. */
export let maxAttributes = defaultSpanLimits.attributes;
export let maxAttributeBytes = defaultSpanLimits.attributeBytes;
export let maxContentBytes = defaultSpanLimits.contentBytes;
export let maxNameBytes = defaultSpanLimits.nameBytes;

/** Before the first body is decoded: room for attributes is made once. */
export function useSpanLimits(limits: Omit<SpanLimits, 'valueDepth'>): void {
  maxAttributes = limits.attributes;
  maxAttributeBytes = limits.attributeBytes;
  maxContentBytes = limits.contentBytes;
  maxNameBytes = limits.nameBytes;
}

/** Set when anything was cut; one a span. */
export type Cuts = { truncated: boolean; droppedAttributes: number };

/** The longest start of the text that fits, never half a character. */
export function cutText(text: string, maxBytes: number, cuts: Cuts): string {
  // A UTF-16 unit takes at most three bytes, so nearly every text is measured without reading it.
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return text;
  cuts.truncated = true;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read);
}

/** @param maxBytes of one value; more where values are messages */
export function cutAttributes(
  attributes: Attributes,
  cuts: Cuts,
  maxBytes = maxAttributeBytes,
): Map<string, AttributeValue> {
  const kept = new Map<string, AttributeValue>();
  for (const [key, value] of attributes) {
    if (kept.size < maxAttributes)
      kept.set(cutText(key, maxNameBytes, cuts), cutValue(value, cuts, maxBytes));
    else cuts.droppedAttributes++;
  }
  if (attributes.size > maxAttributes) cuts.truncated = true;
  return kept;
}

export function cutValue(value: AttributeValue, cuts: Cuts, maxBytes: number): AttributeValue {
  if (typeof value === 'string') return cutText(value, maxBytes, cuts);
  if (typeof value !== 'object' || value === null) return value;
  return cutNested(value, { bytes: maxBytes }, cuts);
}

/** Spends the budget from front to back: what comes after it is used up is left out. */
function cutNested(value: AttributeValue, left: { bytes: number }, cuts: Cuts): AttributeValue {
  if (typeof value === 'string') return spend(value, left, cuts);
  left.bytes -= 8;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return cutItems(value, left, cuts);
  if (value instanceof Map) return new Map(cutEntries(value, left, cuts));
  return 'bytes' in value ? { bytes: spend(value.bytes, left, cuts) } : value;
}

function cutItems(
  items: readonly AttributeValue[],
  left: { bytes: number },
  cuts: Cuts,
): AttributeValue[] {
  const kept: AttributeValue[] = [];
  for (const item of items) {
    if (!hasBudget(left, cuts)) break;
    kept.push(cutNested(item, left, cuts));
  }
  return kept;
}

function* cutEntries(
  map: ReadonlyMap<string, AttributeValue>,
  left: { bytes: number },
  cuts: Cuts,
): Generator<[string, AttributeValue]> {
  for (const [key, value] of map) {
    if (!hasBudget(left, cuts)) return;
    yield [spend(key, left, cuts), cutNested(value, left, cuts)];
  }
}

function hasBudget(left: { bytes: number }, cuts: Cuts): boolean {
  if (left.bytes <= 0) cuts.truncated = true;
  return left.bytes > 0;
}

function spend(text: string, left: { bytes: number }, cuts: Cuts): string {
  const kept = cutText(text, Math.max(0, left.bytes), cuts);
  left.bytes -= Buffer.byteLength(kept);
  return kept;
}

export function newCuts(): Cuts {
  return { truncated: false, droppedAttributes: 0 };
}
