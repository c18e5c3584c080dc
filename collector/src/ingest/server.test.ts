/** The routes under the real HTTP server, spoken to by the real exporter and by raw sockets. */
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { serve, type ServerType } from '@hono/node-server';
import { ROOT_CONTEXT, SpanStatusCode, trace, type Span as ApiSpan } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import {
  TracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import { afterEach, expect, test, vi } from 'vitest';
import { StoreUnavailableError } from '../store/store.ts';
import { encode } from './encode.testing.ts';
import { post, request, span, startIngest, type TestIngest } from './ingest.testing.ts';

const servers: ServerType[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
    await once(server, 'close');
  }
});

async function listen(ingest: TestIngest): Promise<number> {
  const server = serve({ fetch: ingest.app.fetch, port: 0, hostname: '127.0.0.1' });
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A trace with what an application may put on it. */
function makeSpans(exporter: SpanExporter): TracerProvider {
  const provider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('app', '1.2.3');
  const root: ApiSpan = tracer.startSpan('invoke_agent planner', {
    attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner' },
  });
  const child = tracer.startSpan(
    'chat gpt-5',
    {
      kind: 2,
      attributes: {
        'gen_ai.request.model': 'gpt-5',
        ratio: 0.5,
        whole: 1,
        list: ['a', 'b'],
        on: true,
      },
      links: [{ context: root.spanContext(), attributes: { 'orchescope.link.rel': 'retries' } }],
    },
    trace.setSpan(ROOT_CONTEXT, root),
  );
  child.addEvent('tick', { n: 2 ** 53 });
  child.recordException(new RangeError('too far'));
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'too far' });
  child.end();
  root.end();
  return provider;
}

test('D36 the serialisers of OpenTelemetry give equal rows in both encodings', async () => {
  const memory = new InMemorySpanExporter();
  makeSpans(memory);
  const finished = memory.getFinishedSpans();
  const [json, protobuf] = [startIngest(), startIngest()];
  await post(json, Buffer.from(JsonTraceSerializer.serializeRequest(finished) ?? []).toString());
  await post(protobuf, new Uint8Array(ProtobufTraceSerializer.serializeRequest(finished) ?? []));
  expect(json.spans).toHaveLength(2);
  expect(protobuf.spans).toEqual(json.spans);
  expect(json.spans[0]).toMatchObject({ kind: 'llm', errorType: 'RangeError', status: 'error' });
});

test.each(['none', 'gzip'])(
  'the JavaScript exporter is understood, compression %s',
  async (compression) => {
    const ingest = startIngest();
    const url = `http://127.0.0.1:${await listen(ingest)}/v1/traces`;
    const options = { url, compression } as ConstructorParameters<typeof OTLPTraceExporter>[0];
    const exporter = new OTLPTraceExporter(options);
    const provider = makeSpans(exporter);
    await provider.shutdown();
    expect(ingest.spans.map(({ name }) => name).sort()).toEqual([
      'chat gpt-5',
      'invoke_agent planner',
    ]);
  },
);

test('D16 the exporter sends a batch again after 503, and it is stored once', async () => {
  let refusals = 0;
  const ingest = startIngest({
    commit: async () => {
      if (refusals++ === 0) throw new StoreUnavailableError('starting');
    },
  });
  const url = `http://127.0.0.1:${await listen(ingest)}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url });
  const memory = new InMemorySpanExporter();
  makeSpans(memory);
  const result = await new Promise<{ code: number }>((resolve) => {
    exporter.export(memory.getFinishedSpans(), resolve);
  });
  expect(result.code).toBe(0);
  expect(ingest.spans).toHaveLength(2);
  expect(ingest.refused).toEqual([['unavailable', 2]]);
});

function send(port: number, headers: Record<string, string>, chunks: readonly Buffer[]) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const sent = httpRequest({
      port,
      host: '127.0.0.1',
      path: '/v1/traces',
      method: 'POST',
      headers,
    });
    sent.on('response', (response) => resolve(response.resume()));
    sent.on('error', reject);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}

const json = { 'content-type': 'application/json' };

test('D5 a chunked body is read whole', async () => {
  const ingest = startIngest();
  const body = Buffer.from(encode(request([span(1)]), 'application/json'));
  const halves = [body.subarray(0, 100), body.subarray(100)];
  const response = await send(await listen(ingest), json, halves);
  expect([response.statusCode, ingest.spans.length]).toEqual([200, 1]);
});

test('D5 a chunked body over the limit is 413 while it is read', async () => {
  const ingest = startIngest({ limits: { compressedBytes: 1_000 } });
  const response = await send(await listen(ingest), json, [
    Buffer.alloc(900, 32),
    Buffer.alloc(900, 32),
  ]);
  expect([response.statusCode, ingest.refused]).toEqual([413, [['too_large', 1]]]);
});

test('D5 a body announced as too large is refused unread', async () => {
  const ingest = startIngest({ limits: { compressedBytes: 1_000 } });
  const body = Buffer.alloc(2_000, 32);
  const headers = { ...json, 'content-length': String(body.length) };
  const response = await send(await listen(ingest), headers, [body]);
  expect(response.statusCode).toBe(413);
});

test('D18 a sender that hangs up in the middle leaves nothing behind', async () => {
  const ingest = startIngest();
  const socket = connect(await listen(ingest), '127.0.0.1');
  const body = Buffer.from(encode(request([span(1)]), 'application/json'));
  socket.write(
    'POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n' +
      `content-length: ${body.length}\r\n\r\n`,
  );
  socket.write(body.subarray(0, 50), () => setImmediate(() => socket.destroy()));
  await vi.waitFor(() => expect(ingest.refused).toEqual([['disconnected', 1]]));
  expect(ingest.spans).toEqual([]);
});
