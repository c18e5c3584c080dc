import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { readTraceRequest, type WireSpan } from './otlp-protobuf.ts';
import type { TraceRequest } from '../demo/otlp.ts';

type Recorded = {
  readonly spans: WireSpan[];
  /** One entry a request with spans, and the JSON bodies among them as they came. */
  readonly contentTypes: string[];
  readonly projects: string[];
  readonly jsonBodies: string[];
};

/** A collector that only listens: it answers 200 to everything, or as another to whom it hands on what it was sent. */
export type OtlpRecorder = Recorded & {
  readonly endpoint: string;
  stop(): Promise<void>;
};

export async function startOtlpRecorder(collector?: string): Promise<OtlpRecorder> {
  const recorded: Recorded = { spans: [], contentTypes: [], projects: [], jsonBodies: [] };
  const server = createServer(async (request, response) => {
    const sent = await buffer(request);
    if (request.url === '/v1/traces') {
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
      const contentType = request.headers['content-type'] ?? '';
      recorded.contentTypes.push(contentType);
      recorded.projects.push(String(request.headers['orchescope-project'] ?? ''));
      if (contentType === 'application/json') recorded.jsonBodies.push(body.toString());
      recorded.spans.push(...readSpans(contentType, body));
    }
    if (collector !== undefined) {
      const { status, type, bytes } = await handOn(collector, request, sent);
      response.writeHead(status, { 'content-type': type }).end(bytes);
      return;
    }
    response.setHeader('content-type', request.headers['content-type'] ?? 'application/json');
    response.end(request.headers['content-type'] === 'application/json' ? '{}' : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...recorded,
    endpoint: `http://127.0.0.1:${port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function handOn(collector: string, { url = '', headers }: IncomingMessage, sent: Buffer) {
  const kept = ['content-type', 'content-encoding', 'orchescope-project'].flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const init = { method: 'POST', headers: Object.fromEntries(kept), body: Buffer.from(sent) };
  const answer = await fetch(`${collector}${url}`, init);
  const type = answer.headers.get('content-type') ?? '';
  return { status: answer.status, type, bytes: Buffer.from(await answer.arrayBuffer()) };
}

function readSpans(contentType: string, body: Buffer): WireSpan[] {
  if (contentType === 'application/x-protobuf') return readTraceRequest(body);
  const request: TraceRequest = JSON.parse(body.toString());
  return request.resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        name: span.name,
        startTimeUnixNano: BigInt(span.startTimeUnixNano),
        failed: span.status?.code === 2,
      })),
    ),
  );
}
