/** What senders get wrong, through the whole app: how it is answered, who survives, what the trace page is told. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createShape, type ShapeName } from '../../bench/shapes/index.ts';
import { followLive, startTestServer, type Answer, type TestServer } from './app.testing.ts';
import { spanDetail, traceSkeleton, type NoticeCode, type TraceSkeleton } from './contract.ts';
import { encode, type Json } from './ingest/encode.testing.ts';
import { crashesDir } from './ingest/fuzz-bodies.testing.ts';
import { attribute, encodings, named, request, span } from './ingest/ingest.testing.ts';
import type { Encoding } from './ingest/replies.ts';

// Cases of a table are sent together, each to a project of its own: they become visible with few inserts.
vi.setConfig({ maxConcurrency: 40 });

const traceId = '0af7651916cd43dd8448eb211c80319c';
const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const ofSmall = {
  compressedBytes: mebibyte,
  inflatedBytes: 1.25 * mebibyte,
  heldBytes: 3 * mebibyte,
};
let server: TestServer;
/** Takes little, so that too much is quickly sent. */
let small: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  small = await startTestServer({}, ofSmall);
});
afterAll(async () => {
  for (const one of [server, small]) {
    await one.close();
    await one.remove();
  }
});

let projects = 0;

/** A project of its own, so that every case may use the same ids. */
function newProject(): string {
  projects += 1;
  return `case-${projects}`;
}

type Posted = { readonly project: string; readonly answer: Answer };

async function post(
  body: string | Uint8Array,
  headers: Record<string, string>,
  to = server,
  project = newProject(),
): Promise<Posted> {
  const answer = await to.ask('/v1/traces', {
    method: 'POST',
    headers: { 'orchescope-project': project, ...headers },
    body,
  });
  return { project, answer };
}

async function readSkeleton(project: string, from = server): Promise<TraceSkeleton> {
  return traceSkeleton.parse(await from.read(`/api/traces/${traceId}/skeleton?project=${project}`));
}

function namesOf({ columns, strings }: TraceSkeleton): (string | undefined)[] {
  return columns.name.map((name) => strings[name]);
}

const noticesOf = ({ notices }: TraceSkeleton) => notices.map(({ code, count }) => [code, count]);

const good = encode(request([span(1)]), 'application/json') as string;

describe.concurrent.each(encodings)('a body in %s that cannot be read', (encoding) => {
  const type = { 'content-type': encoding };
  const gzip = { ...type, 'content-encoding': 'gzip' };
  const whole = Buffer.from(encode(request([span(1)]), encoding));
  const large = Buffer.from(
    encode(request([span(1, { name: 'n'.repeat(ofSmall.inflatedBytes) })]), encoding),
  );

  test.each<[string, string | Uint8Array, Record<string, string>, number, RegExp]>([
    ['is cut off', whole.subarray(0, whole.length - 9), type, 400, /cannot be read/],
    ['is noise', Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07, 0x99]), type, 400, /cannot be read/],
    ['is no gzip', whole, gzip, 400, /not valid gzip/],
    ['is half a gzip', gzipSync(whole).subarray(0, 60), gzip, 400, /not valid gzip/],
    [
      'is brotli',
      whole,
      { ...type, 'content-encoding': 'br' },
      415,
      /send gzip, zstd, deflate or none/,
    ],
    ['is too large as sent', large, type, 413, /send smaller batches/],
    ['is too large inflated', gzipSync(large), gzip, 413, /send smaller batches/],
  ])('%s', async (_, body, headers, status, sentence) => {
    const { project, answer } = await post(body, headers, small);
    expect([answer.status, answer.headers['content-type']]).toEqual([status, encoding]);
    expect(answer.text).toMatch(sentence);
    const { project: next } = await post(whole, type, small);
    expect(namesOf(await readSkeleton(next, small))).toEqual(['work']);
    expect((await small.ask(`/api/traces/${traceId}?project=${project}`)).status).toBe(404);
  });
});

