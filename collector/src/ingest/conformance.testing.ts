/** A collector's ingest routes under the real HTTP server, and clients that speak to it. */
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { serve } from '@hono/node-server';
import { ROOT_CONTEXT, SpanStatusCode, trace, type Span as ApiSpan } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import { afterEach } from 'vitest';
import { WireReader } from './otlp/wire-reader.ts';
import type { Encoding } from './replies.ts';
import { startIngest, type Body, type TestIngest } from './ingest.testing.ts';

export type Listening = TestIngest & {
  readonly port: number;
  readonly url: string;
  /** Over a real connection; the type of the body is told unless the headers do. */
  readonly send: (body: Body, headers?: Record<string, string>) => Promise<Response>;
};

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Stopped when the test ends. */
export async function listen(...options: Parameters<typeof startIngest>): Promise<Listening> {
  const ingest = startIngest(...options);
  const server = serve({ fetch: ingest.app.fetch, port: 0, hostname: '127.0.0.1' });
  stops.push(async () => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
    await once(server, 'close');
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/v1/traces`;
  const send = (body: Body, headers: Record<string, string> = {}) => {
    const type = typeof body === 'string' ? 'application/json' : 'application/x-protobuf';
    return fetch(url, { method: 'POST', body, headers: { 'content-type': type, ...headers } });
  };
  return { ...ingest, port, url, send };
}

/** For what `fetch` would not send. */
export async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** A trace with what an application may put on it. */
export function makeSpans(exporter: SpanExporter): TracerProvider {
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const tracer = provider.getTracer('app', '1.2.3');
  const root: ApiSpan = tracer.startSpan('invoke_agent planner', {
    attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner' },
  });
  const attributes = {
    'gen_ai.request.model': 'gpt-5',
    ratio: 0.5,
    whole: 1,
    list: ['a'],
    on: true,
  };
  const links = [{ context: root.spanContext(), attributes: { 'orchescope.link.rel': 'retries' } }];
  const parent = trace.setSpan(ROOT_CONTEXT, root);
  const child = tracer.startSpan('chat gpt-5', { kind: 2, attributes, links }, parent);
  child.addEvent('tick', { n: 2 ** 53 });
  child.recordException(new RangeError('too far'));
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'too far' });
  child.end();
  root.end();
  return provider;
}

export function finishedSpans(): ReadableSpan[] {
  const memory = new InMemorySpanExporter();
  makeSpans(memory);
  return memory.getFinishedSpans();
}

type Status = { code: number; message: string };

/** google.rpc.Status in the encoding of the request. */
export async function readStatus(response: Response, encoding: Encoding): Promise<Status> {
  const bytes = Buffer.from(await response.arrayBuffer());
  if (encoding === 'application/json') return JSON.parse(bytes.toString()) as Status;
  const status = { code: 0, message: '' };
  for (const reader = new WireReader(bytes); reader.next();) {
    if (reader.tag === 8) status.code = reader.uint32();
    else status.message = reader.text();
  }
  return status;
}
