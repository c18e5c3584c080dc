/** Spans of a body on their way to disk, and what their sender is told about them. */
import type { Batch, Stamp } from '../store/native/batch.ts';
import { countSpansByTrace } from '../store/native/count-spans.ts';
import type { BatchWriter } from '../store/store.ts';
import { beginTurn } from '../turn.ts';
import { startJsonSpans } from './fast/decode-json-spans.ts';
import { startSpans, type FastResult, type SpanDecoding } from './fast/decode-spans.ts';
import type { IngestLimits } from './limits.ts';
import type { Pricer } from './pricing/pricer.ts';
import { toStoreRefusal } from './refusal.ts';
import { releaseBytes } from './release-bytes.ts';
import type { Encoding, Outcome } from './replies.ts';
import { maxAttributeBytes, maxAttributes, maxContentBytes } from './to-span/limits.ts';
import { assertRecordCount } from './too-large.ts';

export type Retention = { readonly spanDays: number; readonly contentDays: number };

/** Who wants to know of spans as soon as they can be queried. */
export type SpanNews = {
  /** Counting is work: asked before it is done. */
  readonly isWanted: () => boolean;
  readonly tell: (projectId: string, spansByTrace: ReadonlyMap<string, number>) => void;
};

export type SpanParts = {
  readonly writer: Pick<BatchWriter, 'write' | 'writeApart' | 'isBehind'>;
  /** Projects may have prices of their own. Asked once a body. */
  readonly priceFor: (projectId: string) => Pricer;
  readonly limits: Pick<IngestLimits, 'recordsPerRequest'>;
  readonly retentionOf: (projectId: string) => Retention;
  readonly news: SpanNews;
};

/** Larger bodies would keep everybody waiting: they become rows in turns. JSON is a tree first, which takes longer. */
const atOnceBytes = {
  'application/x-protobuf': 4 * 1024 * 1024,
  'application/json': 1024 * 1024,
} as const;

/**
 * Resolves when every readable span of the body is on disk; the outcome counts the others.
 * @param body released as soon as its spans are rows
 */
export async function takeSpans(
  body: Buffer,
  encoding: Encoding,
  projectId: string,
  parts: SpanParts,
): Promise<Outcome> {
  const { writer } = parts;
  const found = new FoundTraces(projectId, parts.news);
  const work = new Work(body, encoding, projectId, parts, found);
  const whenStored = tellLater(found);
  try {
    const result = await (body.length <= atOnceBytes[encoding]
      ? writer.write((batch) => work.atOnce(batch), whenStored)
      : writer.writeApart((batch) => work.inTurns(batch), whenStored));
    const { accepted, rejected } = result;
    return {
      accepted,
      rejected: rejected.length,
      message: describe(result),
      decodeMs: work.decodeMs,
    };
  } catch (error) {
    throw toStoreRefusal(error, 'spans', work.spanCount) ?? error;
  }
}

/** What there will be to tell of one body. It may have to wait for minutes, so it must not know the body. */
class FoundTraces {
  private spansByTrace: ReadonlyMap<string, number> = new Map();
  private readonly projectId: string;
  private readonly news: SpanNews;

  constructor(projectId: string, news: SpanNews) {
    this.projectId = projectId;
    this.news = news;
  }

  look(batch: Batch, firstRow: number): void {
    if (this.news.isWanted()) this.spansByTrace = countSpansByTrace(batch, firstRow);
  }

  tell(): void {
    if (this.spansByTrace.size > 0) this.news.tell(this.projectId, this.spansByTrace);
  }
}

/** Made here and not where it is needed: a function keeps all that any other function beside it uses. */
function tellLater(found: FoundTraces): () => void {
  return () => found.tell();
}

/** One body becoming rows. */
class Work {
  spanCount = 1;
  decodeMs = 0;
  private readonly start: (batch: Batch) => SpanDecoding;
  private readonly body: Buffer;
  private readonly maxRecords: number;
  private readonly found: FoundTraces;

  constructor(
    body: Buffer,
    encoding: Encoding,
    projectId: string,
    { priceFor, limits, retentionOf }: SpanParts,
    found: FoundTraces,
  ) {
    const startDecoding = encoding === 'application/json' ? startJsonSpans : startSpans;
    const nowMs = Date.now();
    const { spanDays, contentDays } = retentionOf(projectId);
    const stamp: Stamp = {
      receivedUnixSeconds: Math.floor(nowMs / 1000),
      retentionDays: spanDays,
      contentRetentionDays: contentDays,
    };
    const receivedUnixNano = BigInt(nowMs) * 1_000_000n;
    const context = { projectId, stamp, price: priceFor(projectId), receivedUnixNano };
    this.body = body;
    this.start = (batch) => startDecoding(body, batch, context);
    this.maxRecords = limits.recordsPerRequest;
    this.found = found;
  }

  atOnce(batch: Batch): FastResult {
    const firstRow = batch.spans.rows;
    const startedMs = performance.now();
    const decoding = this.begin(batch);
    decoding.step(Infinity);
    return this.end(decoding, batch, firstRow, startedMs);
  }

  async inTurns(batch: Batch): Promise<FastResult> {
    const startedMs = performance.now();
    const turn = beginTurn();
    const decoding = this.begin(batch);
    while (!decoding.step(turn.endsAtMs())) await turn.next();
    return this.end(decoding, batch, 0, startedMs);
  }

  private begin(batch: Batch): SpanDecoding {
    const decoding = this.start(batch);
    this.spanCount = decoding.spanCount;
    assertRecordCount(decoding.spanCount, this.maxRecords);
    return decoding;
  }

  private end(
    { result }: SpanDecoding,
    batch: Batch,
    firstRow: number,
    startedMs: number,
  ): FastResult {
    releaseBytes(this.body);
    this.decodeMs = performance.now() - startedMs;
    this.found.look(batch, firstRow);
    return result;
  }
}

function describe({ rejected, cutSpans, warnings }: FastResult): string {
  const sentences = [...warnings];
  if (rejected.length > 0) {
    sentences.unshift(`Rejected ${rejected.length} spans: ${[...new Set(rejected)].join('; ')}.`);
  }
  if (cutSpans > 0) {
    sentences.push(
      `${cutSpans} spans were cut to the limits: ${maxAttributes} attributes, ${maxAttributeBytes} bytes a value, ` +
        `${maxContentBytes} bytes a message body.`,
    );
  }
  return sentences.join(' ');
}
