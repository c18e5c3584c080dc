import { readSpan } from '../otlp/decode-protobuf.ts';
import type { Losses } from '../otlp/request.ts';
import { WireReader } from '../otlp/wire-reader.ts';
import { toPricedSpan } from '../pricing/to-priced-span.ts';
import { toSpan } from '../to-span/to-span.ts';
import type { Batch } from '../../store/native/batch.ts';
import { spanFlags } from '../../span.ts';
import type { SpanTally } from './span-tally.ts';
import type { MessageBudget, SpanGroup } from './request-bounds.ts';
import type { DecodeContext } from './decode-spans.ts';

/** The way every span can go: read whole, mapped by the rules one after the other, written from what came of it. */
export function addSlowSpan(
  body: Buffer,
  start: number,
  end: number,
  { resource, scope }: SpanGroup,
  batch: Batch,
  context: DecodeContext,
  budget: MessageBudget,
  losses: Losses,
  tally: SpanTally,
): void {
  const { projectId, receivedUnixNano } = context;
  const decoded = readSpan(new WireReader(body, start, end, budget), losses);
  const result = toSpan(decoded, { projectId, receivedUnixNano, resource, scope });
  tally.slowSpans += 1;
  if (!result.ok) {
    tally.rejected.push(result.reason);
    return;
  }
  const span = toPricedSpan(result.span, context.price);
  batch.addSpan(span, context.stamp);
  tally.accepted += 1;
  if ((span.flags & spanFlags.truncated) !== 0) tally.cutSpans += 1;
}
