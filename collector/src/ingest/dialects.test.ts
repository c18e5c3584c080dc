/** How the vocabularies of senders are understood: precedence, and the traps they set. */
import { describe, expect, test } from 'vitest';
import { spanFlags, type Span } from '../span.ts';
import type { Json } from './encode.testing.ts';
import { attribute, ingestSpans, span } from './ingest.testing.ts';

type Plain = string | number | boolean | readonly string[];

function toValue(value: Plain): Json {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') {
    return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
  }
  return { arrayValue: { values: value.map(toValue) } };
}

async function read(
  attributes: Readonly<Record<string, Plain>>,
  changes: Json = {},
): Promise<Span | undefined> {
  const list = Object.entries(attributes).map(([key, value]) => attribute(key, toValue(value)));
  const { spans } = await ingestSpans([span(1, { attributes: list, ...changes })]);
  return spans[0];
}

const child = { parentSpanId: 'ff'.repeat(8) };

describe('kind', () => {
  test.each([
    [
      "our own word beats a framework's",
      { 'orchescope.kind': 'agent', 'openinference.span.kind': 'TOOL' },
      'agent',
      'agent',
    ],
    [
      'a word of ours that is not known gives way',
      { 'orchescope.kind': 'review', 'openinference.span.kind': 'TOOL' },
      'tool',
      'TOOL',
    ],
    [
      'our own kind',
      { 'orchescope.kind': 'send', 'gen_ai.operation.name': 'chat' },
      'queue',
      'send',
    ],
    [
      "a framework's key beats the operation",
      { 'openinference.span.kind': 'GUARDRAIL', 'gen_ai.operation.name': 'chat' },
      'guardrail',
      'GUARDRAIL',
    ],
    [
      'a legacy AI SDK call beats the operation',
      { 'ai.operationId': 'ai.toolCall', 'gen_ai.operation.name': 'chat' },
      'tool',
      'ai.toolCall',
    ],
    [
      'any MCP method',
      { 'mcp.method.name': 'resources/read', 'gen_ai.operation.name': 'execute_tool' },
      'mcp',
      'resources/read',
    ],
    [
      'the operation beats keys that are there',
      { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.usage.input_tokens': 1 },
      'agent',
      'invoke_agent',
    ],
    [
      'an operation in capitals',
      { 'gen_ai.operation.name': 'EXECUTE_TOOL' },
      'tool',
      'EXECUTE_TOOL',
    ],
    [
      'an unknown operation with tokens',
      { 'gen_ai.operation.name': 'summon', 'gen_ai.usage.output_tokens': 3 },
      'llm',
      'summon',
    ],
    ['tokens alone', { 'gen_ai.usage.input_tokens': 3 }, 'llm', ''],
    ['a tool name alone', { 'gen_ai.tool.name': 'x' }, 'tool', ''],
    ['nothing that is known', { colour: 'blue' }, 'other', ''],
    ['an operation that is no text', { 'gen_ai.operation.name': 5 }, 'other', ''],
    ['__proto__ as an operation', { 'gen_ai.operation.name': '__proto__' }, 'other', '__proto__'],
  ])('%s', async (_, attributes, kind, rawKind) => {
    expect(await read(attributes, child)).toMatchObject({ kind, rawKind });
  });

  test('a CHAIN is a workflow at the root and a step below it', async () => {
    const chain = { 'openinference.span.kind': 'CHAIN' };
    expect((await read(chain))?.kind).toBe('workflow');
    expect((await read(chain, child))?.kind).toBe('step');
  });

  test.each([
    ['invoke_agent planner', 'agent'],
    ['execute_tool', 'tool'],
    ['call_llm', 'llm'],
    ['execute_toolbox', 'other'],
    ['chat with us', 'other'],
  ])('the name %j alone says %s', async (name, kind) => {
    expect((await read({}, { name }))?.kind).toBe(kind);
  });

  test.each([
    ['transfer_to_billing', 'handoff', 'billing'],
    ['handoff_to_sales', 'handoff', 'sales'],
    ['transfer_to_agent', 'handoff', ''],
    ['transfer_money', 'tool', ''],
  ])('a call of the tool %s is a %s', async (tool, kind, handoffTo) => {
    const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': tool };
    expect(await read(attributes)).toMatchObject({ kind, handoffTo, toolName: tool });
  });
});

describe('precedence', () => {
  test('newest gen_ai beats the framework, the framework beats old gen_ai, whatever the order', async () => {
    const attributes = {
      'gen_ai.system': 'anthropic',
      'gen_ai.usage.prompt_tokens': 1,
      'llm.token_count.prompt': 2,
      'gen_ai.usage.input_tokens': 3,
      'llm.provider': 'azure',
      'gen_ai.usage.completion_tokens': 4,
      'llm.token_count.completion': 5,
      'session.id': 'general',
      'gen_ai.conversation.id': 'exact',
    };
    const forwards = await read(attributes);
    const backwards = await read(Object.fromEntries(Object.entries(attributes).reverse()));
    for (const stored of [forwards, backwards]) {
      expect(stored).toMatchObject({
        provider: 'azure.ai.inference',
        conversationId: 'exact',
        usage: { inputTokens: 3, outputTokens: 5 },
      });
    }
  });

  test('a name that says nothing does not hide one that does', async () => {
    const attributes = { 'gen_ai.request.model': '', 'llm.model_name': 'gpt-5' };
    expect((await read(attributes))?.modelRequested).toBe('gpt-5');
  });

  test('no attribute is lost: content moves, everything else stays', async () => {
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.input.messages': '[]',
      'gen_ai.usage.input_tokens': 3,
      'traceloop.workflow.name': 'w',
      'ai.settings.context.tenant': 't',
    };
    const stored = await read(attributes);
    expect([...(stored?.attributes.keys() ?? [])]).toEqual([
      'gen_ai.operation.name',
      'gen_ai.usage.input_tokens',
      'traceloop.workflow.name',
      'ai.settings.context.tenant',
    ]);
    expect(stored?.content).toEqual([
      { slot: 'input_messages', key: 'gen_ai.input.messages', format: 'json', body: '[]' },
    ]);
  });
});

