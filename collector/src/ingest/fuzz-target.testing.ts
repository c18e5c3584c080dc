/** What fuzzing is pointed at, and what it looks for. */
import { spanKinds, spanStatuses, type Span } from '../span.ts';
import { createBatch } from '../store/native/batch.ts';
import { readSpans } from '../store/native/read-spans.testing.ts';
import { decodeJsonSpans } from './fast/decode-json-spans.ts';
import { decodeSpans, type DecodeContext } from './fast/decode-spans.ts';
import { post, startIngest } from './ingest.testing.ts';
import { MalformedBodyError, TooManyMessagesError } from './otlp/request.ts';
import { createPricer } from './pricing/pricer.ts';
import type { Encoding } from './replies.ts';
import { maxAttributes, maxContentBytes } from './to-span/limits.ts';

/** Null = refused with one of the errors that are meant for it. Whatever else is thrown is a find. */
export type FuzzTarget = (
  body: Buffer,
  encoding: Encoding,
) => readonly Span[] | null | Promise<readonly Span[] | null>;

const context: DecodeContext = {
  projectId: 'fuzz',
  stamp: { receivedUnixSeconds: 1_795_000_000, retentionDays: 30, contentRetentionDays: 7 },
  price: createPricer(),
  receivedUnixNano: 1_795_000_000_000_000_000n,
};
/** Used again and again: what one body leaves behind must not harm the next. */
const batch = createBatch();

/** The decoders alone, into columns and back. */
export const toColumns: FuzzTarget = (body, encoding) => {
  const marks = batch.mark();
  try {
    const decode = encoding === 'application/json' ? decodeJsonSpans : decodeSpans;
    decode(body, batch, context);
    return readSpans(batch.toBlocks());
  } catch (error) {
    batch.rollback(marks);
    if (error instanceof MalformedBodyError || error instanceof TooManyMessagesError) return null;
    throw error;
  } finally {
    batch.reset();
  }
};

/** Through the routes, as a sender would. */
export const throughRoutes: FuzzTarget = async (body, encoding) => {
  const ingest = startIngest();
  const { status } = await post(ingest, new Uint8Array(body), { 'content-type': encoding });
  if (status === 200) return ingest.spans;
  if ((status === 400 || status === 413) && ingest.spans.length === 0) return null;
  throw new Error(`answered ${status} with ${ingest.spans.length} spans taken`);
};

/** What is wrong with how a body was taken; empty when all is well. */
export async function findFaults(
  target: FuzzTarget,
  body: Buffer,
  encoding: Encoding,
): Promise<string[]> {
  const before = process.cpuUsage();
  const spans = (await target(body, encoding)) ?? [];
  // Of the processor, not of the clock: other programs must not make a find.
  const { user, system } = process.cpuUsage(before);
  const milliseconds = (user + system) / 1_000;
  const slow = milliseconds > 1_000 ? [`${Math.round(milliseconds)} ms`] : [];
  return [...slow, ...spans.flatMap(faultsOf)];
}

const uint64 = 2n ** 64n;

/** What is not canonical about a span. */
function faultsOf(span: Span): string[] {
  const times = [span.startTimeUnixNano, span.endTimeUnixNano];
  const counts = [...Object.values(span.usage), span.attempt, span.loopIteration];
  const rules: Record<string, boolean> = {
    traceId: /^[0-9a-f]{32}$/.test(span.traceId),
    spanId: /^[0-9a-f]{16}$/.test(span.spanId),
    parentSpanId: /^([0-9a-f]{16})?$/.test(span.parentSpanId),
    kind: spanKinds.includes(span.kind),
    status: spanStatuses.includes(span.status),
    otelKind: [0, 1, 2, 3, 4, 5].includes(span.otelKind),
    times: times.every((time) => time >= 0n && time < uint64),
    costUsd: /^\d+(\.\d{1,12})?$/.test(span.costUsd ?? '0'),
    counts: counts.every((n) => n === null || (Number.isInteger(n) && n >= 0)),
    attributes: span.attributes.size <= maxAttributes + 1,
    content: span.content.every(({ body }) => Buffer.byteLength(body) <= maxContentBytes * 6),
    flat: span.content.every(({ format, body }) => format !== 'flat' || isJson(body)),
  };
  return Object.keys(rules).filter((rule) => rules[rule] === false);
}

function isJson(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}
