/** Spans from the bytes of a body straight into the columns of a batch. */
import type { Batch, Stamp } from '../../store/native/batch.ts';
import { viewOf } from '../../store/native/byte-buffer.ts';
import { readSpan } from '../otlp/read-span.ts';
import { maxMessages, type Losses } from '../otlp/request.ts';
import { WireReader } from '../otlp/wire-reader.ts';
import type { Pricer } from '../pricing/pricer.ts';
import { readBounds } from './request-bounds.ts';
import { addDecodedSpan } from './slow-span.ts';
import { decoderFor, isCut, unusual } from './span-decoder.ts';
import { newTally, type SpanTally } from './span-tally.ts';

export type DecodeContext = {
  readonly projectId: string;
  readonly stamp: Stamp;
  readonly price: Pricer;
  readonly receivedUnixNano: bigint;
};

export type FastResult = Readonly<SpanTally>;

/** A body that is taken in turns. Rows of others must not come between: the caller takes back rows by a mark. */
export type SpanDecoding = {
  /** Known before any row is written. */
  readonly spanCount: number;
  /**
   * Goes on until all is done, or `performance.now()` has reached `untilMs`; true when all is done.
   * @throws MalformedBodyError, TooManyMessagesError: take back what was written
   */
  readonly step: (untilMs: number) => boolean;
  /** Whole when `step` has said true. */
  readonly result: FastResult;
};

/** @throws MalformedBodyError, TooManyMessagesError: take back what was written */
export function decodeSpans(body: Buffer, batch: Batch, context: DecodeContext): FastResult {
  const decoding = startSpans(body, batch, context);
  decoding.step(Infinity);
  return decoding.result;
}

/** @throws MalformedBodyError, TooManyMessagesError */
export function startSpans(body: Buffer, batch: Batch, context: DecodeContext): SpanDecoding {
  const losses: Losses = { warnings: new Set(), cuts: 0 };
  const budget = { messages: maxMessages };
  const groups = readBounds(body, budget, losses);
  const result = newTally(losses.warnings);
  const view = viewOf(body);
  let atGroup = 0;
  let atSpan = 0;
  const step = (untilMs: number): boolean => {
    // Asked for in each turn: between two of them the table of texts may have been emptied.
    const decoder = decoderFor(batch.texts, context.price);
    decoder.setContext(context);
    decoder.setBytes(body, view);
    for (; atGroup < groups.length; atGroup += 1, atSpan = 0) {
      const group = groups[atGroup];
      if (group === undefined) continue;
      decoder.setGroup(group);
      const { bounds } = group;
      while (atSpan < bounds.length) {
        const start = bounds[atSpan] ?? 0;
        const end = bounds[atSpan + 1] ?? 0;
        atSpan += 2;
        const flags = decoder.add(start, end, batch, budget);
        if (flags === unusual) {
          const decoded = readSpan(new WireReader(body, start, end, budget), losses);
          addDecodedSpan(decoded, group, batch, context, result);
        } else {
          result.accepted += 1;
          if (isCut(flags)) result.cutSpans += 1;
        }
        if ((atSpan & 62) === 0 && performance.now() >= untilMs) return false;
      }
    }
    return true;
  };
  const spanCount = groups.reduce((sum, { bounds }) => sum + bounds.length / 2, 0);
  return { spanCount, step, result };
}
