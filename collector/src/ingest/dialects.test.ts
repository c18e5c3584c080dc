/** How the vocabularies of senders are understood, and who is believed. */
import { describe, expect, test } from 'vitest';
import { spanFlags } from '../span.ts';
import type { Json } from './encode.testing.ts';
import { read, type Plain } from './read-span.testing.ts';

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

test('milliseconds become seconds', async () => {
  const attributes = {
    'ai.operationId': 'ai.streamText.doStream',
    'ai.response.msToFirstChunk': 250,
  };
  expect((await read(attributes))?.timeToFirstChunk).toBe(0.25);
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