test.each<[string, Record<string, string>]>([
  ['no content type', {}],
  ['text', { 'content-type': 'text/plain' }],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
])('%s is 415 and says which types are taken', async (_, headers) => {
  const { answer } = await post(good, headers);
  expect([answer.status, answer.headers['content-type']]).toEqual([415, 'application/json']);
  expect(answer.text).toMatch(/application\/x-protobuf or application\/json/);
});

/** The spans are sent in both encodings; what is seen must be the same. */
describe.concurrent.each(encodings)('odd spans in %s', (encoding) => {
  const whole = encode(request([span(1)]), encoding);

  async function take(spans: readonly Json[], resource?: readonly Json[]): Promise<Posted> {
    const body = encode(request(spans, resource), encoding);
    const posted = await post(body, { 'content-type': encoding });
    expect(posted.answer.status).toBe(200);
    return posted;
  }

  test.each([
    ['a short trace id', { traceId: 'abcd' }],
    ['a trace id of zeros', { traceId: '0'.repeat(32) }],
    ['a short span id', { spanId: 'ab' }],
    ['a span id of zeros', { spanId: '0'.repeat(16) }],
    ['no ids', { traceId: '', spanId: '' }],
  ])('%s rejects that span alone', async (_, changes) => {
    const { project, answer } = await take([span(1), span(2, changes), span(3)]);
    expect(answer.text).toMatch(/Rejected 1 spans/);
    expect((await readSkeleton(project)).totals.spans).toBe(2);
  });

  const text = { stringValue: 'kept' };
  const hostile = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((key) =>
    attribute(key, text),
  );

  test('attributes named __proto__ and constructor are text at every place', async () => {
    const nested = attribute('nested', { kvlistValue: { values: hostile } });
    const time = '1763690400100000000';
    const { project, answer } = await take(
      [
        span(1, {
          name: '__proto__',
          attributes: [...hostile, nested],
          events: [{ name: 'constructor', timeUnixNano: time, attributes: hostile }],
          links: [{ traceId, spanId: '0000000000000002', attributes: hostile }],
        }),
        span(2),
      ],
      [named('__proto__'), ...hostile],
    );
    expect(answer.bytes.length).toBe(encoding === 'application/json' ? 2 : 0);
    expect(namesOf(await readSkeleton(project))).toEqual(['__proto__', 'work']);
    const detail = spanDetail.parse(
      await server.read(`/api/traces/${traceId}/spans/0000000000000001?project=${project}`),
    );
    const places = [
      detail.attributes,
      detail.resourceAttributes,
      detail.events[0]?.attributes ?? [],
      detail.links[0]?.attributes ?? [],
    ];
    for (const place of places) {
      const values = new Map(place.map(({ key, value }) => [key, value]));
      expect(hostile.map(({ key }) => values.get(String(key)))).toEqual(hostile.map(() => 'kept'));
    }
    expect(Object.hasOwn(Object.prototype, 'stringValue')).toBe(false);
  });

  test('a string of 10 MB is cut, and the page says so', async () => {
    const value = { stringValue: 'é'.repeat(5 * mebibyte) };
    const { project, answer } = await take([
      span(1, { attributes: [attribute('x', value)] }),
      span(2),
    ]);
    expect(answer.text).toMatch(/1 spans were cut to the limits/);
    const skeleton = await readSkeleton(project);
    expect(noticesOf(skeleton)).toContainEqual(['truncated', 1]);
    expect(skeleton.totals.spans).toBe(2);
  });

  test('values nested 1,000 deep are emptied below the limit', async () => {
    const isJson = encoding === 'application/json';
    const deep = join(crashesDir, `any-value-1000-deep.${isJson ? 'json' : 'binpb'}`);
    const { project, answer } = await post(readFileSync(deep), { 'content-type': encoding });
    expect([answer.status, answer.text]).toEqual([
      200,
      expect.stringMatching(/nested deeper than 32/),
    ]);
    const { answer: read } = await post(whole, { 'content-type': encoding }, server, project);
    expect(read.status).toBe(200);
    expect((await server.ask(`/api/traces/${traceId}?project=${project}`)).status).toBe(200);
  });

  test('of 10,000 attributes on a span 1,024 are kept, and the others counted', async () => {
    const attributes = Array.from({ length: 10_000 }, (_, at) =>
      attribute(`key.${at}`, { intValue: String(at) }),
    );
    const { project, answer } = await take([span(1, { attributes }), span(2)]);
    expect(answer.text).toMatch(/1 spans were cut to the limits/);
    const detail = spanDetail.parse(
      await server.read(`/api/traces/${traceId}/spans/0000000000000001?project=${project}`),
    );
    expect([detail.attributes.length, detail.droppedAttributes]).toEqual([1_024, 8_976]);
    expect((await readSkeleton(project)).totals.spans).toBe(2);
  });

  test('two projects may have spans of the same ids, and neither sees the other', async () => {
    const first = await take([span(1, { name: 'of the first' }), span(2)]);
    const second = await take([span(1, { name: 'of the second' })]);
    expect(namesOf(await readSkeleton(first.project)).sort()).toEqual(['of the first', 'work']);
    expect(namesOf(await readSkeleton(second.project))).toEqual(['of the second']);
  });

  test('B5.9: a span that is sent again is there once, and ends when it last ended', async () => {
    const project = newProject();
    const ends = ['1763690400200000000', '1763690400900000000', '1763690400200000000'];
    for (const endTimeUnixNano of ends) {
      const body = encode(request([span(1, { endTimeUnixNano })]), encoding);
      await post(body, { 'content-type': encoding }, server, project);
    }
    const skeleton = await readSkeleton(project);
    expect(skeleton.totals.spans).toBe(1);
    const detail = spanDetail.parse(
      await server.read(`/api/traces/${traceId}/spans/0000000000000001?project=${project}`),
    );
    expect(detail.endTimeUnixNano).toBe('1763690400900000000');
  });

  const child = (number: number, parent: number, changes: Json = {}) =>
    span(number, { parentSpanId: parent.toString(16).padStart(16, '0'), ...changes });

  test.each<[NoticeCode, number, readonly Json[]]>([
    ['orphans', 1, [span(1), child(2, 77)]],
    ['cycle', 3, [span(1), child(2, 3), child(3, 2), child(4, 4)]],
    ['several_roots', 2, [span(1), span(2)]],
    ['end_before_start', 1, [span(1), child(2, 1, { endTimeUnixNano: '1763690300000000000' })]],
    ['bad_time', 1, [span(1), child(2, 1, { startTimeUnixNano: '0' })]],
    ['bad_time', 1, [span(1), child(2, 1, { startTimeUnixNano: '9000000000000000000' })]],
    ['running', 1, [span(1), child(2, 1, { endTimeUnixNano: '0' })]],
    ['clock_skew', 1, [span(1), child(2, 1, { startTimeUnixNano: '1763690398900000000' })]],
  ])('%s is said of %i', async (code, count, spans) => {
    const { project } = await take(spans);
    const skeleton = await readSkeleton(project);
    expect(noticesOf(skeleton)).toContainEqual([code, count]);
    expect(skeleton.totals.spans).toBe(spans.length);
  });

  test('no service name is said, and named unknown_service', async () => {
    const { project } = await take([span(1)], []);
    const skeleton = await readSkeleton(project);
    expect(noticesOf(skeleton)).toEqual([['no_service_name', 1]]);
    expect(skeleton.strings[skeleton.columns.service[0] ?? -1]).toBe('unknown_service');
  });
});

