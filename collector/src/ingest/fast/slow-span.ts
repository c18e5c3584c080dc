/** The way every span can go: mapped by the rules one after the other, and written from what came of it. */
import { spanFlags } from '../../span.ts';
import type { Batch } from '../../store/native/batch.ts';
import type { DecodedSpan } from '../otlp/request.ts';
import { toPricedSpan } from '../pricing/to-priced-span.ts';
import { toSpan } from '../to-span/to-span.ts';
import type { DecodeContext } from './decode-spans.ts';
import type { SpanGroup } from './request-bounds.ts';
import type { SpanTally } from './span-tally.ts';

export function addDecodedSpan(
  decoded: DecodedSpan,
  { resource, scope }: Pick<SpanGroup, 'resource' | 'scope'>,
  batch: Batch,
  context: DecodeContext,
  tally: SpanTally,
): void {
  const { projectId, receivedUnixNano } = context;
  tally.slowSpans += 1;
  const result = toSpan(decoded, { projectId, receivedUnixNano, resource, scope });
  if (!result.ok) {
    tally.rejected.push(result.reason);
    return;
  }
  const span = toPricedSpan(result.span, context.price);
  batch.addSpan(span, context.stamp);
  tally.accepted += 1;
  if ((span.flags & spanFlags.truncated) !== 0) tally.cutSpans += 1;
}
