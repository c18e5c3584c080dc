/** Content that was read from a span's events. The events are kept too, so it is read from them again. */
import { toJsonText } from '../ingest/to-span/json-text.ts';
import { newCuts } from '../ingest/to-span/limits.ts';
import { detailsEvent, readContent } from '../ingest/to-span/read-content.ts';
import type { ContentItem, Span, SpanEvent, SpanKind } from '../span.ts';
import { isSameJson } from './is-same-json.ts';

export type SplitContent = {
  /** From attributes of the span itself. */
  readonly ofAttributes: readonly ContentItem[];
  readonly ofEvents: readonly ContentItem[];
};

/** @param isTruncated then an event may hold less than its content does */
export function splitContent(span: Span, isTruncated: boolean): SplitContent {
  if (span.events.length === 0 || span.content.length === 0) {
    return { ofAttributes: span.content, ofEvents: [] };
  }
  const candidates = span.events.flatMap((event) => toCandidates(event, span.kind));
  const names = new Set(span.events.map(({ name }) => name));
  const ofAttributes: ContentItem[] = [];
  const ofEvents: ContentItem[] = [];
  // From the end: where an attribute and an event have one key, the attribute's item comes first.
  for (const item of span.content.toReversed()) {
    const at = candidates.findLastIndex(
      ({ key, body }) =>
        key === item.key &&
        (isSameJson(body, item.body) || (isTruncated && isCutFrom(body, item.body))),
    );
    if (at >= 0) candidates.splice(at, 1);
    (at >= 0 || isOfMessages(item, names) ? ofEvents : ofAttributes).unshift(item);
  }
  return { ofAttributes, ofEvents };
}

type Candidate = Pick<ContentItem, 'key' | 'body'>;

/** Whatever an event could have given as content: by which kind of span it was read then, nobody knows. */
function toCandidates({ name, attributes }: SpanEvent, kind: SpanKind): Candidate[] {
  if (name !== detailsEvent) return [];
  const plain = Array.from(attributes, ([key, value]) => ({
    key,
    body: typeof value === 'string' ? value : toJsonText(value),
  }));
  const { content } = readContent(attributes, kind, newCuts());
  return [...plain, ...content.filter(({ format }) => format === 'flat')];
}

/** Only long values are cut, and they begin as the whole did. */
function isCutFrom(cut: string, whole: string): boolean {
  const beginning = cut.slice(0, 1_000);
  return beginning.length === 1_000 && cut.length < whole.length && whole.startsWith(beginning);
}

function isOfMessages({ key, body }: ContentItem, names: ReadonlySet<string>): boolean {
  return names.has(key) && body.startsWith(`[{"event.name":${JSON.stringify(key)}`);
}

/**
 * What the events say, in the words it was stored in where these say the same; and where an event's attribute was cut
 * and its content was not, the longer one stays.
 */
export function keepWholeBodies(
  derived: readonly ContentItem[],
  ofEvents: readonly ContentItem[],
  isTruncated: boolean,
): ContentItem[] {
  const whole = [...derived];
  const left = [...ofEvents];
  for (const [at, item] of [...derived.entries()].reverse()) {
    const pair = left.findLastIndex(({ key }) => key === item.key);
    const [stored] = pair < 0 ? [] : left.splice(pair, 1);
    if (stored === undefined) continue;
    const isLonger = isTruncated && stored.body.length > item.body.length;
    if (isLonger || isSameJson(stored.body, item.body)) whole[at] = { ...stored, slot: item.slot };
  }
  return whole;
}
