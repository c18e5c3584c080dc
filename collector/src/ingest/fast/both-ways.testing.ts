/** One body by the general way and by the one pass, as rows to compare. */
import { readBlocks, type Rows } from '../../store/native/read-blocks.testing.ts';
import { createBatch, type Batch } from '../../store/native/batch.ts';
import { spanFlags } from '../../span.ts';
import type { Encoding } from '../replies.ts';
import { decodeJson } from '../otlp/decode-json.ts';
import { decodeProtobuf } from '../otlp/decode-protobuf.testing.ts';
import { MalformedBodyError, TooManyMessagesError } from '../otlp/request.ts';
import { createPricer } from '../pricing/pricer.ts';
import { toPricedSpan } from '../pricing/to-priced-span.ts';
import { readResource, readScope } from '../to-span/read-resource.ts';
import { toSpan } from '../to-span/to-span.ts';
import { decodeJsonSpans } from './decode-json-spans.ts';
import { decodeSpans, type DecodeContext } from './decode-spans.ts';

export const context: DecodeContext = {
  projectId: 'shop',
  stamp: { receivedUnixSeconds: 1_795_000_000, retentionDays: 30, contentRetentionDays: 7 },
  price: createPricer(),
  receivedUnixNano: 1_795_000_000_000_000_000n,
};

export type Told = {
  readonly rows: Record<string, Rows>;
  readonly accepted: number;
  readonly rejected: readonly string[];
  readonly warnings: readonly string[];
  readonly cutSpans: number;
};

/** The name of the error, when the body is none. */
type Way = Told | string;

export function generalWay(body: Buffer, encoding: Encoding = 'application/x-protobuf'): Way {
  const batch = createBatch();
  return orError(() => {
    const request = encoding === 'application/json' ? decodeJson(body) : decodeProtobuf(body);
    const rejected: string[] = [];
    let accepted = 0;
    let cutSpans = 0;
    for (const { scopeSpans, ...decodedResource } of request.resourceSpans) {
      const resource = readResource(decodedResource);
      for (const decodedScope of scopeSpans) {
        rejected.push(...decodedScope.unreadable);
        const scope = readScope(decodedScope);
        for (const decoded of decodedScope.spans) {
          const mapped = toSpan(decoded, { ...context, resource, scope });
          if (!mapped.ok) {
            rejected.push(mapped.reason);
            continue;
          }
          const span = toPricedSpan(mapped.span, context.price);
          batch.addSpan(span, context.stamp);
          accepted += 1;
          if ((span.flags & spanFlags.truncated) !== 0) cutSpans += 1;
        }
      }
    }
    const warnings = [...request.warnings].sort();
    rejected.sort();
    return { rows: readBlocks(batch.toBlocks()), accepted, rejected, warnings, cutSpans };
  });
}

/** @param batch one that has been in use is the harder case; it is left empty */
export function onePass(
  body: Buffer,
  batch: Batch = createBatch(),
  encoding: Encoding = 'application/x-protobuf',
): Way {
  const decode = encoding === 'application/json' ? decodeJsonSpans : decodeSpans;
  const marks = batch.mark();
  const way = orError(() => {
    const { warnings, slowSpans: _, ...told } = decode(body, batch, context);
    told.rejected.sort();
    return { rows: readBlocks(batch.toBlocks()), ...told, warnings: [...warnings].sort() };
  });
  batch.rollback(marks);
  batch.reset();
  return way;
}

function orError<T>(task: () => T): T | string {
  try {
    return task();
  } catch (error) {
    if (error instanceof MalformedBodyError || error instanceof TooManyMessagesError) {
      return error.name;
    }
    throw error;
  }
}
