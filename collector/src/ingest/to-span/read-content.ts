/** Message bodies and payloads leave the attributes here. Nothing in them is parsed. */
import type { AttributeValue, Attributes, ContentItem, ContentSlot, SpanKind } from '../../span.ts';
import type { DecodedEvent } from '../otlp/request.ts';
import { toJsonEntry, toJsonObject, toJsonText } from './json-text.ts';
import { cutText, maxContentBytes, type Cuts } from './limits.ts';
import { contentRules, flatRules, messageEventSlots, ruleFor, type ContentRule } from './rules.ts';

export type ReadContent = {
  readonly content: readonly ContentItem[];
  /** The attributes that are no content. */
  readonly rest: Attributes;
};

export function readContent(attributes: Attributes, kind: SpanKind, cuts: Cuts): ReadContent {
  const rest = new Map<string, AttributeValue>();
  const content: ContentItem[] = [];
  const packs = new Map<string, FlatPack>();
  for (const [key, value] of attributes) {
    const rule = isEmpty(value) ? undefined : ruleFor(contentRules.get(key), kind);
    if (rule !== undefined) content.push(toItem(rule, key, value, cuts));
    else if (!packFlat(packs, key, value, kind, cuts)) rest.set(key, value);
  }
  for (const [prefix, pack] of packs) content.push(pack.toItem(prefix));
  return { content, rest };
}

function isEmpty(value: AttributeValue): boolean {
  return value === null || value === '';
}

function toItem(rule: ContentRule, key: string, value: AttributeValue, cuts: Cuts): ContentItem {
  const isText = typeof value === 'string';
  const body = cutText(isText ? value : toJsonText(value), maxContentBytes, cuts);
  const isJson = isText ? !rule.isText && looksLikeJson(body) : true;
  return { slot: rule.slot, key, format: isJson ? 'json' : 'text', body };
}

/** By its two ends alone, so that a text that was cut is text. */
export function looksLikeJson(text: string): boolean {
  return /^\s*(\{|\[|")/.test(text) && /(\}|\]|")\s*$/.test(text.slice(-16));
}

const flatKey = /^(.+?)\.\d+(?:\.|$)/;

/** `llm.input_messages` of `llm.input_messages.0.message.role`; undefined when no number stands in the key. */
export function flatPrefix(key: string): string | undefined {
  return flatKey.exec(key)?.[1];
}

/** Takes `llm.input_messages.0.message.role` and its like; false when it is no such key. */
function packFlat(
  packs: Map<string, FlatPack>,
  key: string,
  value: AttributeValue,
  kind: SpanKind,
  cuts: Cuts,
): boolean {
  const prefix = flatPrefix(key);
  if (prefix === undefined) return false;
  const rule = ruleFor(flatRules.get(prefix), kind);
  if (rule === undefined) return false;
  const pack = packs.get(prefix) ?? new FlatPack(rule.slot);
  packs.set(prefix, pack);
  pack.add(key, value, cuts);
  return true;
}

/** Flattened keys as one JSON object, whole also when it is cut. */
class FlatPack {
  private readonly slot: ContentSlot;
  private readonly entries: string[] = [];
  private bytesLeft = maxContentBytes;

  constructor(slot: ContentSlot) {
    this.slot = slot;
  }

  add(key: string, value: AttributeValue, cuts: Cuts): void {
    const isText = typeof value === 'string';
    const kept = isText ? cutText(value, Math.max(0, this.bytesLeft), cuts) : value;
    const entry = toJsonEntry([key, kept]);
    const size = Buffer.byteLength(entry);
    const fits = this.bytesLeft > 0 && (isText || size <= this.bytesLeft);
    if (fits) this.entries.push(entry);
    else cuts.truncated = true;
    this.bytesLeft -= fits ? size : 0;
  }

  toItem(prefix: string): ContentItem {
    return { slot: this.slot, key: prefix, format: 'flat', body: `{${this.entries.join(',')}}` };
  }
}

/**
 * Span events that are messages, in order, one item a slot: a JSON array of their attributes with the event's name as
 * `event.name`. The key is the name of the first. The events stay where they are.
 */
export function readMessageEvents(
  events: readonly DecodedEvent[],
  kind: SpanKind,
  cuts: Cuts,
): ContentItem[] {
  const slots = new Map<ContentSlot, { key: string; bodies: string[] }>();
  const details: ContentItem[] = [];
  for (const event of events) {
    if (event.name === detailsEvent) {
      details.push(...readContent(event.attributes, kind, cuts).content);
    }
    const slot = slotFor(messageEventSlots.get(event.name), kind);
    if (slot === undefined) continue;
    const entry = slots.get(slot) ?? { key: event.name, bodies: [] };
    slots.set(slot, entry);
    entry.bodies.push(toJsonObject(new Map([['event.name', event.name], ...event.attributes])));
  }
  const messages = Array.from(slots, ([slot, { key, bodies }]) => {
    const whole = `[${bodies.join(',')}]`;
    const body = cutText(whole, maxContentBytes, cuts);
    const format = body === whole ? ('json' as const) : ('text' as const);
    return { slot, key, format, body };
  });
  return [...details, ...messages];
}

/** Carries the message attributes of the newest conventions instead of the span. */
export const detailsEvent = 'gen_ai.client.inference.operation.details';

/** What a tool is asked and answers is no conversation. */
function slotFor(slot: ContentSlot | undefined, kind: SpanKind): ContentSlot | undefined {
  if (kind !== 'tool' && kind !== 'mcp' && kind !== 'handoff') return slot;
  if (slot === 'input_messages') return 'tool_arguments';
  return slot === 'output_messages' ? 'tool_result' : slot;
}