test('children that came before their parents hang below them', async () => {
  const project = newProject();
  const type = { 'content-type': 'application/json' };
  const child = span(2, { name: 'child', parentSpanId: '0000000000000001' });
  const send = (one: Json) => post(JSON.stringify(request([one])), type, server, project);
  await send(child);
  expect(noticesOf(await readSkeleton(project))).toEqual([['orphans', 1]]);
  await send(span(1));
  const skeleton = await readSkeleton(project);
  expect([noticesOf(skeleton), [...skeleton.columns.parent].sort()]).toEqual([[], [-1, 0]]);
});

test.concurrent.each<[ShapeName, NoticeCode[]]>([
  ['orphans', ['orphans']],
  ['cycles', ['cycle']],
  ['several-roots', ['several_roots']],
  ['no-service', ['no_service_name']],
  ['end-before-start', ['end_before_start']],
  ['bad-times', ['end_before_start', 'bad_time']],
  ['running', ['running']],
  ['clock-skew', ['clock_skew']],
])('the trace that people know as %s says %j', async (name, codes) => {
  const project = newProject();
  const shape = createShape(name, { seed: 7, endUnixMs: Date.now() });
  for (const one of shape.requests) {
    await post(JSON.stringify(one), { 'content-type': 'application/json' }, server, project);
  }
  const skeleton = traceSkeleton.parse(
    await server.read(`/api/traces/${shape.traceId}/skeleton?project=${project}`),
  );
  expect(skeleton.notices.map(({ code }) => code)).toEqual(expect.arrayContaining(codes));
  expect(skeleton.totals.spans).toBe(shape.spanCount);
});

