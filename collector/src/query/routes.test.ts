import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Hono } from 'hono';
import type { z } from 'zod';
import {
  apiError,
  projectList,
  serverInfo,
  spanDetail,
  traceList,
  traceSkeleton,
  traceSummary,
  type ServerInfo,
} from '../contract.ts';
import type { Span } from '../span.ts';
import { oneSpan } from '../store/span-arbitrary.ts';
import { startTestStore, storeSpans, type TestStore } from '../store/testing.ts';
import { createLiveFeed } from './live-feed.ts';
import { createQueryRoutes } from './routes.ts';

const info: ServerInfo = { version: '1.2.3', engine: 'embedded', authentication: false };
const live = createLiveFeed();
let opened: TestStore;
let app: Hono;

/** Minutes after the first trace. */
const startedAt = BigInt(Date.now() - 3_600_000) * 1_000_000n;
const second = 1_000_000_000n;

function span(trace: string, id: number, parent: number, extra: Partial<Span> = {}): Span {
  const startTimeUnixNano = extra.startTimeUnixNano ?? startedAt + BigInt(id) * second;
  return {
    ...oneSpan,
    traceId: trace.padStart(32, '0'),
    spanId: toSpanId(id),
    parentSpanId: parent === 0 ? '' : toSpanId(parent),
    endTimeUnixNano: startTimeUnixNano + second,
    ...extra,
    startTimeUnixNano,
  };
}

function toSpanId(id: number): string {
  return id.toString(16).padStart(16, '0');
}

const call = { kind: 'llm', modelAnswered: 'gpt-5', agentName: 'Planner' } as const;
const usage = (inputTokens: number, outputTokens: number) => ({
  ...oneSpan.usage,
  inputTokens,
  outputTokens,
});

const traceA = 'a'.padStart(32, '0');

/** A: a priced run of three spans. B: failed, not priced. C: no root, running. D: another project. */
const spans: Span[] = [
  span('a', 1, 0, { name: 'Plan trip', kind: 'workflow', costUsd: '9', usage: usage(900, 900) }),
  span('a', 2, 1, { name: 'chat', ...call, costUsd: '0.25', usage: usage(100, 20) }),
  span('a', 3, 1, {
    name: 'search',
    kind: 'tool',
    toolName: 'search',
    attributes: new Map<string, string | number>([
      ['tier', 'Gold'],
      ['retries', 2],
    ]),
    events: ['exception', 'gen_ai.user.message'].map((name) => ({
      name,
      timeUnixNano: startedAt + 3n * second + 5n,
      attributes: new Map([['exception.type', 'Timeout']]),
    })),
    links: [traceA, 'b'.padStart(32, '0')].map((traceId) => ({
      traceId,
      spanId: toSpanId(2),
      rel: 'retries',
      attributes: new Map(),
    })),
    content: [
      {
        slot: 'input_messages',
        key: 'gen_ai.input.messages',
        format: 'json',
        body: '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
      },
      {
        slot: 'tool_arguments',
        key: 'gen_ai.tool.call.arguments',
        format: 'text',
        body: '{"q":1}',
      },
      { slot: 'output_messages', key: 'gen_ai.output.messages', format: 'json', body: '[{"role":' },
    ],
  }),
  span('b', 4, 0, { name: 'Book', kind: 'agent', agentName: 'booker', status: 'error' }),
  span('b', 5, 4, {
    name: 'chat',
    ...call,
    agentName: 'booker',
    modelAnswered: 'claude-5',
    status: 'error',
    errorType: 'RateLimitError',
    attempt: 2,
    usage: usage(10, 1),
  }),
  span('c', 6, 77, { name: 'late child', flags: 1, endTimeUnixNano: 0n, userId: 'ada' }),
  span('d', 7, 0, { name: 'secret', projectId: 'other' }),
];

const readIngestHealth = () => Promise.reject(new Error('not asked for here'));

