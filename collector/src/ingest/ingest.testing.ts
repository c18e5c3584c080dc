/** A collector's ingest routes over a sink in memory, and bodies to send to it. */
import { gzipSync } from 'node:zlib';
import type { Hono } from 'hono';
import type { Span } from '../span.ts';
import type { SpanSink } from '../store/store.ts';
import { defaultIngestLimits, type IngestLimits } from './read-body.ts';
import type { Encoding } from './replies.ts';
import { createIngestRoutes } from './routes.ts';

export type TestIngest = {
  readonly app: Hono;
  /** Everything the sink was given, in order. */
  readonly spans: Span[];
  readonly refused: [reason: string, count: number][];
};

export function startIngest(options?: {
  readonly limits?: Partial<IngestLimits>;
  readonly write?: SpanSink['write'];
}): TestIngest {
  const spans: Span[] = [];
  const refused: [string, number][] = [];
  const app = createIngestRoutes({
    sink: {
      write: async (batch) => {
        await options?.write?.(batch);
        spans.push(...batch);
      },
      close: async () => {},
    },
    limits: { ...defaultIngestLimits, ...options?.limits },
    projectOf: (headers) => headers.get('orchescope-project') ?? 'default',
    onRefused: (reason, count) => refused.push([reason, count]),
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
