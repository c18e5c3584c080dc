/** The traps that senders set, one by one: what the canonical rows say of each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spanFlags, type Span } from '../span.ts';
import { encode, type Json } from './encode.testing.ts';
import { fixturesDir, readFixture } from './fixtures.testing.ts';
import { attribute, post, request, span, startIngest } from './ingest.testing.ts';
import { read, toValue, type Plain } from './read-span.testing.ts';

const chat = { 'gen_ai.operation.name': 'chat' };

test.each(['invoke_agent', 'invoke_workflow', 'agent_step', 'execute_tool'])(
  'B5.1: usage and cost on %s repeat those of the calls and are not counted',
  async (operation) => {
    const usage = { 'gen_ai.usage.input_tokens': 5, 'operation.cost': 0.5 };
    const stored = await read({ 'gen_ai.operation.name': operation, ...usage });
    expect(stored).toMatchObject({ usage: { inputTokens: null }, costUsd: null });
    expect(stored?.attributes.get('gen_ai.usage.input_tokens')).toBe(5);
  },
);

test.each([
  ['told with the cache', 100, 60, 20, 100],
  ['told without the cache', 10, 60, 20, 90],
  ['all of it from the cache', 80, 60, 20, 80],
])('B5.3: input tokens %s become inclusive', async (_, input, cacheRead, cacheWrite, expected) => {
  const stored = await read({
    ...chat,
    'gen_ai.usage.input_tokens': input,
    'gen_ai.usage.cache_read.input_tokens': cacheRead,
    'gen_ai.usage.cache_write.input_tokens': cacheWrite,
  });
  expect(stored?.usage.inputTokens).toBe(expected);
});

test('B5.4: numbers are coerced by the column, however they were sent', async () => {
  const stored = await read({
    ...chat,
    'gen_ai.usage.input_tokens': '12',
    'gen_ai.usage.output_tokens': 7.0,
    'gen_ai.response.time_to_first_chunk': 1,
    'orchescope.cost.usd': 0,
    'user.id': 42,
    'gen_ai.usage.reasoning.output_tokens': -1,
    'gen_ai.usage.cache_read.input_tokens': 'many',
  });
  expect(stored).toMatchObject({
    usage: { inputTokens: 12, outputTokens: 7, reasoningTokens: null, cacheReadTokens: null },
    timeToFirstChunk: 1,
    costUsd: '0',
    userId: '42',
  });
});

test('B5.5: the name of a metric on a span is the time to first chunk', async () => {
  const stored = await read({ ...chat, 'gen_ai.client.operation.time_to_first_chunk': 0.5 });
  expect(stored?.timeToFirstChunk).toBe(0.5);
});

test.each<[Plain, string[]]>([
  [
    ['stop', 'length'],
    ['stop', 'length'],
  ],
  ['["stop"]', ['stop']],
  ['stop, tool_calls', ['stop', 'tool_call']],
  ['end_turn', ['stop']],
  ['STOP', ['stop']],
  ['tool-calls', ['tool_call']],
  ['tool_use', ['tool_call']],
  ['tool_call', ['tool_call']],
  ['content-filter', ['content_filter']],
  ['SAFETY', ['content_filter']],
  ['MAX_TOKENS', ['length']],
  ['error', ['error']],
  ['bored', ['other']],
  ['', []],
  ['[]', []],
  [5, []],
])('B5.6: the finish reason %j is read as %j', async (reason, expected) => {
  const stored = await read({ ...chat, 'gen_ai.response.finish_reasons': reason });
  expect(stored?.finishReasons).toEqual(expected);
});

test('B5.7: an announced span is the running form of the real one', async () => {
  const announced = {
    'logfire.span_type': 'pending_span',
    'logfire.pending_parent_id': '00'.repeat(8),
  };
  const stored = await read(announced, { parentSpanId: 'AB'.repeat(8) });
  expect(stored).toMatchObject({
    spanId: 'ab'.repeat(8),
    parentSpanId: '',
    endTimeUnixNano: 0n,
    flags: spanFlags.running,
  });
});

const exception = (escaped: Plain) => ({
  name: 'exception',
  attributes: [
    attribute('exception.type', toValue('TimeoutError')),
    attribute('exception.message', toValue('too slow')),
    attribute('exception.escaped', toValue(escaped)),
  ],
});

test.each<[string, Record<string, Plain>, Json, object]>([
  [
    'status ERROR',
    {},
    { status: { code: 2, message: 'm' } },
    { status: 'error', statusMessage: 'm', errorType: '' },
  ],
  ['error.type alone', { 'error.type': '429' }, {}, { status: 'error', errorType: '429' }],
  [
    'an exception alone',
    {},
    { events: [exception(true)] },
    { status: 'error', statusMessage: 'too slow', errorType: 'TimeoutError' },
  ],
  ['a caught exception', {}, { events: [exception(false)] }, { status: 'unset', errorType: '' }],
  [
    'a caught exception as Python writes it',
    {},
    { events: [exception('False')] },
    { status: 'unset' },
  ],
  [
    'status OK after an exception',
    {},
    { status: { code: 1 }, events: [exception(true)] },
    { status: 'ok', errorType: '' },
  ],
  [
    'status ERROR with an exception',
    {},
    { status: { code: 2 }, events: [exception('False')] },
    { status: 'error', statusMessage: 'too slow', errorType: 'TimeoutError' },
  ],
  ['none of them', {}, {}, { status: 'unset', errorType: '' }],
])('B5.8: %s', async (_, attributes, changes, expected) => {
  expect(await read(attributes, changes)).toMatchObject(expected);
});

test.each([
  ['az.ai.openai', 'azure.ai.openai'],
  ['Vertex_AI', 'gcp.vertex_ai'],
  ['openai.responses', 'openai'],
  ['google.vertex.chat', 'gcp.vertex_ai'],
  ['amazon-bedrock', 'aws.bedrock'],
  ['xai', 'x_ai'],
  ['MyHost', 'myhost'],
  ['langchain', ''],
  ['gcp.vertex.agent', ''],
])('B5.14: the provider %j is %j', async (sent, provider) => {
  expect((await read({ ...chat, 'gen_ai.provider.name': sent }))?.provider).toBe(provider);
});

async function readRecording(name: string): Promise<Span[]> {
  const ingest = startIngest();
  await post(ingest, encode(readFixture(name), 'application/json'));
  return ingest.spans;
}

const sumOf = (spans: readonly Span[], field: 'inputTokens' | 'outputTokens') =>
  spans.reduce((sum, { usage }) => sum + (usage[field] ?? 0), 0);

test.each([
  ['ai-sdk/agent-with-tools', 980 + 240 + 980 + 1320 + 96],
  ['ai-sdk-legacy/agent-with-tools', 2 * 320 + 14],
  ['strands/python', 640],
  ['strands/weather', 640],
  ['pydantic-ai/version-1', 3 * 320 + 9],
  ['pydantic-ai/version-5', 3 * 320 + 9],
  ['agent-framework/workflow', 960],
  ['crewai/crew', 960],
])(
  'B5.1: the input of %s, added up over its rows, is that of its calls: %i',
  async (name, input) => {
    expect(sumOf(await readRecording(name), 'inputTokens')).toBe(input);
  },
);

test('B5.1: a call inside a call tells its parent, for only the inner one to be counted', async () => {
  const calls = (await readRecording('google-adk/python-legacy')).filter(
    ({ kind }) => kind === 'llm',
  );
  const outer = calls.filter(({ name }) => name === 'call_llm');
  const inner = calls.filter(({ name }) => name !== 'call_llm');
  expect(inner.map(({ parentSpanId }) => parentSpanId).sort()).toEqual(
    outer.map(({ spanId }) => spanId).sort(),
  );
  expect(sumOf(inner, 'inputTokens')).toBe(sumOf(outer, 'inputTokens'));
});

test('B5.2: one call seen by two instrumentations is two rows with one response', async () => {
  const calls = await readRecording('openllmetry/python-anthropic');
  const told = calls.map(({ kind, scopeName, responseId, toolCallId, otelKind, usage }) => ({
    kind,
    scopeName,
    responseId,
    toolCallId,
    otelKind,
    input: usage.inputTokens,
  }));
  const call = { kind: 'llm', responseId: 'msg_1', toolCallId: '', otelKind: 3, input: 448 };
  expect(told).toEqual([
    { ...call, scopeName: 'com.anthropic.sdk.python' },
    { ...call, scopeName: 'com.anthropic.sdk.python' },
    { ...call, scopeName: 'opentelemetry.instrumentation.anthropic' },
    { ...call, scopeName: 'opentelemetry.instrumentation.anthropic' },
  ]);
});

test('B5.2: a tool and the MCP call that carries it out share the id of the call', async () => {
  const tool = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.call.id': 'call_1' };
  const mcp = { ...tool, 'mcp.method.name': 'tools/call' };
  expect(await read(tool)).toMatchObject({ kind: 'tool', toolCallId: 'call_1' });
  const parentSpanId = 'ab'.repeat(8);
  expect(await read(mcp, { parentSpanId, kind: 3 })).toMatchObject({
    kind: 'mcp',
    toolCallId: 'call_1',
    parentSpanId,
    otelKind: 3,
  });
});

test('B5.7: what Logfire announces and what comes of it are copies of one span', async () => {
  const spans = await readRecording('logfire/pydantic-ai');
  const announced = spans.filter(({ flags }) => (flags & spanFlags.running) !== 0);
  expect(announced.length).toBeGreaterThan(2);
  for (const { spanId, parentSpanId, name } of announced) {
    const real = spans.find((one) => one.spanId === spanId && one.endTimeUnixNano > 0n);
    expect(real).toMatchObject({ parentSpanId, name });
  }
  const running = sumOf(announced, 'inputTokens') + sumOf(announced, 'outputTokens');
  expect(running).toBe(0);
});

test('B5.9: a span that is sent again has the same ids, and its own end', async () => {
  const first = span(1, { endTimeUnixNano: '1763690400200000000' });
  const again = span(1, { endTimeUnixNano: '1763690400900000000' });
  const ingest = startIngest();
  for (const one of [first, first, again]) await post(ingest, JSON.stringify(request([one])));
  const keys = ingest.spans.map(({ traceId, spanId, projectId }) => [projectId, traceId, spanId]);
  expect(new Set(keys.map(String)).size).toBe(1);
  expect(ingest.spans.map(({ endTimeUnixNano }) => endTimeUnixNano)).toEqual([
    1763690400200000000n,
    1763690400200000000n,
    1763690400900000000n,
  ]);
});

test('B5.10: ids of OpenAI Agents become ids of OpenTelemetry, and the originals are kept', async () => {
  const spans = await readRecording('openai-agents/weather');
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const orphans = spans.filter(({ parentSpanId }) => parentSpanId !== '' && !ids.has(parentSpanId));
  expect(orphans).toEqual([]);
  for (const { attributes, kind } of spans) {
    const isTrace = attributes.get('orchescope.source.span.type') === 'trace';
    const source = attributes.get('orchescope.source.span.id');
    expect([kind, isTrace || /^span_[0-9a-f]{24}$/.test(String(source))]).toEqual([kind, true]);
  }
  expect(spans.find(({ parentSpanId }) => parentSpanId === '')?.conversationId).toBe('group_7');
});

test('B5.11: plumbing is other, and what it surrounds keeps its kind', async () => {
  const kinds = new Map<string, number>();
  for (const { kind } of await readRecording('codex/turn')) {
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  expect(kinds.get('other')).toBeGreaterThan(0);
  expect(kinds.get('turn')).toBe(1);
});

test.each(['gen-ai-old/python-openai', 'pydantic-ai/version-1-logs', 'semantic-kernel/agent'])(
  'B5.12: messages that %s sends as log records name the span they belong to',
  async (name) => {
    const spans = await readRecording(name);
    const keys = new Set(spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`));
    const records = readLogRecords(name).filter((record) => isMessage(record));
    expect(records.length).toBeGreaterThan(2);
    for (const { traceId, spanId } of records) {
      expect(keys.has(`${String(traceId)} ${String(spanId)}`)).toBe(true);
    }
  },
);

type Logs = { resourceLogs: { scopeLogs: { logRecords: Json[] }[] }[] };

function readLogRecords(name: string): Json[] {
  const text = readFileSync(join(fixturesDir, `${name}.logs.json`), 'utf8');
  const { resourceLogs } = JSON.parse(text) as Logs;
  return resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
}

/** The name is a field of its own in newer senders, an attribute in older ones. */
function isMessage({ eventName, attributes }: Json): boolean {
  const told = (attributes as { key: string; value: { stringValue?: string } }[]).find(
    ({ key }) => key === 'event.name',
  );
  return /^gen_ai\..*(message|choice)$/.test(String(eventName ?? told?.value.stringValue));
}