beforeAll(async () => {
  opened = await startTestStore();
  await storeSpans(opened, spans);
  // Sent again by a careful exporter, and once more with another start by a replaying one.
  await storeSpans(opened, spans.slice(0, 3));
  await storeSpans(opened, [
    {
      ...span('a', 2, 1, { ...call, costUsd: '0.25', usage: usage(100, 20) }),
      name: 'chat',
      startTimeUnixNano: startedAt - 300n * second,
      endTimeUnixNano: startedAt,
    },
  ]);
  app = createQueryRoutes({ store: opened.store, live, info, readIngestHealth });
});

afterAll(async () => {
  live.close();
  await opened.close();
});

async function get<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  const response = await app.request(path);
  const body: unknown = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(200);
  return schema.parse(body);
}

async function list(query: string): Promise<string[]> {
  const { traces } = await get(`/traces?${query}`, traceList);
  return traces.map((trace) => trace.traceId.replace(/^0+/, ''));
}

async function fail(path: string, init?: RequestInit) {
  const response = await app.request(path, init);
  return { status: response.status, error: apiError.parse(await response.json()).error };
}

test('projects are listed with what they hold', async () => {
  const { projects } = await get('/projects', projectList);
  expect(projects.map((project) => project.id)).toEqual(['default', 'other']);
});

test('the server tells about itself', async () => {
  expect(await get('/info', serverInfo)).toEqual(info);
});

test('a trace is summed over its latest spans, once each', async () => {
  expect(await get(`/traces/${traceA}`, traceSummary)).toEqual({
    traceId: traceA,
    name: 'Plan trip',
    rootKind: 'workflow',
    rootReceived: true,
    services: ['shop'],
    agents: ['Planner'],
    models: ['gpt-5'],
    startTimeUnixNano: (startedAt + second).toString(),
    durationMs: 3000,
    running: false,
    status: 'unset',
    errorType: '',
    spanCount: 3,
    errorCount: 0,
    llmCalls: 1,
    toolCalls: 1,
    inputTokens: 100,
    outputTokens: 20,
    costUsd: '0.25',
    unpricedCalls: 0,
    conversationId: '',
    userId: '',
  });
});

test('a trace without its root is named by its earliest span, and says that it runs', async () => {
  const trace = await get(`/traces/${'c'.padStart(32, '0')}`, traceSummary);
  expect(trace).toMatchObject({
    name: 'late child',
    rootReceived: false,
    running: true,
    costUsd: null,
    unpricedCalls: 0,
    inputTokens: null,
  });
});

