/**
 * Points D1 to D18, D31, D36 and D37 of the OTLP/HTTP checklist for traces, in both encodings, over the real HTTP server.
 * D4 and D5 are in transport.test.ts, D19 to D35 in the decoding tests.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { describe, expect, test, vi } from 'vitest';
import { StoreUnavailableError } from '../store/store.ts';
import { finishedSpans, listen, makeSpans, openSocket, readStatus } from './conformance.testing.ts';
import { encode, type Json } from './encode.testing.ts';
import { fixturesDir, inflateSentBody, sentBodies } from './fixtures.testing.ts';
import { encodings, gzip, request, span, type Body } from './ingest.testing.ts';

const good = request([span(1)]);
const bad = span(2, { traceId: '00' });

describe.each(encodings)('%s', (encoding) => {
  const type = { 'content-type': encoding };
  const malformed: Body =
    encoding === 'application/json' ? '{"resourceSpans":[' : Buffer.from([10]);

  test('D1: POST alone is taken, at the path of the signal alone', async () => {
    const { url } = await listen();
    const ask = async (method: string, to: string) =>
      (await fetch(to, { method, headers: type, ...(method === 'GET' ? {} : { body: '' }) }))
        .status;
    expect([await ask('GET', url), await ask('PUT', url)]).toEqual([405, 405]);
    const others = ['/v1/spans', '/v1development/profiles', '/V1/traces'];
    const statuses = others.map((path) => ask('POST', new URL(path, url).href));
    expect(await Promise.all(statuses)).toEqual([404, 404, 404]);
  });

  test('D2: the type may carry parameters, and any other is 415', async () => {
    const ingest = await listen();
    const send = async (contentType: string) =>
      (await ingest.send(encode(good, encoding), { 'content-type': contentType })).status;
    expect(await send(`${encoding.toUpperCase()} ; charset=utf-8`)).toBe(200);
    expect([await send('application/grpc'), await send('text/plain')]).toEqual([415, 415]);
    expect(ingest.spans).toHaveLength(1);
  });

  test('D3 D13: success and failure are answered in the encoding of the request', async () => {
    const ingest = await listen();
    const success = await ingest.send(encode(good, encoding));
    const failure = await ingest.send(malformed, type);
    expect(success.headers.get('content-type')).toBe(encoding);
    expect(failure.headers.get('content-type')).toBe(encoding);
    const status = await readStatus(failure, encoding);
    expect(status.code).toBe(3);
    expect(status.message).toMatch(/^The body cannot be read: /);
  });

  test('D10: very many bad spans are counted, too', async () => {
    const ingest = await listen({ limits: { recordsPerRequest: 200_000 } });
    const wrong = Array.from({ length: 200_000 }, () => ({ name: 'no ids' }));
    const response = await ingest.send(encode(request(wrong), encoding));
    expect(response.status).toBe(200);
    expect(ingest.refused).toEqual([['invalid_span', 200_000]]);
  });

  test('D6: the answer stays short, however many spans are wrong', async () => {
    const wrong = Array.from({ length: 3_000 }, (_, n) =>
      span(n + 1, { traceId: '0a'.repeat(n % 15) }),
    );
    const response = await (await listen()).send(encode(request(wrong), encoding));
    expect((await response.arrayBuffer()).byteLength).toBeLessThan(5_000);
  });

  test('D8: full success leaves the partial success out', async () => {
    const response = await (await listen()).send(encode(good, encoding));
    const body = Buffer.from(await response.arrayBuffer()).toString();
    expect([response.status, body]).toEqual([200, encoding === 'application/json' ? '{}' : '']);
  });

  test.each([
    ['an empty request', {}],
    ['no resource spans', { resourceSpans: [] }],
    ['a resource without scopes', { resourceSpans: [{}] }],
    ['a scope without spans', { resourceSpans: [{ scopeSpans: [{}] }] }],
  ])('D9: %s is 200', async (_, empty) => {
    const ingest = await listen();
    const response = await ingest.send(encode(empty, encoding), type);
    expect([response.status, ingest.spans]).toEqual([200, []]);
  });

  test('D10: bad spans are counted and their neighbours stored', async () => {
    const ingest = await listen();
    const spans = [span(1), bad, span(3), { ...bad, spanId: '04'.repeat(8) }, span(5)];
    const response = await ingest.send(encode(request(spans), encoding));
    expect(response.status).toBe(200);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const message = 'Rejected 2 spans: traceId must be 16 bytes in hex, not all zero.';
    const expected =
      encoding === 'application/json'
        ? { partialSuccess: { rejectedSpans: '2', errorMessage: message } }
        : { partialSuccess: { rejectedSpans: 2, errorMessage: message } };
    const read =
      encoding === 'application/json'
        ? JSON.parse(Buffer.from(bytes).toString())
        : ProtobufTraceSerializer.deserializeResponse(bytes);
    expect(read).toEqual(expected);
    expect(ingest.spans.map(({ spanId }) => Number.parseInt(spanId, 16))).toEqual([1, 3, 5]);
    expect(ingest.refused).toEqual([['invalid_span', 2]]);
  });

  test('D11: what was cut is a warning with nothing rejected', async () => {
    const ingest = await listen();
    const long = { key: 'note', value: { stringValue: 'x'.repeat(100_000) } };
    const response = await ingest.send(
      encode(request([span(1, { attributes: [long] })]), encoding),
    );
    const bytes = new Uint8Array(await response.arrayBuffer());
    const { partialSuccess } =
      encoding === 'application/json'
        ? JSON.parse(Buffer.from(bytes).toString())
        : ProtobufTraceSerializer.deserializeResponse(bytes);
    expect(Number(partialSuccess.rejectedSpans ?? 0)).toBe(0);
    expect(partialSuccess.errorMessage).toMatch(/^1 spans were cut to the limits: /);
    expect(ingest.refused).toEqual([]);
  });

  test('D12: the answer waits for the sink', async () => {
    const stored = Promise.withResolvers<void>();
    const ingest = await listen({ commit: () => stored.promise });
    let answered = false;
    const response = ingest.send(encode(good, encoding)).then((answer) => {
      answered = true;
      return answer;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    stored.resolve();
    expect((await response).status).toBe(200);
  });

  test('D14: a body that cannot be read is 400 and stores nothing', async () => {
    const ingest = await listen();
    const response = await ingest.send(malformed, type);
    expect([response.status, ingest.spans.length]).toEqual([400, 0]);
    expect(ingest.refused).toEqual([['malformed', 1]]);
  });

  test('D15 D16: a store that cannot take spans is 503 with a short pause, never 500', async () => {
    const ingest = await listen({
      commit: () => Promise.reject(new StoreUnavailableError('the engine restarts')),
    });
    const response = await ingest.send(encode(request([span(1), span(2)]), encoding));
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(response.headers.get('content-type')).toBe(encoding);
    expect(await readStatus(response, encoding)).toMatchObject({ code: 14 });
    expect(ingest.refused).toEqual([['unavailable', 2]]);
  });

  test('D17: the project is chosen from the headers', async () => {
    const ingest = await listen();
    await ingest.send(encode(good, encoding), { ...type, 'orchescope-project': 'checkout' });
    expect(ingest.spans.map(({ projectId }) => projectId)).toEqual(['checkout']);
  });

  test('D7: thirty connections at once are each answered', async () => {
    const ingest = await listen();
    const sends = Array.from({ length: 30 }, (_, at) =>
      ingest.send(encode(request([span(at + 1)]), encoding)),
    );
    const statuses = (await Promise.all(sends)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(new Set(ingest.spans.map(({ spanId }) => spanId)).size).toBe(30);
  });

  test('D14: one span that is wrong does not cost the body', async () => {
    const ingest = await listen();
    const response = await ingest.send(encode(request([span(1), bad]), encoding), type);
    expect([response.status, ingest.spans.length]).toEqual([200, 1]);
  });

  test('D15: nothing that a sender may try again is answered 500 or 408', async () => {
    let failure: Error | null = new StoreUnavailableError('the disk is full');
    const ingest = await listen({
      commit: async () => {
        if (failure !== null) throw failure;
      },
    });
    const statuses = [(await ingest.send(encode(good, encoding), type)).status];
    failure = null;
    statuses.push((await ingest.send(encode(good, encoding), type)).status);
    expect([statuses, ingest.spans.length]).toEqual([[503, 200], 1]);
  });

  test('D18: what a sender that hung up sends again is there once', async () => {
    const ingest = await listen();
    const body = Buffer.from(encode(good, encoding));
    const socket = await openSocket(ingest.port);
    socket.write(
      `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: ${encoding}\r\n` +
        `content-length: ${body.length}\r\n\r\n`,
    );
    socket.write(body.subarray(0, 50), () => setImmediate(() => socket.destroy()));
    await vi.waitFor(() => expect(ingest.refused).toEqual([['disconnected', 1]]));
    expect(ingest.spans).toEqual([]);
    await ingest.send(encode(good, encoding), type);
    expect(ingest.spans).toHaveLength(1);
  });

  test('D31: a trace may come in many requests, children first', async () => {
    const ingest = await listen();
    const parentSpanId = '0000000000000001';
    const parts = [
      span(3, { parentSpanId: '00000000000000ff' }),
      span(2, { parentSpanId }),
      span(1),
    ];
    for (const part of parts) await ingest.send(encode(request([part]), encoding));
    const told = ingest.spans.map(({ spanId, parentSpanId: parent }) => [
      Number.parseInt(spanId, 16),
      Number.parseInt(parent || '0', 16),
    ]);
    expect(told).toEqual([
      [3, 255],
      [2, 1],
      [1, 0],
    ]);
    expect(new Set(ingest.spans.map(({ traceId }) => traceId)).size).toBe(1);
  });

  test('D37: the shape of the example of opentelemetry-proto is understood', async () => {
    const ingest = await listen();
    const response = await ingest.send(encode(example, encoding), type);
    expect(response.status).toBe(200);
    expect(ingest.spans).toMatchObject([
      {
        serviceName: 'warehouse',
        scopeName: 'shelf.library',
        scopeVersion: '1.0.0',
        scopeAttributes: new Map([['shelf.row', 'third']]),
        traceId: '5b8efff798038103d269b633813fc60c',
        spanId: 'eee19b7ec3c1b174',
        parentSpanId: 'eee19b7ec3c1b173',
        name: 'a server span',
        otelKind: 2,
        startTimeUnixNano: 1544712660000000000n,
        endTimeUnixNano: 1544712661000000000n,
        attributes: new Map([['shelf.item', 'a box']]),
      },
    ]);
  });
});

/** Identifiers in capitals, as that example has them. */
const example: Json = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'warehouse' } }] },
      scopeSpans: [
        {
          scope: {
            name: 'shelf.library',
            version: '1.0.0',
            attributes: [{ key: 'shelf.row', value: { stringValue: 'third' } }],
          },
          spans: [
            {
              traceId: '5B8EFFF798038103D269B633813FC60C',
              spanId: 'EEE19B7EC3C1B174',
              parentSpanId: 'EEE19B7EC3C1B173',
              name: 'a server span',
              startTimeUnixNano: '1544712660000000000',
              endTimeUnixNano: '1544712661000000000',
              kind: 2,
              attributes: [{ key: 'shelf.item', value: { stringValue: 'a box' } }],
            },
          ],
        },
      ],
    },
  ],
};