test('B5.13: links say what parents do not: who was sent the message', async () => {
  const spans = await readRecording('agent-framework/workflow');
  const sent = spans.find(({ name }) => name === 'message.send');
  const receivers = spans.filter(({ links }) =>
    links.some(({ spanId }) => spanId === sent?.spanId),
  );
  expect(receivers.map(({ name }) => name).sort()).toEqual([
    'edge_group.process SingleEdgeGroup',
    'executor.process writer',
  ]);
  expect(receivers.some(({ parentSpanId }) => parentSpanId === sent?.spanId)).toBe(false);
});

test.each([
  ['autogen/team', 'gen_ai.system', 'autogen'],
  ['strands/python', 'gen_ai.system', 'strands-agents'],
  ['strands/python-latest', 'gen_ai.provider.name', 'strands-agents'],
])(
  'B5.14: %s writes the framework as %s: it is no provider, and stays',
  async (name, key, value) => {
    const told = (await readRecording(name)).filter(({ attributes }) => attributes.has(key));
    expect(told.length).toBeGreaterThan(3);
    expect(told.map(({ provider }) => provider)).toEqual(told.map(() => ''));
    expect(told.map(({ attributes }) => attributes.get(key))).toEqual(told.map(() => value));
  },
);

test('B5.15: one model is one group, whatever senders call the span', async () => {
  const names = [
    'gen-ai/python-openai',
    'openllmetry/python',
    'openllmetry/python-old',
    'crewai/crew',
    'ai-sdk-legacy/agent-with-tools',
    'strands/python',
    'pydantic-ai/version-2',
  ];
  const calls = (await Promise.all(names.map(readRecording)))
    .flat()
    .filter(({ kind, modelRequested }) => kind === 'llm' && modelRequested.includes('gpt-5-mini'));
  expect(new Set(calls.map(({ name }) => name))).toEqual(
    new Set([
      'chat gpt-5-mini',
      'openai.chat',
      'ChatCompletion',
      'ai.generateText.doGenerate',
      'chat',
    ]),
  );
  const models = calls.map(({ modelRequested }) => modelRequested.replace('-2025-08-07', ''));
  expect(new Set(models)).toEqual(new Set(['gpt-5-mini']));
});
