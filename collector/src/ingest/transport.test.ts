/** Points D1, D2, D4 and D5 of the OTLP/HTTP checklist: methods, types, compression and sizes; the last two over the real server. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { describe, expect, test } from 'vitest';
import { listen, readStatus } from './conformance.testing.ts';
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

const good = request([span(1)]);

describe('methods and paths', () => {
  const paths = ['/v1/traces', '/v1/logs', '/v1/metrics'];
  const methods = ['GET', 'PUT', 'DELETE'];

  test.each(paths.flatMap((path) => methods.map((method) => [method, path])))(
    'D1: %s %s is 405 and says which method to use',
    async (method, path) => {
      const { app } = startIngest();
      const response = await app.request(String(path), { method: String(method) });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    },
  );

  test('D1: an unknown path is 404', async () => {
    const ingest = startIngest();
    expect((await post(ingest, '{}', {}, '/v1development/profiles')).status).toBe(404);
  });
});

describe('content types', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    ' application/json ;a=b',
  ])('D2: %j is JSON', async (type) => {
    const ingest = await listen();
    const response = await ingest.send(JSON.stringify(good), { 'content-type': type });
    expect([response.status, ingest.spans.length]).toEqual([200, 1]);
  });

  test.each(['application/x-protobuf', 'application/x-protobuf; proto=x'])(
    'D2: %j is protobuf',
    async (type) => {
      const ingest = await listen();
      const body = encode(good, 'application/x-protobuf');
      const response = await ingest.send(body, { 'content-type': type });
      expect([response.status, ingest.spans.length]).toEqual([200, 1]);
    },
  );

  test.each(['text/plain', 'application/grpc', 'application/x-www-form-urlencoded', 'nonsense'])(
    'D2: %j is 415',
    async (type) => {
      const ingest = await listen();
      const response = await ingest.send(JSON.stringify(good), { 'content-type': type });
      expect([response.status, ingest.spans.length]).toEqual([415, 0]);
      expect(ingest.refused).toEqual([['content_type', 1]]);
    },
  );

  test('D2: no type at all is 415', async () => {
    const { app } = await listen();
    const body = new Uint8Array(encode(good, 'application/x-protobuf') as Uint8Array);
    expect((await app.request('/v1/traces', { method: 'POST', body })).status).toBe(415);
  });
});

describe.each(encodings)('%s', (encoding) => {
  const type = { 'content-type': encoding };

  test.each(['gzip', 'x-gzip', 'GZIP'])('D4: %s is inflated', async (name) => {
    const ingest = await listen();
    const headers = { ...type, 'content-encoding': name };
    const response = await ingest.send(gzip(encode(good, encoding)), headers);
    expect([response.status, ingest.spans.length]).toEqual([200, 1]);
  });

  test('D4: gzip of several members is inflated whole', async () => {
    const ingest = await listen();
    const body = Buffer.from(encode(good, encoding));
    const half = Math.floor(body.length / 2);
    const members = [body.subarray(0, half), body.subarray(half)];
    const joined = Buffer.concat(members.map((part) => gzip(new Uint8Array(part))));
    const headers = { ...type, 'content-encoding': 'gzip' };
    await ingest.send(new Uint8Array(joined), headers);
    expect(ingest.spans).toHaveLength(1);
  });

  test('D4: identity is taken as it is', async () => {
    const ingest = await listen();
    const headers = { ...type, 'content-encoding': 'identity' };
    expect((await ingest.send(encode(good, encoding), headers)).status).toBe(200);
  });

  test.each(['br', 'gzip, gzip', 'compress'])('D4: %s is 415', async (name) => {
    const ingest = await listen();
    const headers = { ...type, 'content-encoding': name };
    const response = await ingest.send(encode(good, encoding), headers);
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
  ])('D4: corrupt gzip (%s) is 400', async (_, body) => {
    const ingest = await listen();
    const headers = { ...type, 'content-encoding': 'gzip' };
    const response = await ingest.send(new Uint8Array(body), headers);
    expect([response.status, ingest.spans.length]).toEqual([400, 0]);
  });

  test('D5: a body over the limit is 413 before it is read', async () => {
    const ingest = await listen({ limits: { compressedBytes: 50 } });
    const body = encode(good, encoding);
    const response = await ingest.send(body, { ...type, 'content-length': String(body.length) });
    expect([response.status, ingest.spans.length]).toEqual([413, 0]);
    expect((await readStatus(response, encoding)).message).toContain('send smaller batches');
    expect(ingest.refused).toEqual([['too_large', 1]]);
  });

  test('D5: a body without a length is counted while it is read', async () => {
    const ingest = await listen({ limits: { compressedBytes: 50 } });
    expect((await ingest.send(encode(good, encoding), type)).status).toBe(413);
  });

  test('D5: a gzip bomb is 413, stopped at the limit', async () => {
    const ingest = await listen({ limits: { inflatedBytes: 1024 * 1024 } });
    const headers = { ...type, 'content-encoding': 'gzip' };
    const bomb = gzip(new Uint8Array(64 * 1024 * 1024));
    const before = process.memoryUsage().arrayBuffers;
    const response = await ingest.send(bomb, headers);
    expect(response.status).toBe(413);
    expect((await readStatus(response, encoding)).message).toContain('after inflating');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
  });

  test('D5: a small body of countless empty messages is 413 before it fills the memory', async () => {
    const isJson = encoding === 'application/json';
    const body: Body = isJson
      ? `{"resourceSpans":[${'{},'.repeat(1_100_000)}{}]}`
      : Buffer.alloc(2_200_000).map((_, at) => (at % 2 === 0 ? 10 : 0));
    const ingest = await listen();
    const headers = { ...type, 'content-encoding': 'gzip' };
    const response = await ingest.send(gzip(body), headers);
    expect(response.status).toBe(413);
    expect((await readStatus(response, encoding)).message).toContain('more than 1000000 spans');
    expect(ingest.refused).toEqual([['too_large', 1]]);
  });

  test('D5: braces in a long text are no messages', async () => {
    const ingest = await listen();
    const attributes = [{ key: 'note', value: { stringValue: '{["\\"{'.repeat(600_000) } }];
    const body = gzip(encode(request([span(1, { attributes })]), encoding));
    await ingest.send(body, { ...type, 'content-encoding': 'gzip' });
    expect(ingest.spans).toHaveLength(1);
  });

  test('D5: a body of exactly the limit is taken', async () => {
    const body = encode(request(Array.from({ length: 20 }, () => span(1))), encoding);
    const size = Buffer.byteLength(body as string);
    const ingest = await listen({ limits: { compressedBytes: size, inflatedBytes: size } });
    const response = await ingest.send(gzip(body), { ...type, 'content-encoding': 'gzip' });
    expect([response.status, ingest.spans.length]).toEqual([200, 20]);
  });
});

function sendChunks(port: number, headers: Record<string, string>, chunks: readonly Buffer[]) {
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

test('D5: a chunked body is read whole', async () => {
  const ingest = await listen();
  const body = Buffer.from(encode(request([span(1)]), 'application/json'));
  const halves = [body.subarray(0, 100), body.subarray(100)];
  const response = await sendChunks(ingest.port, json, halves);
  expect([response.statusCode, ingest.spans.length]).toEqual([200, 1]);
});

test('D5: a chunked body over the limit is 413 while it is read', async () => {
  const ingest = await listen({ limits: { compressedBytes: 1_000 } });
  const response = await sendChunks(ingest.port, json, [
    Buffer.alloc(900, 32),
    Buffer.alloc(900, 32),
  ]);
  expect([response.statusCode, ingest.refused]).toEqual([413, [['too_large', 1]]]);
});

test('D5: a body announced as too large is refused unread', async () => {
  const ingest = await listen({ limits: { compressedBytes: 1_000 } });
  const body = Buffer.alloc(2_000, 32);
  const headers = { ...json, 'content-length': String(body.length) };
  const response = await sendChunks(ingest.port, headers, [body]);
  expect(response.statusCode).toBe(413);
});

describe('the other signals', () => {
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

  test('/v1/logs takes every record', async () => {
    const response = await post(startIngest(), JSON.stringify(logs), {}, '/v1/logs');
    expect([response.status, await response.json()]).toEqual([200, {}]);
  });

  test('/v1/metrics in JSON counts and rejects points without a time', async () => {
    const response = await post(startIngest(), JSON.stringify(metrics), {}, '/v1/metrics');
    const errorMessage = 'Rejected 4 data points: timeUnixNano must be set.';
    expect([response.status, await response.json()]).toEqual([
      200,
      { partialSuccess: { rejectedDataPoints: '4', errorMessage } },
    ]);
  });

  test('/v1/metrics in protobuf counts and rejects points without a name', async () => {
    const point = delimited(1, Buffer.alloc(0));
    const gauge = delimited(2, delimited(5, Buffer.concat([point, point])));
    const sum = delimited(2, delimited(7, point));
    const body = delimited(1, delimited(2, Buffer.concat([gauge, sum])));
    const response = await post(startIngest(), Uint8Array.from(body), {}, '/v1/metrics');
    const reply = ProtobufMetricsSerializer.deserializeResponse(
      new Uint8Array(await response.arrayBuffer()),
    );
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