describe('trap', () => {
  const chat = { 'gen_ai.operation.name': 'chat' };

  test.each(['invoke_agent', 'invoke_workflow', 'agent_step', 'execute_tool'])(
    '1: usage and cost on %s repeat those of the calls and are not counted',
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
  ])('3: input tokens %s become inclusive', async (_, input, cacheRead, cacheWrite, expected) => {
    const stored = await read({
      ...chat,
      'gen_ai.usage.input_tokens': input,
      'gen_ai.usage.cache_read.input_tokens': cacheRead,
      'gen_ai.usage.cache_write.input_tokens': cacheWrite,
    });
    expect(stored?.usage.inputTokens).toBe(expected);
  });

  test('4: numbers are coerced by the column, however they were sent', async () => {
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

  test('5: the name of a metric on a span is the time to first chunk', async () => {
    const stored = await read({ ...chat, 'gen_ai.client.operation.time_to_first_chunk': 0.5 });
    expect(stored?.timeToFirstChunk).toBe(0.5);
  });

  test('milliseconds become seconds', async () => {
    const attributes = {
      'ai.operationId': 'ai.streamText.doStream',
      'ai.response.msToFirstChunk': 250,
    };
    expect((await read(attributes))?.timeToFirstChunk).toBe(0.25);
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
  ])('6: the finish reason %j is read as %j', async (reason, expected) => {
    const stored = await read({ ...chat, 'gen_ai.response.finish_reasons': reason });
    expect(stored?.finishReasons).toEqual(expected);
  });

  test('7: an announced span is the running form of the real one', async () => {
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
  ])('8: %s', async (_, attributes, changes, expected) => {
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
  ])('14: the provider %j is %j', async (sent, provider) => {
    expect((await read({ ...chat, 'gen_ai.provider.name': sent }))?.provider).toBe(provider);
  });
});

describe('cost', () => {
  const chat = { 'gen_ai.operation.name': 'chat' };

  test.each<[string, Plain, string | null]>([
    ['orchescope.cost.usd', 0.0000000123, '0.0000000123'],
    ['orchescope.cost.usd', 1e-13, '0'],
    ['llm.cost.total', 3, '3'],
    ['operation.cost', '0.25', '0.25'],
    ['cost_usd', 12.5, '12.5'],
    ['cost_usd', 'free', null],
    ['cost_usd', -1, null],
    ['cost_usd', '1e400', null],
    ['other.cost', 1, null],
  ])('%s of %j is %j', async (key, value, expected) => {
    expect((await read({ ...chat, [key]: value }))?.costUsd).toBe(expected);
  });
});

describe('waits', () => {
  test.each<[string, Record<string, Plain>, Json, boolean]>([
    ['a backoff step', { 'orchescope.step.type': 'backoff' }, {}, true],
    ['a step that works', { 'orchescope.step.type': 'branch' }, {}, false],
    ['an approval', { 'orchescope.kind': 'approval' }, {}, true],
    ['a tool that asks its user', {}, { name: 'claude_code.tool.blocked_on_user' }, true],
    ['a sleeping workflow', { 'mastra.span.type': 'workflow_sleep' }, {}, true],
  ])('%s', async (_, attributes, changes, isWait) => {
    const stored = await read(attributes, changes);
    expect(((stored?.flags ?? 0) & spanFlags.wait) !== 0).toBe(isWait);
  });
});

describe('metadata as JSON', () => {
  test.each<[string, string, number]>([
    ['{"thread_id":"t-1","langgraph_step":4}', 't-1', 4],
    ['{"thread_id":7}', '7', -1],
    ['{"thread_id":{}}', '', -1],
    ['{"__proto__":{"thread_id":"x"}}', '', -1],
    ['not json', '', -1],
    ['null', '', -1],
    ['[1]', '', -1],
  ])('%s', async (metadata, conversationId, stepIndex) => {
    expect(await read({ metadata })).toMatchObject({ conversationId, stepIndex });
  });
});

describe('content', () => {
  test.each([
    ['{"a":1}', 'json'],
    [' [1] ', 'json'],
    ['"text"', 'json'],
    ['plain', 'text'],
    ['{"cut":"in the mid', 'text'],
    ['[1] is a footnote', 'text'],
    ['5', 'text'],
  ])('the tool result %j is %s', async (body, format) => {
    const attributes = { 'gen_ai.tool.name': 'x', 'gen_ai.tool.call.result': body };
    const expected = { slot: 'tool_result', key: 'gen_ai.tool.call.result', format, body };
    expect((await read(attributes))?.content).toEqual([expected]);
  });

  test('the same key goes where the kind of the span says', async () => {
    const input = { 'input.value': '1' };
    const slots = async (kind: string) =>
      (await read({ 'openinference.span.kind': kind, ...input }))?.content.map(({ slot }) => slot);
    expect([await slots('TOOL'), await slots('LLM')]).toEqual([['tool_arguments'], ['input']]);
  });

  test('an empty or missing body stays an attribute', async () => {
    const stored = await read({ 'gen_ai.input.messages': '' });
    expect([stored?.content, stored?.attributes.size]).toEqual([[], 1]);
  });
});
