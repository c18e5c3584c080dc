/** Spans of JSON bodies into the columns of a batch: each becomes protobuf bytes, and then takes their way. */
import type { Batch } from '../../store/native/batch.ts';
import { readSpan } from '../otlp/decode-json.ts';
import { readObject, WrongFieldError } from '../otlp/json-fields.ts';
import type { Losses } from '../otlp/request.ts';
import type { DecodeContext, FastResult, SpanDecoding } from './decode-spans.ts';
import { readJsonGroups, type JsonGroup } from './json-groups.ts';
import { JsonSpanBytes } from './json-span-bytes.ts';
import { addDecodedSpan } from './slow-span.ts';
import { decoderFor, isCut, unusual, type SpanDecoder } from './span-decoder.ts';
import { newTally } from './span-tally.ts';

/** @throws MalformedBodyError, TooManyMessagesError */
export function decodeJsonSpans(body: Buffer, batch: Batch, context: DecodeContext): FastResult {
  const decoding = startJsonSpans(body, batch, context);
  decoding.step(Infinity);
  return decoding.result;
}

const written = new JsonSpanBytes();

/** @throws MalformedBodyError, TooManyMessagesError */
export function startJsonSpans(body: Buffer, batch: Batch, context: DecodeContext): SpanDecoding {
  const losses: Losses = { warnings: new Set(), cuts: 0 };
  const groups = readJsonGroups(body, losses);
  const result = newTally(losses.warnings);
  // The body was counted when it was parsed.
  const budget = { messages: Number.MAX_SAFE_INTEGER };

  const add = (item: unknown, group: JsonGroup, decoder: SpanDecoder): void => {
    try {
      const source = readObject(item, 'a span');
      const { bytes } = written;
      let flags = unusual;
      if (written.write(source)) {
        decoder.setBytes(bytes.bytes, bytes.words);
        flags = decoder.add(0, bytes.length, batch, budget);
      }
      if (flags === unusual) {
        addDecodedSpan(readSpan(source, losses), group, batch, context, result);
        return;
      }
      result.accepted += 1;
      if (isCut(flags)) result.cutSpans += 1;
    } catch (error) {
      if (!(error instanceof WrongFieldError)) throw error;
      result.rejected.push(error.message);
    }
  };

  let atGroup = 0;
  let atSpan = 0;
  const step = (untilMs: number): boolean => {
    // Asked for in each turn: between two of them the table of texts may have been emptied.
    const decoder = decoderFor(batch.texts, context.price);
    decoder.setContext(context);
    for (; atGroup < groups.length; atGroup += 1, atSpan = 0) {
      const group = groups[atGroup];
      if (group === undefined) continue;
      decoder.setGroup(group);
      while (atSpan < group.spans.length) {
        add(group.spans[atSpan++], group, decoder);
        if ((atSpan & 31) === 0 && performance.now() >= untilMs) return false;
      }
    }
    return true;
  };
  const spanCount = groups.reduce((sum, { spans }) => sum + spans.length, 0);
  return { spanCount, step, result };
}
