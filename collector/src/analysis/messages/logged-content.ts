/** Messages that a sender wrote into log records instead of the span they belong to. */
import type { LogRecord } from '../../log-record.ts';
import type { AttributeValue, ContentItem, ContentSlot, Span, SpanKind } from '../../span.ts';
import { toPlainObject } from '../plain-value.ts';

/**
 * As content items of the span, in the form its own message events have. Where the span tells a slot itself, records
 * say the same once more and are left out.
 */
export function toLoggedContent(
  span: Pick<Span, 'kind' | 'content'>,
  records: readonly LogRecord[],
): ContentItem[] {
  const taken = new Set(span.content.map(({ slot }) => slot));
  const whole = fromPayloads(records, taken);
  for (const { slot } of whole) taken.add(slot);
  return [...whole, ...fromEvents(records, span.kind, taken)];
}

/** Of each slot what the first record with it says: one record tells a whole call. */
function fromPayloads(
  records: readonly LogRecord[],
  taken: ReadonlySet<ContentSlot>,
): ContentItem[] {
  const found = new Map<ContentSlot, readonly ContentItem[]>();
  for (const { fact, content } of records) {
    if (fact === 'error') continue;
    for (const [slot, items] of Map.groupBy(content, (item) => item.slot)) {
      if (!taken.has(slot) && !found.has(slot)) found.set(slot, items);
    }
  }
  return [...found.values()].flat();
}

/** One record a message, in the order they were written. */
function fromEvents(
  records: readonly LogRecord[],
  kind: SpanKind,
  taken: ReadonlySet<ContentSlot>,
): ContentItem[] {
  const slots = new Map<ContentSlot, LogRecord[]>();
  for (const record of records) {
    const slot = slotFor(record.messageSlot, kind);
    if (slot === '' || taken.has(slot)) continue;
    slots.set(slot, [...(slots.get(slot) ?? []), record]);
  }
  return Array.from(slots, ([slot, messages]) => ({
    slot,
    key: messages[0]?.eventName ?? '',
    format: 'json' as const,
    body: JSON.stringify(messages.map((record) => toPlainObject(toEntries(record)))),
  }));
}

function* toEntries({
  eventName,
  attributes,
  body,
}: LogRecord): Generator<readonly [string, AttributeValue]> {
  yield ['event.name', eventName];
  yield* attributes;
  // The fields of a message are the body's, but where it is one text.
  if (body instanceof Map) yield* body as ReadonlyMap<string, AttributeValue>;
  else if (typeof body === 'string' && /^\s*[[{]/.test(body)) yield ['body', body];
  else if (body !== null && body !== '') yield ['content', body];
}

/** What a tool is asked and answers is no conversation. */
function slotFor(slot: LogRecord['messageSlot'], kind: SpanKind): LogRecord['messageSlot'] {
  if (kind !== 'tool' && kind !== 'mcp' && kind !== 'handoff') return slot;
  if (slot === 'input_messages') return 'tool_arguments';
  return slot === 'output_messages' ? 'tool_result' : slot;
}