describe('the list', () => {
  test.each([
    ['newest first, unless told otherwise', '', ['c', 'b', 'a']],
    ['oldest first', 'order=asc', ['a', 'b', 'c']],
    ['by number of spans', 'sort=spans', ['a', 'b', 'c']],
    ['by duration', 'sort=duration', ['a', 'b', 'c']],
    ['by errors', 'sort=errors', ['b', 'c', 'a']],
    ['by tokens, not told last', 'sort=tokens', ['a', 'b', 'c']],
    ['by cost', 'sort=cost&limit=1', ['a']],
    ['another project sees its own only', 'project=other', ['d']],
    ['nothing before the range', 'to=now-2h&from=now-3h', []],
  ])('%s', async (_, query, expected) => {
    expect(await list(query)).toEqual(expected);
  });

  test.each([
    ['agent:planner', ['a']],
    ['agent:PLAN*', ['a']],
    ['-agent:planner', ['c', 'b']],
    ['model:gpt*', ['a']],
    ['model:"gpt*"', []],
    ['kind:llm status:error', ['b']],
    ['-status:error', ['c', 'a']],
    ['has:error', ['b']],
    ['has:retry', ['b']],
    ['has:running', ['c']],
    ['error:RateLimit*', ['b']],
    ['user:ada', ['c']],
    ['user:Ada', []],
    ['cost>0.1', ['a']],
    ['-cost>0.1', ['c', 'b']],
    ['cost<1', ['a']],
    ['tokens>=11', ['b', 'a']],
    ['tokens<1k', ['b', 'a']],
    ['duration>2s', ['a']],
    ['spans>=2 errors:2', ['b']],
    ['attributes.tier:Gold', ['a']],
    ['attributes.tier:G*', ['a']],
    ['attributes.retries:2', ['a']],
    ['plan TRIP', ['a']],
    ['"plan trip"', ['a']],
    ["' OR 1=1 --", []],
    ['100%', []],
  ])('answers %s', async (filter, expected) => {
    expect(await list(`q=${encodeURIComponent(filter)}`)).toEqual(expected);
  });

  test.each(['start_time', 'duration', 'spans', 'errors', 'tokens', 'cost'])(
    'pages by %s neither repeat nor skip, in both orders',
    async (sort) => {
      for (const order of ['asc', 'desc']) {
        const whole = await list(`sort=${sort}&order=${order}`);
        const paged: string[] = [];
        let cursor = '';
        do {
          const page = await get(`/traces?sort=${sort}&order=${order}&limit=1${cursor}`, traceList);
          paged.push(...page.traces.map((trace) => trace.traceId.replace(/^0+/, '')));
          cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
        } while (cursor !== '');
        expect(paged).toEqual(whole);
        expect(paged.toSorted()).toEqual(['a', 'b', 'c']);
      }
    },
  );

  test('an empty answer says when the newest trace was', async () => {
    const empty = await get('/traces?to=now-2h&from=now-3h', traceList);
    const newest = Number((startedAt + 6n * second) / 1_000_000n);
    expect(empty).toMatchObject({
      traces: [],
      nextCursor: null,
      newestTraceAt: new Date(newest).toISOString(),
    });
    expect((await get('/traces?project=nobody', traceList)).newestTraceAt).toBeNull();
  });
});