test('D36: the serialisers of OpenTelemetry give equal rows in both encodings', async () => {
  const finished = finishedSpans();
  const [json, protobuf] = [await listen(), await listen()];
  await json.send(Buffer.from(JsonTraceSerializer.serializeRequest(finished) ?? []).toString());
  await protobuf.send(new Uint8Array(ProtobufTraceSerializer.serializeRequest(finished) ?? []));
  expect(json.spans).toHaveLength(2);
  expect(protobuf.spans).toEqual(json.spans);
  expect(json.spans[0]).toMatchObject({ kind: 'llm', errorType: 'RangeError', status: 'error' });
});

type ExporterOptions = ConstructorParameters<typeof JsonExporter>[0];
const exporters = [
  ['JSON', (options: ExporterOptions) => new JsonExporter(options)],
  ['protobuf', (options: ExporterOptions) => new ProtobufExporter(options)],
] as const;

describe.each(exporters)("OpenTelemetry's exporter for JavaScript, %s", (_, createExporter) => {
  test.each(['none', 'gzip'])('D36: is understood, compression %s', async (compression) => {
    const ingest = await listen();
    const options = { url: ingest.url, compression } as ExporterOptions;
    await makeSpans(createExporter(options)).shutdown();
    expect(ingest.spans.map(({ name }) => name).sort()).toEqual([
      'chat gpt-5',
      'invoke_agent planner',
    ]);
  });

  test('D16: sends a batch again after 503, and it is there once', async () => {
    let refusals = 0;
    const ingest = await listen({
      commit: async () => {
        if (refusals++ === 0) throw new StoreUnavailableError('starting');
      },
    });
    const exporter = createExporter({ url: ingest.url });
    const result = await new Promise<{ code: number }>((resolve) => {
      exporter.export(finishedSpans(), resolve);
    });
    expect([result.code, ingest.spans.length]).toEqual([0, 2]);
    expect(ingest.refused).toEqual([['unavailable', 2]]);
  });

  test('D14: gives a batch up after 400, for good', async () => {
    const ingest = await listen({ limits: { recordsPerRequest: 1 } });
    const exporter = createExporter({ url: ingest.url });
    const result = await new Promise<{ code: number }>((resolve) => {
      exporter.export(finishedSpans(), resolve);
    });
    expect([result.code, ingest.spans.length, ingest.refused.length]).toEqual([1, 0, 1]);
  });
});

test.each(sentBodies)('D37: %s is taken as it was sent and as it is inflated', async (file) => {
  const [sent, inflated] = [await listen(), await listen()];
  const encoding: Record<string, string> = file.endsWith('.gz')
    ? { 'content-encoding': 'gzip' }
    : {};
  await sent.send(Buffer.from(readFileSync(join(fixturesDir, file))), encoding);
  await inflated.send(gzip(inflateSentBody(file)), { 'content-encoding': 'gzip' });
  expect(sent.spans.length).toBeGreaterThan(3);
  expect(inflated.spans).toEqual(sent.spans);
});
