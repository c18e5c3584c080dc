/** Spans of JSON bodies into the columns of a batch: by the tree, since JSON has no bytes worth copying. */
import { spanFlags } from '../../span.ts';
import type { Batch } from '../../store/native/batch.ts';
import { decodeJson } from '../otlp/decode-json.ts';
import type { DecodedSpan } from '../otlp/request.ts';
import { toPricedSpan } from '../pricing/to-priced-span.ts';
import { readResource, readScope } from '../to-span/read-resource.ts';
import { toSpan, type SpanContext } from '../to-span/to-span.ts';
import type { DecodeContext, FastResult, SpanDecoding } from './decode-spans.ts';
import { newTally } from './span-tally.ts';

type JsonGroup = {
  readonly shared: SpanContext;
  readonly spans: readonly DecodedSpan[];
  readonly unreadable: readonly string[];
};

/** @throws MalformedBodyError, TooManyMessagesError */
export function decodeJsonSpans(body: Buffer, batch: Batch, context: DecodeContext): FastResult {
  const decoding = startJsonSpans(body, batch, context);
  decoding.step(Infinity);
  return decoding.result;
}

/** @throws MalformedBodyError, TooManyMessagesError */
export function startJsonSpans(body: Buffer, batch: Batch, context: DecodeContext): SpanDecoding {
  const request = decodeJson(body);
  const { projectId, receivedUnixNano, stamp, price } = context;
  const result = newTally(request.warnings);
  const groups: JsonGroup[] = [];
  for (const { scopeSpans, ...decodedResource } of request.resourceSpans) {
    const resource = readResource(decodedResource);
    for (const decoded of scopeSpans) {
      const scope = readScope(decoded);
      const shared = { projectId, receivedUnixNano, resource, scope };
      groups.push({ shared, spans: decoded.spans, unreadable: decoded.unreadable });
    }
  }
  const add = (decoded: DecodedSpan, shared: SpanContext): void => {
    const mapped = toSpan(decoded, shared);
    if (!mapped.ok) {
      result.rejected.push(mapped.reason);
      return;
    }
    const span = toPricedSpan(mapped.span, price);
    batch.addSpan(span, stamp);
    result.accepted += 1;
    if ((span.flags & spanFlags.truncated) !== 0) result.cutSpans += 1;
  };
  let atGroup = 0;
  let atSpan = 0;
  const step = (untilMs: number): boolean => {
    for (; atGroup < groups.length; atGroup += 1, atSpan = 0) {
      const group = groups[atGroup];
      if (group === undefined) continue;
      const { spans, shared, unreadable } = group;
      if (atSpan === 0) for (const reason of unreadable) result.rejected.push(reason);
      while (atSpan < spans.length) {
        const decoded = spans[atSpan++];
        if (decoded !== undefined) add(decoded, shared);
        if ((atSpan & 31) === 0 && performance.now() >= untilMs) return false;
      }
    }
    return true;
  };
  const spanCount = groups.reduce((sum, { spans }) => sum + spans.length, 0);
  return { spanCount, step, result };
}
