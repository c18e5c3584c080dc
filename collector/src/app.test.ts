/** The whole walk: real senders, real HTTP, the real engine, and back out through the API. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { followLive, startTestServer, type TestServer } from './app.testing.ts';
import { spanDetail, traceList, traceSkeleton, type TraceSkeleton } from './contract.ts';
import { encode, type Json } from './ingest/encode.testing.ts';
import { encodings, request, span } from './ingest/ingest.testing.ts';
import { readOwner } from './store/engine/data-dir.ts';

const otlpJson = { 'content-type': 'application/json' };
const otlpProtobuf = { 'content-type': 'application/x-protobuf' };
const traceId = '0af7651916cd43dd8448eb211c80319c';

let server: TestServer;
const others: TestServer[] = [];

beforeAll(async () => {
  server = await startTestServer({ ORCHESCOPE_ALERTS: 'on' });
});
afterEach(async () => {
  for (const other of others.splice(0)) await stop(other);
});
afterAll(() => stop(server));

async function stop(running: TestServer): Promise<void> {
  await running.close();
  await running.remove();
}

async function startOther(env: Record<string, string> = {}): Promise<TestServer> {
  const other = await startTestServer(env);
  others.push(other);
  return other;
}

/** An agent that calls a model, made with OpenTelemetry's own SDK. Returns the id of its trace. */
async function runAgent(exporter: SpanExporter): Promise<string> {
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const tracer = provider.getTracer('app');
  const now = Date.now();
  const agent = tracer.startSpan('invoke_agent planner', {
    startTime: now - 20,
    attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner' },
  });
  const chat = tracer.startSpan(
    'chat gpt-5',
    {
      startTime: now - 10,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-5',
        'gen_ai.usage.input_tokens': 12,
      },
    },
    trace.setSpan(ROOT_CONTEXT, agent),
  );
  chat.end();
  agent.end();
  await provider.forceFlush();
  return agent.spanContext().traceId;
}

async function readSkeleton(from: TestServer, id: string, query = ''): Promise<TraceSkeleton> {
  return traceSkeleton.parse(await from.read(`/api/traces/${id}/skeleton${query}`));
}

/** `kind name` of every span below its parent, indented; siblings in the order of the rows. */
function draw({ columns, strings, kinds }: TraceSkeleton): string[] {
  const below = (parent: number, indent: string): string[] =>
    columns.name.flatMap((name, row) => {
      const at = Math.max(-1, columns.parent[row] ?? -1);
      if (at !== parent) return [];
      return [
        `${indent}${kinds[columns.kind[row] ?? 0]} ${strings[name]}`,
        ...below(row, `${indent}  `),
      ];
    });
  return below(-1, '');
}

const agentTree = ['agent invoke_agent planner', '  llm chat gpt-5'];

describe('a span walks from its sender to the API', () => {
  test('the official JavaScript exporter: seen live, listed, nested, typed, with its details', async () => {
    const live = await followLive(server);
    await live.until('event: hello');
    const id = await runAgent(new OTLPTraceExporter({ url: `${server.url}/v1/traces` }));
    await live.until(id);
    await live.close();

    const { traces } = traceList.parse(await server.read('/api/traces?q=agent:planner'));
    expect(traces.find((one) => one.traceId === id)).toMatchObject({
      name: 'invoke_agent planner',
      rootKind: 'agent',
      spanCount: 2,
      inputTokens: 12,
    });
    const skeleton = await readSkeleton(server, id);
    expect(draw(skeleton)).toEqual(agentTree);
    const chatId = skeleton.spanIds.slice(16, 32);
    const detail = spanDetail.parse(await server.read(`/api/traces/${id}/spans/${chatId}`));
    expect(detail).toMatchObject({ kind: 'llm', modelRequested: 'gpt-5', dialect: 'gen_ai' });
    expect(detail.parentSpanId).toBe(skeleton.spanIds.slice(0, 16));
  });

  test("a protobuf body of OpenTelemetry's own serialiser", async () => {
    const memory = new InMemorySpanExporter();
    const id = await runAgent(memory);
    const body = ProtobufTraceSerializer.serializeRequest(memory.getFinishedSpans());
    const answer = await server.ask('/v1/traces', {
      method: 'POST',
      headers: otlpProtobuf,
      body: body ?? '',
    });
    expect([answer.status, answer.bytes.length, answer.headers['content-type']]).toEqual([
      200,
      0,
      'application/x-protobuf',
    ]);
    expect(draw(await readSkeleton(server, id))).toEqual(agentTree);
  });

  test('our own SDK, registered in a program of its own', async () => {
    const program = `
      import { observe } from '@orchescope/sdk';
      const ask = observe(async () => 'yes', { kind: 'llm', name: 'ask', model: 'gpt-5' });
      const look = observe(async () => 42, { kind: 'tool', name: 'look' });
      await observe(async () => { await ask(); await look(); }, { kind: 'workflow', name: 'from-the-sdk' })();`;
    const flags = ['--import', '@orchescope/sdk/register', '--input-type=module', '-e', program];
    await promisify(execFile)(process.execPath, flags, {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        OTEL_EXPORTER_OTLP_ENDPOINT: server.url,
      },
    });
    const { traces } = traceList.parse(await server.read('/api/traces?q=workflow:from-the-sdk'));
    const tree = draw(await readSkeleton(server, traces[0]?.traceId ?? ''));
    expect(tree.map((row) => row.replace(/(llm|tool|workflow) .*/, '$1'))).toEqual([
      'workflow',
      '  llm',
      '  tool',
    ]);
  });
});

