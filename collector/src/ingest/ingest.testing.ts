/** A collector's ingest routes over a sink in memory, and bodies to send to it. */
import { gzipSync } from 'node:zlib';
import type { Hono } from 'hono';
import type { Span } from '../span.ts';
import { createBatchWriter } from '../store/batch-writer.ts';
import type { Block } from '../store/native/block.ts';
import { readSpans } from '../store/native/read-spans.testing.ts';
import { encode, type Json } from './encode.testing.ts';
import { createPricer } from './pricing/pricer.ts';
import { createBodyBudget } from './body-budget.ts';
import { defaultIngestLimits, type IngestLimits } from './limits.ts';
import { createProjectLimits, type ProjectRates } from './project-limits.ts';
import type { Encoding } from './replies.ts';
import { createIngestRoutes } from './routes.ts';

const listPrices = createPricer();

export type TestIngest = {
  readonly app: Hono;
  /** Everything that was committed, in order. */
  readonly spans: Span[];
  readonly refused: [reason: string, count: number][];
};

const unlimited: ProjectRates = { spansPerSecond: null, bytesPerSecond: null };

export function startIngest(options?: {
  readonly limits?: Partial<IngestLimits>;
  readonly rates?: ProjectRates;
  /** Called with what is to go to disk; fails as a full disk would. */
  readonly commit?: (blocks: readonly Block[]) => Promise<void>;
}): TestIngest {
  const spans: Span[] = [];
  const refused: [string, number][] = [];
  const limits = { ...defaultIngestLimits, ...options?.limits };
  const app = createIngestRoutes({
    writer: createBatchWriter({
      commit: async (blocks) => {
        await options?.commit?.(blocks);
        spans.push(...readSpans(blocks));
      },
    }),
    retentionOf: () => ({ spanDays: 30, contentDays: 30 }),
    news: { isWanted: () => false, tell: () => {} },
    priceFor: () => listPrices,
    limits,
    budget: createBodyBudget(limits),
    projectLimits: createProjectLimits(() => options?.rates ?? unlimited),
    projectOf: (headers) => headers.get('orchescope-project') ?? 'default',
    watcher: {
      taken: ({ rejected, rejectedReason }) => {
        if (rejected > 0) refused.push([rejectedReason, rejected]);
      },
      refused: ({ reason, count }) => refused.push([reason, count]),
    },
  });
  return { app, spans, refused };
}

export type Body = string | Uint8Array<ArrayBuffer>;

export async function post(
  { app }: TestIngest,
  body: Body,
  headers: Record<string, string> = {},
  path = '/v1/traces',
): Promise<Response> {
  const type = typeof body === 'string' ? 'application/json' : 'application/x-protobuf';
  return app.request(path, { method: 'POST', body, headers: { 'content-type': type, ...headers } });
}

export function gzip(body: Body): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(gzipSync(body));
}

export const encodings: readonly Encoding[] = ['application/json', 'application/x-protobuf'];

const template = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  name: 'work',
  kind: 1,
  startTimeUnixNano: '1763690400000000001',
  endTimeUnixNano: '1763690400500000002',
};

/** A good span with a span id of its own, and what a test changes about it. */
export function span(number: number, changes: Json = {}): Json {
  return { ...template, spanId: number.toString(16).padStart(16, '0'), ...changes };
}

/** A request of one resource and one scope. */
export function request(spans: readonly Json[], resource: readonly Json[] = [named('shop')]): Json {
  return {
    resourceSpans: [
      { resource: { attributes: resource }, scopeSpans: [{ scope: { name: 'test' }, spans }] },
    ],
  };
}

export function attribute(key: string, value: Json): Json {
  return { key, value };
}

export function named(service: string): Json {
  return attribute('service.name', { stringValue: service });
}

/** Sends the spans in the given encoding and returns what the sink got of them. */
export async function ingestSpans(
  spans: readonly Json[],
  encoding: Encoding = 'application/json',
): Promise<{ spans: Span[]; response: Response }> {
  const ingest = startIngest();
  const response = await post(ingest, encode(request(spans), encoding));
  return { spans: ingest.spans, response };
}