const head = (...lines: string[]): string =>
  ['POST /v1/traces HTTP/1.1', 'host: localhost', 'content-type: application/json', ...lines]
    .map((line) => `${line}\r\n`)
    .join('');

async function open({ port }: TestServer): Promise<ReturnType<typeof connect>> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function answerOf(socket: ReturnType<typeof connect>): Promise<string> {
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return bytes.toString();
}

describe('on the wire', () => {
  test('a chunked body without length is taken', async () => {
    const project = newProject();
    const socket = await open(server);
    socket.write(`${head(`orchescope-project: ${project}`, 'transfer-encoding: chunked')}\r\n`);
    for (const piece of good.match(/.{1,50}/gs) ?? []) {
      socket.write(`${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`);
    }
    socket.write('0\r\n\r\n');
    expect(await answerOf(socket)).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
    expect(namesOf(await readSkeleton(project))).toEqual(['work']);
  });

  test('a Content-Length that is too short is 400, and the rest is no request', async () => {
    const project = newProject();
    const socket = await open(server);
    const lines = [`orchescope-project: ${project}`, `content-length: ${good.length - 20}`];
    socket.write(`${head(...lines)}\r\n${good}`);
    expect(await answerOf(socket)).toMatch(/^HTTP\/1\.1 400 /);
    await once(socket, 'close');
    expect((await server.ask(`/api/traces/${traceId}?project=${project}`)).status).toBe(404);
  });

  test.each([
    ['hangs up after half a body', good.length],
    ['promises more than it sends', good.length + 1_000],
  ])('a sender that %s leaves nothing, and does not disturb', async (_, length) => {
    const project = newProject();
    const socket = await open(server);
    socket.write(`${head(`orchescope-project: ${project}`, `content-length: ${length}`)}\r\n`);
    socket.write(length > good.length ? good : good.slice(0, 100));
    await server.ask('/healthz');
    socket.destroy();
    const { project: next } = await post(good, { 'content-type': 'application/json' });
    expect(namesOf(await readSkeleton(next))).toEqual(['work']);
    expect((await server.ask(`/api/traces/${traceId}?project=${project}`)).status).toBe(404);
  });
});