function postSpans(
  to: TestServer,
  spans: readonly Json[],
  headers: Record<string, string> = {},
): ReturnType<TestServer['ask']> {
  return to.ask('/v1/traces', {
    method: 'POST',
    headers: { ...otlpJson, ...headers },
    body: JSON.stringify(request(spans)),
  });
}

describe('projects', () => {
  test('the same ids in two projects are two traces', async () => {
    await postSpans(server, [span(1, { name: 'mine' })], { 'orchescope-project': 'mine' });
    await postSpans(server, [span(1, { name: 'yours' }), span(2)], {
      'orchescope-project': 'yours',
    });
    expect(draw(await readSkeleton(server, traceId, '?project=mine'))).toEqual(['other mine']);
    const yours = await readSkeleton(server, traceId, '?project=yours');
    expect(draw(yours)).toEqual(['other yours', 'other work']);
    const path = `/api/traces/${traceId}/spans/0000000000000002`;
    expect((await server.ask(`${path}?project=mine`)).status).toBe(404);
    expect((await server.ask(`${path}?project=yours`)).status).toBe(200);
  });

  test.each(['not a word', '../../etc', 'a'.repeat(65), '%00'])(
    'spans for a project that cannot be called %s are refused, not put among others',
    async (name) => {
      const answer = await postSpans(server, [span(99)], { 'orchescope-project': name });
      expect(answer.status).toBe(400);
      expect(answer.text).toMatch(/orchescope-project/);
    },
  );
});

describe('with an access key', () => {
  const key = 'correct-horse-battery-staple';
  const basic = `Basic ${Buffer.from(`me:${key}`).toString('base64')}`;
  let guarded: TestServer;
  beforeAll(async () => {
    guarded = await startTestServer({
      ORCHESCOPE_ACCESS_KEY: key,
      ORCHESCOPE_CORS_ORIGINS: 'https://app.example',
    });
  });
  afterAll(() => stop(guarded));

  test.each([
    ['GET', '/'],
    ['GET', '/traces'],
    ['GET', '/theme.js'],
    ['GET', '/api/traces'],
    ['GET', '/api/projects'],
    ['GET', '/api/live'],
    ['GET', '/api/openapi.json'],
    ['POST', '/v1/traces'],
    ['POST', '/v1/logs'],
  ])('%s %s is 401 without the key', async (method, path) => {
    const answer = await guarded.ask(path, { method, headers: otlpJson });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Basic/);
    expect(answer.text).toMatch(/Authorization: Bearer/);
  });

  test.each([`Bearer ${key}`, basic])('%s opens everything', async (authorization) => {
    const headers = { authorization };
    expect((await guarded.ask('/api/traces', { headers })).status).toBe(200);
    expect((await postSpans(guarded, [span(1)], headers)).status).toBe(200);
    expect((await guarded.ask('/', { headers })).status).not.toBe(401);
  });

  test('a refused sender is answered in the encoding it sent', async () => {
    const answer = await guarded.ask('/v1/traces', { method: 'POST', headers: otlpProtobuf });
    expect([answer.status, answer.headers['content-type']]).toEqual([
      401,
      otlpProtobuf['content-type'],
    ]);
  });

  test('health is told without the key, and nothing else with it', async () => {
    expect((await guarded.ask('/healthz')).text).toBe('ok\n');
    expect((await guarded.ask('/readyz')).text).toBe('ready\n');
  });

  test('a page of a listed origin may send: its preflight carries no key, its refusals can be read', async () => {
    const origin = 'https://app.example';
    const preflight = await guarded.ask('/v1/traces', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'authorization,content-type',
    });
    const refused = await postSpans(guarded, [span(1)], { origin });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, origin]);
    const taken = await postSpans(guarded, [span(1)], { origin, authorization: `Bearer ${key}` });
    expect([taken.status, taken.headers['access-control-allow-origin']]).toEqual([200, origin]);
  });

  test('a page of another origin may not send, and none may read', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const preflight = await guarded.ask('/v1/traces', { method: 'OPTIONS', headers });
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
    const reading = await guarded.ask('/api/traces', {
      headers: { origin: 'https://app.example', authorization: `Bearer ${key}` },
    });
    expect(reading.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('nothing logged holds the key', () => {
    expect(guarded.logged.join('')).not.toContain(key);
  });
});

