/** Points D1 to D18 of the OTLP/HTTP checklist: what a sender may send, and what it is answered. */
import {
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import { describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../store/store.ts';
import { delimited, encode } from './encode.testing.ts';
import {
  encodings,
  gzip,
  named,
  post,
  request,
  span,
  startIngest,
  type Body,
} from './ingest.testing.ts';
import { WireReader } from './otlp/wire-reader.ts';
import type { Encoding } from './replies.ts';

const good = request([span(1)]);
const bad = span(2, { traceId: '00' });

type Status = { code: number; message: string };

async function readStatus(response: Response, encoding: Encoding): Promise<Status> {
  const bytes = Buffer.from(await response.bytes());
  if (encoding === 'application/json') return JSON.parse(bytes.toString()) as Status;
  const status = { code: 0, message: '' };
  for (const reader = new WireReader(bytes); reader.next();) {
    if (reader.tag === 8) status.code = reader.uint32();
    else status.message = reader.text();
  }
  return status;
}

describe('D1 methods and paths', () => {
  const paths = ['/v1/traces', '/v1/logs', '/v1/metrics'];
  const methods = ['GET', 'PUT', 'DELETE'];

  test.each(paths.flatMap((path) => methods.map((method) => [method, path])))(
    '%s %s is 405 and says which method to use',
    async (method, path) => {
      const { app } = startIngest();
      const response = await app.request(String(path), { method: String(method) });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    },
  );

  test('an unknown path is 404', async () => {
    const ingest = startIngest();
    expect((await post(ingest, '{}', {}, '/v1development/profiles')).status).toBe(404);
  });
});

describe('D2 content types', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    ' application/json ;a=b',
  ])('%j is JSON', async (type) => {
    const ingest = startIngest();
    const response = await post(ingest, JSON.stringify(good), { 'content-type': type });
    expect([response.status, ingest.spans.length]).toEqual([200, 1]);
  });

  test.each(['application/x-protobuf', 'application/x-protobuf; proto=x'])(
    '%j is protobuf',
    async (type) => {
      const ingest = startIngest();
      const body = encode(good, 'application/x-protobuf');
      const response = await post(ingest, body, { 'content-type': type });
      expect([response.status, ingest.spans.length]).toEqual([200, 1]);
    },
  );

  test.each(['text/plain', 'application/grpc', 'application/x-www-form-urlencoded', 'nonsense'])(
    '%j is 415',
    async (type) => {
      const ingest = startIngest();
      const response = await post(ingest, JSON.stringify(good), { 'content-type': type });
      expect([response.status, ingest.spans.length]).toEqual([415, 0]);
      expect(ingest.refused).toEqual([['content_type', 1]]);
    },
  );

  test('no type at all is 415', async () => {
    const { app } = startIngest();
    const body = new Uint8Array(encode(good, 'application/x-protobuf') as Uint8Array);
    expect((await app.request('/v1/traces', { method: 'POST', body })).status).toBe(415);
  });
});

