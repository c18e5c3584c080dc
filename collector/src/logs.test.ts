/** Log records through the whole server: joined to their spans when somebody asks, in whatever order they came. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './app.testing.ts';
import { spanDetail, traceLogs, type SpanDetail, type TraceLogs } from './contract.ts';
import type { Json } from './ingest/encode.testing.ts';
import { attribute, named, request, span } from './ingest/ingest.testing.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.close();
  await server.remove();
});

const newId = (): string => crypto.randomUUID().replaceAll('-', '');
const text = (value: string): Json => ({ stringValue: value });
const map = (fields: Record<string, Json>): Json => ({
  kvlistValue: { values: Object.entries(fields).map(([key, value]) => attribute(key, value)) },
});

async function post(path: string, body: Json): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await server.ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  expect([answer.status, answer.text]).toEqual([200, '{}']);
}

const postSpan = (changes: Json): Promise<void> => post('/v1/traces', request([span(7, changes)]));

function postLogs(logRecords: readonly Json[], scope = 'test'): Promise<void> {
  return post('/v1/logs', {
    resourceLogs: [
      {
        resource: { attributes: [named('shop')] },
        scopeLogs: [{ scope: { name: scope }, logRecords }],
      },
    ],
  });
}

async function readDetail(traceId: string, spanId = '0000000000000007'): Promise<SpanDetail> {
  return spanDetail.parse(await server.read(`/api/traces/${traceId}/spans/${spanId}`));
}

async function readLogs(traceId: string, query = ''): Promise<TraceLogs> {
  return traceLogs.parse(await server.read(`/api/traces/${traceId}/logs${query}`));
}

const startedAt = 1_763_690_400_000_000_000n;

function event(traceId: string, at: number, eventName: string, fields: Json): Json {
  const timeUnixNano = String(startedAt + BigInt(at));
  return { traceId, spanId: '0000000000000007', timeUnixNano, eventName, ...fields };
}

const said = (detail: SpanDetail, side: 'inputMessages' | 'outputMessages') =>
  detail[side].map(({ role, parts }) => [
    role,
    parts.map((part) => ('content' in part ? part.content : part.type)).join(),
  ]);

const chat = [attribute('gen_ai.operation.name', text('chat'))];

describe('message events', () => {
  const conversation = (traceId: string): Json[] => [
    event(traceId, 1, 'gen_ai.system.message', { body: map({ content: text('Be short.') }) }),
    event(traceId, 2, 'gen_ai.user.message', { body: map({ content: text('How warm?') }) }),
    event(traceId, 3, 'gen_ai.choice', {
      body: map({
        index: { intValue: '0' },
        finish_reason: text('stop'),
        message: map({ role: text('assistant'), content: text('21 degrees.') }),
      }),
    }),
  ];
  const read = [
    ['system', 'Be short.'],
    ['user', 'How warm?'],
  ];

  test('that come before their span are its messages', async () => {
    const traceId = newId();
    await postLogs(conversation(traceId));
    await postSpan({ traceId, attributes: chat });
    const detail = await readDetail(traceId);
    expect(said(detail, 'inputMessages')).toEqual(read);
    expect(said(detail, 'outputMessages')).toEqual([['assistant', '21 degrees.']]);
    expect(detail.logs.map(({ eventName, fact }) => [eventName, fact])).toEqual([
      ['gen_ai.system.message', 'message'],
      ['gen_ai.user.message', 'message'],
      ['gen_ai.choice', 'message'],
    ]);
  });

  test('that come after it, in parts and twice, are its messages too', async () => {
    const traceId = newId();
    await postSpan({ traceId, attributes: chat });
    const [first, ...others] = conversation(traceId);
    await postLogs(others);
    await postLogs([first ?? {}]);
    await postLogs(conversation(traceId));
    const detail = await readDetail(traceId);
    expect(said(detail, 'inputMessages')).toEqual(read);
    expect(said(detail, 'outputMessages')).toEqual([['assistant', '21 degrees.']]);
    expect((await readLogs(traceId)).logs).toHaveLength(3);
  });

  test('do not repeat what the span says itself', async () => {
    const traceId = newId();
    const own = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'How warm?' }] }]);
    const attributes = [...chat, attribute('gen_ai.input.messages', text(own))];
    await postSpan({ traceId, attributes });
    await postLogs(conversation(traceId));
    const detail = await readDetail(traceId);
    expect(said(detail, 'inputMessages')).toEqual([['user', 'How warm?']]);
    expect(said(detail, 'outputMessages')).toEqual([['assistant', '21 degrees.']]);
    expect(detail.unreadContent).toEqual([]);
  });

  test('the one event of a whole call is read as the attributes of a span are', async () => {
    const traceId = newId();
    const messages = (role: string, content: string): Json => ({
      arrayValue: {
        values: [
          map({
            role: text(role),
            parts: {
              arrayValue: { values: [map({ type: text('text'), content: text(content) })] },
            },
          }),
        ],
      },
    });
    const attributes = [
      attribute('gen_ai.operation.name', text('chat')),
      attribute('gen_ai.input.messages', messages('user', 'How warm?')),
      attribute('gen_ai.output.messages', messages('assistant', '21 degrees.')),
    ];
    await postLogs([
      event(traceId, 1, 'gen_ai.client.inference.operation.details', { attributes }),
      ...conversation(traceId),
    ]);
    await postSpan({ traceId, attributes: chat });
    const detail = await readDetail(traceId);
    expect(said(detail, 'inputMessages')).toEqual([['user', 'How warm?']]);
    expect(said(detail, 'outputMessages')).toEqual([['assistant', '21 degrees.']]);
    expect(detail.logs[0]?.attributes.map(({ key }) => key)).toEqual(['gen_ai.operation.name']);
    expect(detail.logs[0]?.content.map(({ key }) => key)).toEqual([
      'gen_ai.input.messages',
      'gen_ai.output.messages',
    ]);
  });

  test('of a tool are its arguments and its result', async () => {
    const traceId = newId();
    await postSpan({ traceId, attributes: [attribute('gen_ai.tool.name', text('weather'))] });
    await postLogs(conversation(traceId));
    const detail = await readDetail(traceId);
    expect([detail.inputMessages, detail.outputMessages]).toEqual([[], []]);
    expect(detail.toolArguments?.text).toContain('How warm?');
    expect(detail.toolResult?.text).toContain('21 degrees.');
  });
});

describe('evaluations', () => {
  const result = (fields: Json, attributes: readonly Json[] = []): Json => ({
    eventName: 'gen_ai.evaluation.result',
    timeUnixNano: String(startedAt + 86_400_000_000_000n * 3n),
    attributes: [
      attribute('gen_ai.evaluation.name', text('Relevance')),
      attribute('gen_ai.evaluation.score.value', { intValue: '1' }),
      attribute('gen_ai.evaluation.score.label', text('relevant')),
      attribute('gen_ai.evaluation.explanation', text('It answers the question.')),
      ...attributes,
    ],
    ...fields,
  });
  const shown = {
    name: 'Relevance',
    score: 1,
    label: 'relevant',
    explanation: 'It answers the question.',
  };

  test('of a span by its id, three days later', async () => {
    const traceId = newId();
    await postSpan({ traceId, attributes: chat });
    await postLogs([result({ traceId, spanId: '0000000000000007' })]);
    const { evaluations } = await readDetail(traceId);
    expect(evaluations).toMatchObject([shown]);
  });

  test('of an answer by its id, from another trace and before its span', async () => {
    const traceId = newId();
    const responseId = `resp-${traceId}`;
    const named = attribute('gen_ai.response.id', text(responseId));
    await postLogs([result({ traceId: newId(), spanId: '00000000000000ee' }, [named])]);
    await postLogs([result({}, [attribute('gen_ai.response.id', text('another'))])]);
    await postSpan({ traceId, attributes: [...chat, named] });
    const { evaluations } = await readDetail(traceId);
    expect(evaluations).toMatchObject([{ ...shown, responseId }]);
  });
});

describe('coding agents', () => {
  test('Claude Code tells calls, tools, prompts and failures with what they cost', async () => {
    const traceId = newId();
    const session = [attribute('session.id', text('s-1')), attribute('user.id', text('ada'))];
    const told = (name: string, at: number, fields: Record<string, Json>): Json => ({
      traceId,
      timeUnixNano: String(startedAt + BigInt(at)),
      body: text(`claude_code.${name}`),
      attributes: [
        ...session,
        attribute('event.name', text(name)),
        ...Object.entries(fields).map(([key, value]) => attribute(key, value)),
      ],
    });
    await postLogs(
      [
        told('user_prompt', 1, { prompt_length: text('9'), prompt: text('fix tests') }),
        told('api_request', 2, {
          model: text('claude-sonnet-4-5-20250929'),
          cost_usd: { doubleValue: 0.0123 },
          duration_ms: text('2100'),
          input_tokens: text('10'),
          output_tokens: text('200'),
          cache_read_tokens: text('3000'),
          cache_creation_tokens: text('400'),
        }),
        told('tool_result', 3, {
          tool_name: text('Bash'),
          success: text('false'),
          duration_ms: text('35'),
          tool_parameters: text('{"command":"npm test"}'),
        }),
        told('api_error', 4, {
          model: text('claude-sonnet-4-5-20250929'),
          status_code: text('529'),
        }),
      ],
      'com.anthropic.claude_code.events',
    );
    const { logs } = await readLogs(traceId);
    const facts = logs.map(
      ({ fact, eventName, toolName, errorType, costUsd, costSource, durationMs, usage }) => [
        fact,
        eventName,
        toolName,
        errorType,
        costUsd,
        costSource,
        durationMs,
        usage.inputTokens,
        usage.outputTokens,
      ],
    );
    expect(facts).toEqual([
      ['message', 'claude_code.user_prompt', '', '', null, 'none', null, null, null],
      ['llm_call', 'claude_code.api_request', '', '', '0.0123', 'reported', 2100, 3410, 200],
      ['tool_call', 'claude_code.tool_result', 'Bash', '_OTHER', null, 'none', 35, null, null],
      ['error', 'claude_code.api_error', '', '529', null, 'none', null, null, null],
    ]);
    expect(
      logs.map(({ dialect, conversationId, userId }) => [dialect, conversationId, userId]),
    ).toEqual(Array.from(logs, () => ['claude-code', 's-1', 'ada']));
    expect(logs.map(({ content }) => content.map(({ key, text: shown }) => [key, shown]))).toEqual([
      [['prompt', 'fix tests']],
      [],
      [['tool_parameters', '{"command":"npm test"}']],
      [],
    ]);
  });
});

describe('recorded senders', () => {
  const folder = join(import.meta.dirname, '../testdata/otlp');
  const recording = (name: string): Json =>
    JSON.parse(readFileSync(join(folder, name), 'utf8')) as Json;

  test("Python's instrumentation of OpenAI writes the messages of its spans into logs", async () => {
    await post('/v1/logs', recording('gen-ai-old/python-openai.logs.json'));
    await post('/v1/traces', recording('gen-ai-old/python-openai.json'));
    const detail = await readDetail('00000000000000000000000000000002', '0000000000000003');
    expect(said(detail, 'inputMessages').slice(0, 2)).toEqual([
      ['system', 'Be short.'],
      ['user', 'How warm is it in Lisbon?'],
    ]);
    expect(detail.outputMessages.flatMap(({ parts }) => parts.map(({ type }) => type))).toEqual([
      'tool_call',
    ]);
  });
});

test('a trace without records has none, and another project sees nothing', async () => {
  const traceId = newId();
  expect(await readLogs(traceId)).toEqual({ logs: [], hasOlder: false });
  await postLogs([event(traceId, 1, 'note', { body: text('x') })]);
  expect((await readLogs(traceId)).logs).toHaveLength(1);
  expect(await readLogs(traceId, '?project=other')).toEqual({ logs: [], hasOlder: false });
});

test('the newest of many records, in the order they happened', async () => {
  const traceId = newId();
  await postLogs(
    [1, 2, 3, 4].map((at) => event(traceId, at, 'note', { body: { intValue: String(at) } })),
  );
  const { logs, hasOlder } = await readLogs(traceId, '?limit=2');
  expect([logs.map(({ body }) => body), hasOlder]).toEqual([
    ['3', '4'].map((value) => ({ key: 'body', type: 'int', value })),
    true,
  ]);
});