test('100,000 spans in one request are taken, and health is answered meanwhile', async () => {
  const spans = Array.from({ length: 100_000 }, (_, at) =>
    span(at + 1, at === 0 ? {} : { parentSpanId: '0000000000000001' }),
  );
  const encoding: Encoding = 'application/json';
  const body = gzipSync(encode(request(spans), encoding));
  const headers = { 'content-type': encoding, 'content-encoding': 'gzip' };
  const posting = post(body, headers);
  expect((await server.ask('/healthz')).status).toBe(200);
  const { project, answer } = await posting;
  expect(answer.status).toBe(200);
  const skeleton = await readSkeleton(project);
  expect([skeleton.totals.spans, skeleton.columns.name.length]).toEqual([100_000, 100_000]);
}, 60_000);

test('a million distinct attribute names are taken, and reading stays possible', async () => {
  const project = newProject();
  const type = { 'content-type': 'application/x-protobuf' };
  const tenth = encode(
    request(
      Array.from({ length: 100 }, (_, at) => {
        const attributes = Array.from({ length: 1_000 }, (__, key) =>
          attribute(`name.0.${at * 1_000 + key}`, { boolValue: true }),
        );
        return span(0, { spanId: Buffer.from(`id.0.${at + 100}`).toString('hex'), attributes });
      }),
    ),
    'application/x-protobuf',
  );
  const text = Buffer.from(tenth).toString('latin1');
  const bodies = Array.from({ length: 10 }, (_, digit) =>
    text.replaceAll('name.0.', `name.${digit}.`).replaceAll('id.0.', `id.${digit}.`),
  );
  const posted = bodies.map((body) => post(Buffer.from(body, 'latin1'), type, server, project));
  for (const { answer } of await Promise.all(posted)) expect(answer.status).toBe(200);
  expect((await readSkeleton(project)).totals.spans).toBe(1_000);
  const { project: next } = await post(good, { 'content-type': 'application/json' });
  expect(namesOf(await readSkeleton(next))).toEqual(['work']);
}, 120_000);

test('a reader of the live feed that never reads holds nobody up', async () => {
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.pause();
  socket.write('GET /api/live HTTP/1.1\r\nhost: localhost\r\n\r\n');
  const other = await followLive(server);
  await other.until('hello');
  const project = 'default';
  const headers = { 'content-type': 'application/json' };
  const bodies = Array.from({ length: 20 }, (_, at) => JSON.stringify(request([span(at + 1)])));
  await Promise.all(bodies.map((body) => post(body, headers, server, project)));
  expect(await other.until(traceId)).toContain('event: spans');
  await other.close();
  socket.destroy();
});

test('large bodies that arrive all at once are put off beyond what memory may hold', async () => {
  // Two are under way but for their last byte, and beside them what a third inflates to is more than all may hold.
  const blank = (bytes: number): string => `{${' '.repeat(bytes - 2)}}`;
  const large = blank(ofSmall.compressedBytes);
  const sockets = await Promise.all([small, small].map(open));
  for (const socket of sockets) {
    socket.write(`${head(`content-length: ${large.length}`)}\r\n${large.slice(0, -1)}`);
  }
  const isHeld = async (): Promise<boolean> => {
    const { text } = await small.ask('/metrics');
    return Number(/^orchescope_ingest_held_bytes (\d+)/m.exec(text)?.[1]) > 2 * large.length - 3;
  };
  await expect.poll(isHeld).toBe(true);
  const body = gzipSync(blank(ofSmall.inflatedBytes));
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const { answer } = await post(body, headers, small);
  expect([answer.status, answer.headers['retry-after']]).toEqual([429, '1']);
  for (const socket of sockets) {
    socket.write(large.slice(-1));
    expect(await answerOf(socket)).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  }
  expect((await post(body, headers, small)).answer.status).toBe(200);
});

test('nothing of all this was an error of the server, or told a word of what was sent', () => {
  const lines = [...server.logged, ...small.logged].join('');
  expect(lines).not.toMatch(/ error /);
  expect(lines).not.toMatch(/__proto__|kept|case-\d|work/);
});