describe.each(encodings)('%s', (encoding) => {
  const type = { 'content-type': encoding };
  const malformed: Body =
    encoding === 'application/json' ? '{"resourceSpans":[' : Buffer.from([10]);

  test('D3 and D13 success and failure are answered in the encoding of the request', async () => {
    const ingest = startIngest();
    const success = await post(ingest, encode(good, encoding));
    const failure = await post(ingest, malformed, type);
    expect(success.headers.get('content-type')).toBe(encoding);
    expect(failure.headers.get('content-type')).toBe(encoding);
    const status = await readStatus(failure, encoding);
    expect(status.code).toBe(3);
    expect(status.message).toMatch(/^The body cannot be read: /);
  });

  test.each(['gzip', 'x-gzip', 'GZIP'])('D4 %s is inflated', async (name) => {
    const ingest = startIngest();
    const headers = { ...type, 'content-encoding': name };
    const response = await post(ingest, gzip(encode(good, encoding)), headers);
    expect([response.status, ingest.spans.length]).toEqual([200, 1]);
  });

  test('D4 gzip of several members is inflated whole', async () => {
    const ingest = startIngest();
    const body = Buffer.from(encode(good, encoding));
    const half = Math.floor(body.length / 2);
    const members = [body.subarray(0, half), body.subarray(half)];
    const joined = Buffer.concat(members.map((part) => gzip(new Uint8Array(part))));
    const headers = { ...type, 'content-encoding': 'gzip' };
    await post(ingest, new Uint8Array(joined), headers);
    expect(ingest.spans).toHaveLength(1);
  });

  test('D4 identity is taken as it is', async () => {
    const ingest = startIngest();
    const headers = { ...type, 'content-encoding': 'identity' };
    expect((await post(ingest, encode(good, encoding), headers)).status).toBe(200);
  });

  test.each(['br', 'gzip, gzip', 'compress'])('D4 %s is 415', async (name) => {
    const ingest = startIngest();
    const headers = { ...type, 'content-encoding': name };
    const response = await post(ingest, encode(good, encoding), headers);
    expect([response.status, ingest.spans.length]).toEqual([415, 0]);
    expect((await readStatus(response, encoding)).message).toContain(
      'send gzip, zstd, deflate or none',
    );
  });

  test.each([
    ['text', Buffer.from('this is not gzip')],
    ['nothing', Buffer.alloc(0)],
    ['half of it', Buffer.from(gzip(encode(good, encoding))).subarray(0, 40)],
    [
      'a broken checksum',
      Buffer.concat([Buffer.from(gzip(encode(good, encoding))).subarray(0, -8), Buffer.alloc(8)]),
    ],
  ])('D4 corrupt gzip (%s) is 400', async (_, body) => {
    const ingest = startIngest();
    const headers = { ...type, 'content-encoding': 'gzip' };
    const response = await post(ingest, new Uint8Array(body), headers);
    expect([response.status, ingest.spans.length]).toEqual([400, 0]);
  });

  test('D5 a body over the limit is 413 before it is read', async () => {
    const ingest = startIngest({ limits: { compressedBytes: 50 } });
    const body = encode(good, encoding);
    const response = await post(ingest, body, { ...type, 'content-length': String(body.length) });
    expect([response.status, ingest.spans.length]).toEqual([413, 0]);
    expect((await readStatus(response, encoding)).message).toContain('send smaller batches');
    expect(ingest.refused).toEqual([['too_large', 1]]);
  });

  test('D5 a body without a length is counted while it is read', async () => {
    const ingest = startIngest({ limits: { compressedBytes: 50 } });
    expect((await post(ingest, encode(good, encoding), type)).status).toBe(413);
  });

  test('D5 a gzip bomb is 413, stopped at the limit', async () => {
    const ingest = startIngest({ limits: { inflatedBytes: 1024 * 1024 } });
    const headers = { ...type, 'content-encoding': 'gzip' };
    const bomb = gzip(new Uint8Array(64 * 1024 * 1024));
    const before = process.memoryUsage().arrayBuffers;
    const response = await post(ingest, bomb, headers);
    expect(response.status).toBe(413);
    expect((await readStatus(response, encoding)).message).toContain('after inflating');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
  });

  test('D5 a small body of countless empty messages is 413 before it fills the memory', async () => {
    const isJson = encoding === 'application/json';
    const body: Body = isJson
      ? `{"resourceSpans":[${'{},'.repeat(1_100_000)}{}]}`
      : Buffer.alloc(2_200_000).map((_, at) => (at % 2 === 0 ? 10 : 0));
    const ingest = startIngest();
    const headers = { ...type, 'content-encoding': 'gzip' };
    const response = await post(ingest, gzip(body), headers);
    expect(response.status).toBe(413);
    expect((await readStatus(response, encoding)).message).toContain('more than 1000000 spans');
    expect(ingest.refused).toEqual([['too_large', 1]]);
  });

  test('D5 braces in a long text are no messages', async () => {
    const ingest = startIngest();
    const attributes = [{ key: 'note', value: { stringValue: '{["\\"{'.repeat(600_000) } }];
    const body = gzip(encode(request([span(1, { attributes })]), encoding));
    await post(ingest, body, { ...type, 'content-encoding': 'gzip' });
    expect(ingest.spans).toHaveLength(1);
  });

  test('D10 very many bad spans are counted, too', async () => {
    const ingest = startIngest({ limits: { recordsPerRequest: 200_000 } });
    const wrong = Array.from({ length: 200_000 }, () => ({ name: 'no ids' }));
    const response = await post(ingest, encode(request(wrong), encoding));
    expect(response.status).toBe(200);
    expect(ingest.refused).toEqual([['invalid_span', 200_000]]);
  });

  test('D5 a body of exactly the limit is taken', async () => {
    const body = encode(request(Array.from({ length: 20 }, () => span(1))), encoding);
    const size = Buffer.byteLength(body as string);
    const ingest = startIngest({ limits: { compressedBytes: size, inflatedBytes: size } });
    const response = await post(ingest, gzip(body), { ...type, 'content-encoding': 'gzip' });
    expect([response.status, ingest.spans.length]).toEqual([200, 20]);
  });

  test('D6 the answer stays short, however many spans are wrong', async () => {
    const wrong = Array.from({ length: 3_000 }, (_, n) =>
      span(n + 1, { traceId: '0a'.repeat(n % 15) }),
    );
    const response = await post(startIngest(), encode(request(wrong), encoding));
    expect((await response.bytes()).length).toBeLessThan(5_000);
  });

  test('D8 full success leaves the partial success out', async () => {
    const response = await post(startIngest(), encode(good, encoding));
    const body = Buffer.from(await response.bytes()).toString();
    expect([response.status, body]).toEqual([200, encoding === 'application/json' ? '{}' : '']);
  });

  test.each([
    ['an empty request', {}],
    ['no resource spans', { resourceSpans: [] }],
    ['a resource without scopes', { resourceSpans: [{}] }],
    ['a scope without spans', { resourceSpans: [{ scopeSpans: [{}] }] }],
  ])('D9 %s is 200', async (_, empty) => {
    const ingest = startIngest();
    const response = await post(ingest, encode(empty, encoding), type);
    expect([response.status, ingest.spans]).toEqual([200, []]);
  });

  test('D10 bad spans are counted and their neighbours stored', async () => {
    const ingest = startIngest();
    const spans = [span(1), bad, span(3), { ...bad, spanId: '04'.repeat(8) }, span(5)];
    const response = await post(ingest, encode(request(spans), encoding));
    expect(response.status).toBe(200);
    const bytes = await response.bytes();
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

  test('D11 what was cut is a warning with nothing rejected', async () => {
    const ingest = startIngest();
    const long = { key: 'note', value: { stringValue: 'x'.repeat(100_000) } };
    const response = await post(
      ingest,
      encode(request([span(1, { attributes: [long] })]), encoding),
    );
    const bytes = await response.bytes();
    const { partialSuccess } =
      encoding === 'application/json'
        ? JSON.parse(Buffer.from(bytes).toString())
        : ProtobufTraceSerializer.deserializeResponse(bytes);
    expect(Number(partialSuccess.rejectedSpans ?? 0)).toBe(0);
    expect(partialSuccess.errorMessage).toMatch(/^1 spans were cut to the limits: /);
    expect(ingest.refused).toEqual([]);
  });

  test('D12 the answer waits for the sink', async () => {
    const stored = Promise.withResolvers<void>();
    const ingest = startIngest({ commit: () => stored.promise });
    let answered = false;
    const response = post(ingest, encode(good, encoding)).then((answer) => {
      answered = true;
      return answer;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    stored.resolve();
    expect((await response).status).toBe(200);
  });

  test('D14 a body that cannot be read is 400 and stores nothing', async () => {
    const ingest = startIngest();
    const response = await post(ingest, malformed, type);
    expect([response.status, ingest.spans.length]).toEqual([400, 0]);
    expect(ingest.refused).toEqual([['malformed', 1]]);
  });

  test('D15 and D16 a store that cannot take spans is 503 with a short pause, never 500', async () => {
    const ingest = startIngest({
      commit: () => Promise.reject(new StoreUnavailableError('the engine restarts')),
    });
    const response = await post(ingest, encode(request([span(1), span(2)]), encoding));
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(response.headers.get('content-type')).toBe(encoding);
    expect(await readStatus(response, encoding)).toMatchObject({ code: 14 });
    expect(ingest.refused).toEqual([['unavailable', 2]]);
  });

  test('D17 the project is chosen from the headers', async () => {
    const ingest = startIngest();
    await post(ingest, encode(good, encoding), { ...type, 'orchescope-project': 'checkout' });
    expect(ingest.spans.map(({ projectId }) => projectId)).toEqual(['checkout']);
  });
});

describe('signals that are not stored yet', () => {
  const attributes = [named('shop')];
  const logs = {
    resourceLogs: [
      {
        resource: { attributes },
        scopeLogs: [{ logRecords: [{}, { body: { stringValue: 'x' } }] }],
      },
      { scopeLogs: [{ logRecords: [{ severityNumber: 9 }] }, {}] },
    ],
  };
  const metrics = {
    resourceMetrics: [
      {
        scopeMetrics: [
          {
            metrics: [
              { name: 'a', sum: { dataPoints: [{ asInt: '1' }, { asInt: '2' }] } },
              { name: 'b', gauge: { dataPoints: [{ asDouble: 1 }] } },
              { name: 'c', exponentialHistogram: { dataPoints: [{}] } },
              { name: 'd' },
            ],
          },
        ],
      },
    ],
  };

  test.each([
    ['/v1/logs', logs, 'rejectedLogRecords', '3'],
    ['/v1/metrics', metrics, 'rejectedDataPoints', '4'],
  ] as const)('%s in JSON counts and rejects all records', async (path, body, field, count) => {
    const response = await post(startIngest(), JSON.stringify(body), {}, path);
    const errorMessage = 'This version of Orchescope stores traces only.';
    expect([response.status, await response.json()]).toEqual([
      200,
      { partialSuccess: { [field]: count, errorMessage } },
    ]);
  });

  test('/v1/logs in protobuf counts and rejects all records', async () => {
    const record = delimited(2, Buffer.from([16, 9]));
    const scopeLogs = delimited(2, Buffer.concat([record, record]));
    const body = Uint8Array.from(delimited(1, scopeLogs));
    const response = await post(startIngest(), body, {}, '/v1/logs');
    const reply = ProtobufLogsSerializer.deserializeResponse(await response.bytes());
    expect(Number(reply.partialSuccess?.rejectedLogRecords)).toBe(2);
  });

  test('/v1/metrics in protobuf counts and rejects all points', async () => {
    const point = delimited(1, Buffer.alloc(0));
    const gauge = delimited(2, delimited(5, Buffer.concat([point, point])));
    const sum = delimited(2, delimited(7, point));
    const body = delimited(1, delimited(2, Buffer.concat([gauge, sum])));
    const response = await post(startIngest(), Uint8Array.from(body), {}, '/v1/metrics');
    const reply = ProtobufMetricsSerializer.deserializeResponse(await response.bytes());
    expect(Number(reply.partialSuccess?.rejectedDataPoints)).toBe(3);
  });

  test.each(['/v1/logs', '/v1/metrics'])('%s without records is a full success', async (path) => {
    const response = await post(startIngest(), '{}', {}, path);
    expect([response.status, await response.text()]).toEqual([200, '{}']);
  });

  test.each(['/v1/logs', '/v1/metrics'])('%s that cannot be read is 400', async (path) => {
    expect((await post(startIngest(), 'null', {}, path)).status).toBe(400);
    expect((await post(startIngest(), Uint8Array.from([10, 9]), {}, path)).status).toBe(400);
  });
});

test('a fault of ours is thrown on for the server to log', async () => {
  const ingest = startIngest({ commit: () => Promise.reject(new TypeError('a bug')) });
  ingest.app.onError((error, c) => c.text(error.message, 500));
  const response = await post(ingest, JSON.stringify(good));
  expect([response.status, await response.text()]).toEqual([500, 'a bug']);
});