describe('the skeleton', () => {
  test('has a row for each span once, in order of start', async () => {
    const skeleton = await get(`/traces/${traceA}/skeleton`, traceSkeleton);
    const names = skeleton.columns.name.map((at) => skeleton.strings[at]);
    expect(names).toEqual(['Plan trip', 'chat', 'search']);
    expect(skeleton.columns.parent).toEqual([-1, 0, 0]);
    expect(skeleton.columns.start).toEqual([0, 1e9, 2e9]);
    expect(skeleton.columns.duration).toEqual([1e9, 1e9, 1e9]);
    expect(skeleton.columns.costMicroUsd).toEqual([-1, 250_000, -1]);
    // A message sent as an event is content, and a link out of the trace has no row to point at.
    expect(skeleton.events).toMatchObject({ row: [2], time: [2e9 + 5] });
    expect(skeleton.links).toMatchObject({ from: [2], to: [1] });
    expect(skeleton.spanIds).toBe([1, 2, 3].map(toSpanId).join(''));
    expect(skeleton.totals).toMatchObject({
      spans: 3,
      costUsd: '0.25',
      unpricedCalls: 0,
      agents: ['Planner'],
    });
  });

  test('is not sent again while nothing changed', async () => {
    const first = await app.request(`/traces/${traceA}/skeleton`);
    const etag = first.headers.get('ETag') ?? '';
    const again = await app.request(`/traces/${traceA}/skeleton`, {
      headers: { 'If-None-Match': etag },
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const other = await app.request(`/traces/${traceA}/skeleton`, {
      headers: { 'If-None-Match': 'W/"0"' },
    });
    expect(other.status).toBe(200);
  });

  test('tells what is odd', async () => {
    const skeleton = await get(`/traces/${'c'.padStart(32, '0')}/skeleton`, traceSkeleton);
    expect(skeleton.notices.map((notice) => notice.code)).toEqual(['orphans', 'running']);
    expect(skeleton.columns.duration).toEqual([-1]);
    expect(BigInt(skeleton.endTimeUnixNano)).toBeGreaterThan(startedAt);
  });
});

test('a span is shown whole', async () => {
  const detail = await get(`/traces/${traceA}/spans/${toSpanId(3)}`, spanDetail);
  expect(detail).toMatchObject({ name: 'search', toolName: 'search', durationNs: 1e9 });
  expect(detail.inputMessages).toEqual([
    { role: 'user', name: '', parts: [{ type: 'text', content: 'hi' }], finishReason: '' },
  ]);
  expect(detail.toolArguments).toMatchObject({ json: true, text: '{"q":1}', totalChars: 7 });
  expect(detail.outputMessages).toEqual([]);
  expect(detail.unreadContent).toMatchObject([{ json: false, text: '[{"role":' }]);
  expect(detail.events[0]?.attributes).toEqual([
    { key: 'exception.type', type: 'string', value: 'Timeout' },
  ]);
  expect(detail.links).toHaveLength(2);
  expect(detail.attributes).toEqual([
    { key: 'tier', type: 'string', value: 'Gold' },
    { key: 'retries', type: 'int', value: '2' },
  ]);
});

test.each([
  ['a trace that is not there', `/traces/${'e'.repeat(32)}`, 404, 'not_found'],
  ['a skeleton that is not there', `/traces/${'e'.repeat(32)}/skeleton`, 404, 'not_found'],
  ['a trace of another project', `/traces/${'d'.padStart(32, '0')}/skeleton`, 404, 'not_found'],
  ['a span that is not there', `/traces/${traceA}/spans/${toSpanId(99)}`, 404, 'not_found'],
  ['a trace id that is none', '/traces/abc/skeleton', 400, 'invalid_request'],
  ['a span id that is none', `/traces/${traceA}/spans/xyz`, 400, 'invalid_request'],
  ['a limit out of range', '/traces?limit=0', 400, 'invalid_request'],
  ['a time in words', '/traces?from=yesterday', 400, 'invalid_request'],
  ['a day that does not exist', '/traces?from=2026-02-30T00:00:00Z', 400, 'invalid_request'],
  ['a range that ends before it begins', '/traces?from=now&to=now-1h', 400, 'invalid_request'],
  ['a cursor that is none', '/traces?cursor=abc', 400, 'invalid_cursor'],
  ['a path that is not there', '/nothing', 404, 'not_found'],
] as const)('%s is refused with a sentence', async (_, path, status, code) => {
  const { status: answered, error } = await fail(path);
  expect([answered, error.code]).toEqual([status, code]);
  expect(error.message).toMatch(/\w.*\.$/);
});

test('a cursor of another order is refused', async () => {
  const { nextCursor } = await get('/traces?limit=1', traceList);
  const { error } = await fail(`/traces?limit=1&sort=cost&cursor=${nextCursor}`);
  expect(error.code).toBe('invalid_cursor');
});

test('a wrong method is refused', async () => {
  const { status, error } = await fail('/traces', { method: 'DELETE' });
  expect([status, error.code]).toEqual([405, 'method_not_allowed']);
});

test('a filter that cannot be read says where', async () => {
  const { error } = await fail(`/traces?q=${encodeURIComponent('agent:a colour:red')}`);
  expect(error).toMatchObject({ code: 'invalid_filter', position: { start: 8, end: 18 } });
});

test('what goes wrong inside is logged and hidden; a store that is away is said', async () => {
  const away = await startTestStore();
  await away.close();
  const logged: unknown[] = [];
  const broken = createQueryRoutes({
    store: away.store,
    live,
    info,
    readIngestHealth,
    log: (message, error) => logged.push(message, error),
  });
  const response = await broken.request('/traces');
  expect(response.status).toBe(503);
  expect(apiError.parse(await response.json()).error.code).toBe('unavailable');
  expect(logged).toHaveLength(2);
});
