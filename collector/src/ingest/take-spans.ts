import type { Span } from '../span.ts';
import { StoreUnavailableError, type SpanSink } from '../store/store.ts';
import { decodeJson } from './otlp/decode-json.ts';
import { decodeProtobuf } from './otlp/decode-protobuf.ts';
import type { DecodedRequest } from './otlp/request.ts';
import type { IngestLimits } from './limits.ts';
import { Refusal } from './refusal.ts';
import type { Encoding, Outcome } from './replies.ts';
import { spanFlags } from '../span.ts';
import { beginTurn } from '../turn.ts';
import type { Pricer } from './pricing/pricer.ts';
import { toPricedSpan } from './pricing/to-priced-span.ts';
import { maxAttributeBytes, maxAttributes, maxContentBytes } from './to-span/limits.ts';
import { assertRecordCount } from './too-large.ts';
import { readResource, readScope } from './to-span/read-resource.ts';
import { toSpan } from './to-span/to-span.ts';

export type SpanParts = {
  readonly sink: SpanSink;
  readonly price: Pricer;
  readonly limits: Pick<IngestLimits, 'recordsPerRequest'>;
};

/** Resolves when every readable span of the body is stored; the outcome counts the others. */
export async function takeSpans(
  body: Buffer,
  encoding: Encoding,
  projectId: string,
  { sink, price, limits }: SpanParts,
): Promise<Outcome> {
  const startedMs = performance.now();
  const request = encoding === 'application/json' ? decodeJson(body) : decodeProtobuf(body);
  assertRecordCount(countSpans(request), limits.recordsPerRequest);
  const { spans, rejected } = await toSpans(request, projectId, price);
  const message = describe(rejected, spans, request.warnings);
  const decodeMs = performance.now() - startedMs;
  if (spans.length > 0) await write(sink, spans);
  return { accepted: spans.length, rejected: rejected.length, message, decodeMs };
}

function countSpans({ resourceSpans }: DecodedRequest): number {
  let count = 0;
  for (const { scopeSpans } of resourceSpans)
    for (const { spans } of scopeSpans) count += spans.length;
  return count;
}

async function write(sink: SpanSink, spans: readonly Span[]): Promise<void> {
  try {
    await sink.write(spans);
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    throw new Refusal('unavailable', 'The store cannot take spans now: try again.', {
      cause: error,
      count: spans.length,
    });
  }
}

/** Spans in the order they were sent, and a reason for each one that was not taken. */
async function toSpans(
  request: DecodedRequest,
  projectId: string,
  price: Pricer,
): Promise<{ spans: Span[]; rejected: string[] }> {
  const turn = beginTurn();
  const receivedUnixNano = BigInt(Date.now()) * 1_000_000n;
  const spans: Span[] = [];
  const rejected: string[] = [];
  for (const { scopeSpans, ...decodedResource } of request.resourceSpans) {
    const resource = readResource(decodedResource);
    for (const decodedScope of scopeSpans) {
      for (const reason of decodedScope.unreadable) rejected.push(reason);
      const scope = readScope(decodedScope);
      for (const decoded of decodedScope.spans) {
        const result = toSpan(decoded, { projectId, receivedUnixNano, resource, scope });
        if (result.ok) spans.push(toPricedSpan(result.span, price));
        else rejected.push(result.reason);
        if (turn.isOver()) await turn.next();
      }
    }
  }
  return { spans, rejected };
}

function describe(
  rejected: readonly string[],
  spans: readonly Span[],
  warnings: ReadonlySet<string>,
): string {
  const sentences = [...warnings];
  if (rejected.length > 0) {
    sentences.unshift(`Rejected ${rejected.length} spans: ${[...new Set(rejected)].join('; ')}.`);
  }
  const cut = spans.filter((span) => (span.flags & spanFlags.truncated) !== 0).length;
  if (cut > 0) {
    sentences.push(
      `${cut} spans were cut to the limits: ${maxAttributes} attributes, ${maxAttributeBytes} bytes a value, ` +
        `${maxContentBytes} bytes a message body.`,
    );
  }
  return sentences.join(' ');
}