describe('at the door', () => {
  test.each(['/', '/api/traces', '/api/live'])(
    '%s is refused under a foreign name',
    async (path) => {
      const answer = await server.ask(path, { headers: { host: 'evil.example' } });
      expect(answer.status).toBe(403);
      expect(answer.text).toMatch(/ORCHESCOPE_ALLOWED_HOSTS/);
    },
  );

  test.each([
    ['the dashboard', '/', {}],
    ['a missing file', '/assets/none.js', {}],
    ['the API', '/api/info', {}],
    ['an error of the API', '/api/none', {}],
    ['a refused host', '/', { host: 'evil.example' }],
    ['a wrong method', '/v1/traces', {}],
  ])('%s carries the security headers', async (_, path, headers) => {
    const answer = await server.ask(path, { headers });
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  });

  test.each([
    ['GET', '/v1/spans'],
    ['POST', '/v1/spans'],
    ['POST', '/v1development/profiles'],
    ['POST', '/'],
    ['POST', '/v1/traces/'],
  ])('%s %s is 404 in kind, and says where to send', async (method, path) => {
    const inJson = await server.ask(path, { method, headers: otlpJson });
    expect(inJson.status).toBe(404);
    expect(JSON.parse(inJson.text)).toEqual({
      code: 5,
      message: expect.stringContaining('/v1/traces'),
    });
    const inProtobuf = await server.ask(path, { method, headers: otlpProtobuf });
    expect(inProtobuf.headers['content-type']).toBe('application/x-protobuf');
    expect(inProtobuf.text).toContain('/v1/traces');
  });

  test.each([
    ['limit=0', 'limit: choose a number from 1 on.'],
    ['limit=201', 'limit: choose a number up to 200.'],
    ['limit=many', 'limit: write a number.'],
    ['limit=1.5', 'limit: write a whole number.'],
    ['sort=name', 'sort: choose one of start_time, duration, spans, errors, tokens, cost.'],
    ['order=up', 'order: choose one of asc, desc.'],
    ['project=', 'project: write at least 1 character.'],
    [`project=${'p'.repeat(129)}`, 'project: write at most 128 characters.'],
    ['from=yesterday', expect.stringMatching(/^from: Write an ISO time/)],
  ])('GET /api/traces?%s says what to change', async (query, message) => {
    const answer = await server.ask(`/api/traces?${query}`);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({ error: { code: 'invalid_request', message } });
  });
});

/** Writes the head and the first half of a request, and hands back the rest. */
async function postHalf(to: TestServer, body: string) {
  const socket = connect(to.port, '127.0.0.1');
  await once(socket, 'connect');
  const half = Math.floor(body.length / 2);
  socket.write(
    `POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
  );
  socket.write(body.slice(0, half));
  // Answered by the same process, so it has seen the half that was sent before.
  await to.ask('/healthz');
  return { socket, finish: () => socket.write(body.slice(half)) };
}

async function isReady(running: TestServer): Promise<boolean> {
  return (await running.ask('/readyz')).status === 200;
}

describe('stopping and starting', () => {
  test('a stop answers what is under way, and what was answered is there after a restart', async () => {
    const first = await startTestServer();
    const body = encode(request([span(1, { name: 'late' })]), 'application/json') as string;
    const { socket, finish } = await postHalf(first, body);
    const live = await followLive(first);
    await live.until('hello');
    const closing = first.close();
    finish();
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
    await closing;
    await expect(live.until('never')).rejects.toThrow('ended');

    const second = await startOther({ ORCHESCOPE_DATA_DIR: first.dataDir });
    expect(draw(await readSkeleton(second, traceId))).toEqual(['other late']);
    await first.remove();
  });

  test('an engine killed after the answer has the span, and a post meanwhile is taken or put off', async () => {
    const other = await startOther();
    expect((await postSpans(other, [span(1)])).status).toBe(200);
    const owner = readOwner(other.dataDir);
    process.kill(owner?.enginePid ?? 0, 'SIGKILL');
    const posts = Array.from({ length: 8 }, (_, at) => postSpans(other, [span(at + 2)]));
    const answers = await Promise.all(posts);
    const taken = answers.filter((answer) => answer.status === 200).length;
    const putOff = answers.filter((answer) => answer.status !== 200);
    expect(putOff.map(({ status, headers }) => [status, headers['retry-after']])).toEqual(
      putOff.map(() => [503, '1']),
    );
    await expect.poll(() => isReady(other), { timeout: 20_000 }).toBe(true);
    const spans = (await readSkeleton(other, traceId)).totals.spans;
    expect(spans).toBeGreaterThanOrEqual(1 + taken);
    expect((await postSpans(other, [span(100)])).status).toBe(200);
  });
});

test.each(encodings)('the walk of a body of ours in %s', async (encoding) => {
  const project = { 'orchescope-project': encoding.replace(/\W/g, '-') };
  const headers = { 'content-type': encoding, ...project };
  const body = encode(request([span(2, { parentSpanId: '0000000000000001' })]), encoding);
  expect((await server.ask('/v1/traces', { method: 'POST', headers, body })).status).toBe(200);
  const root = encode(request([span(1, { name: 'root' })]), encoding);
  expect((await server.ask('/v1/traces', { method: 'POST', headers, body: root })).status).toBe(
    200,
  );
  const query = `?project=${project['orchescope-project']}`;
  expect(draw(await readSkeleton(server, traceId, query))).toEqual(['other root', '  other work']);
});
