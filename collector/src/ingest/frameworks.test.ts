/** What single frameworks do otherwise than the conventions, beyond what their recordings show. */
import { describe, expect, test } from 'vitest';
import { spanFlags } from '../span.ts';
import { read, type Changes, type Plain } from './read-span.testing.ts';

const child = { parentSpanId: 'ff'.repeat(8) };

describe('kind', () => {
  test.each<[string, Record<string, Plain>, Changes, object]>([
    [
      'Langfuse: a span at the root is a workflow',
      { 'langfuse.observation.type': 'span' },
      {},
      { kind: 'workflow' },
    ],
    [
      'Langfuse: a span below it is a step',
      { 'langfuse.observation.type': 'span' },
      child,
      { kind: 'step' },
    ],
    [
      'Strands for Langfuse: the operation is believed',
      { 'langfuse.observation.type': 'span', 'gen_ai.operation.name': 'invoke_agent' },
      {},
      { kind: 'agent' },
    ],
    [
      'LangSmith: a prompt is no chat',
      { 'langsmith.span.kind': 'prompt', 'gen_ai.operation.name': 'chat' },
      {},
      { kind: 'other' },
    ],
    [
      'LangSmith: a retriever is no embedding',
      { 'langsmith.span.kind': 'retriever', 'gen_ai.operation.name': 'embeddings' },
      {},
      { kind: 'retrieval' },
    ],
    [
      'LangSmith: what runs inside an agent is not that agent',
      { 'langsmith.span.kind': 'chain', 'langsmith.metadata.lc_agent_name': 'a' },
      { ...child, name: 'tools' },
      { kind: 'step', agentName: 'a' },
    ],
    [
      'OpenInference: the span of the name in lc_agent_name is the agent',
      { 'openinference.span.kind': 'CHAIN', metadata: '{"lc_agent_name":"a"}' },
      { ...child, name: 'a' },
      { kind: 'agent', agentName: 'a' },
    ],
    [
      'OpenInference: a model call of that name stays one',
      { 'openinference.span.kind': 'LLM', metadata: '{"lc_agent_name":"a"}' },
      { name: 'a' },
      { kind: 'llm' },
    ],
    [
      'Mastra: a generation that holds calls is a step',
      { 'mastra.span.type': 'model_generation', 'gen_ai.operation.name': 'model_generation' },
      {},
      { kind: 'step' },
    ],
    [
      'Mastra: a generation that is the call is one',
      { 'mastra.span.type': 'model_generation', 'gen_ai.operation.name': 'chat' },
      {},
      { kind: 'llm' },
    ],
    [
      'Pydantic AI: an old agent without its content',
      { agent_name: 'a', 'gen_ai.usage.input_tokens': 9 },
      { scope: 'pydantic-ai', name: 'agent run' },
      { kind: 'agent', usage: { inputTokens: null } },
    ],
    [
      'a span of others with agent_name and tokens',
      { agent_name: 'a', 'gen_ai.usage.input_tokens': 9 },
      {},
      { kind: 'llm', usage: { inputTokens: 9 } },
    ],
    ['ADK: an invocation', {}, { scope: 'gcp.vertex.agent', name: 'invocation' }, { kind: 'turn' }],
    ['an invocation of anybody else', {}, { name: 'invocation' }, { kind: 'other' }],
    ['Weave: a turn', { 'wandb.is_turn': true }, {}, { kind: 'turn' }],
    ['Weave: no turn', { 'wandb.is_turn': false }, {}, { kind: 'other' }],
    [
      'Codex: the sum of a turn is not counted',
      { 'codex.turn.token_usage.total_tokens': 9, 'gen_ai.usage.input_tokens': 9 },
      {},
      { kind: 'turn', usage: { inputTokens: null } },
    ],
  ])('%s', async (_, attributes, changes, expected) => {
    expect(await read(attributes, changes)).toMatchObject(expected);
  });
});

describe('names', () => {
  test.each<[string, string, object]>([
    ['invoke_workflow dressing', 'invoke_workflow', { workflowName: 'dressing' }],
    ['execute_tool search', 'execute_tool', { toolName: 'search' }],
    ['invoke_agent gpt-5-mini', 'invoke_agent', { agentName: '' }],
  ])('%s', async (name, operation, expected) => {
    expect(await read({ 'gen_ai.operation.name': operation }, { name })).toMatchObject(expected);
  });

  test.each<[string, string, object]>([
    ['transfer_to_agent', '{"agent_name":"billing"}', { kind: 'handoff', handoffTo: 'billing' }],
    ['transfer_to_agent', '{"agentName":"billing"}', { kind: 'handoff', handoffTo: 'billing' }],
    ['look_up', '{"agent_name":"billing"}', { kind: 'tool', handoffTo: '' }],
  ])('ADK: %s with %s', async (tool, args, expected) => {
    const names = ['gcp.vertex.agent.tool_call_args', 'gen_ai.tool.call.arguments'];
    for (const name of names) {
      const attributes = { 'gen_ai.tool.name': tool, [name]: args };
      expect(await read(attributes)).toMatchObject(expected);
    }
  });
});

test('3: Claude Code counts the cache beside the input, however small', async () => {
  const told = {
    'span.type': 'llm_request',
    input_tokens: 2000,
    cache_read_tokens: 1500,
    cache_creation_tokens: 100,
  };
  expect((await read(told))?.usage.inputTokens).toBe(3600);
});

test.each<[string, Record<string, Plain>, string, string]>([
  [
    'the newest conventions',
    { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'x' },
    '',
    'gen_ai',
  ],
  ['an operation alone', { 'gen_ai.operation.name': 'invoke_agent' }, '', 'gen_ai'],
  [
    'the conventions up to 1.36',
    { 'gen_ai.operation.name': 'chat', 'gen_ai.system': 'openai' },
    'opentelemetry.instrumentation.openai_v2',
    'gen_ai_old',
  ],
  [
    'a sender that writes both',
    { 'gen_ai.system': 'openai', 'gen_ai.provider.name': 'openai' },
    '',
    'gen_ai',
  ],
  [
    'OpenLLMetry with the names of the conventions',
    { 'gen_ai.provider.name': 'openai' },
    'opentelemetry.instrumentation.openai.v1',
    'openllmetry',
  ],
  ['OpenLLMetry for any library', { 'gen_ai.is_streaming': false }, 'test', 'openllmetry'],
  ['Weave', { 'gen_ai.operation.name': 'chat' }, 'weave.conversation', 'weave'],
  [
    'the runtime of AutoGen',
    { 'messaging.operation': 'send' },
    'autogen SingleThreadedAgentRuntime',
    'autogen',
  ],
])('the dialect of %s is told', async (_, attributes, scope, dialect) => {
  expect((await read(attributes, { scope }))?.dialect).toBe(dialect);
});

test('Pydantic AI 1 tells cached tokens among the details', async () => {
  const told = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.usage.input_tokens': 320,
    'gen_ai.usage.details.cache_read_tokens': 256,
    'gen_ai.usage.details.cache_write_tokens': 8,
    'gen_ai.usage.details.reasoning_tokens': 12,
  };
  const usage = {
    inputTokens: 320,
    cacheReadTokens: 256,
    cacheWriteTokens: 8,
    reasoningTokens: 12,
  };
  expect(await read(told)).toMatchObject({ usage });
});

test('the Claude SDK tells why it stopped', async () => {
  const told = { 'gen_ai.operation.name': 'chat', 'anthropic.message.stop_reason': 'tool_use' };
  expect((await read(told))?.finishReasons).toEqual(['tool_call']);
});

test('OpenInference: what a tool may be asked is its definition, not a call of it', async () => {
  const told = {
    'openinference.span.kind': 'TOOL',
    'input.value': '{"city":"Lisbon"}',
    'tool.parameters': '{"type":"object"}',
  };
  const content = (await read(told))?.content.map(({ slot, body }) => [slot, body]);
  expect(content).toEqual([
    ['tool_arguments', '{"city":"Lisbon"}'],
    ['tool_definitions', '{"type":"object"}'],
  ]);
});

test('AutoGen: the message that is processed is content', async () => {
  const told = { 'messaging.operation': 'process', message: '{"text":"hi"}' };
  const [item] = (await read(told, { scope: 'autogen SingleThreadedAgentRuntime' }))?.content ?? [];
  expect(item).toEqual({ slot: 'input', key: 'message', format: 'json', body: '{"text":"hi"}' });
});

test('bare names count on model calls alone', async () => {
  const told = { 'span.type': 'tool', model: 'opus', input_tokens: 5, tool_name: 'Bash' };
  expect(await read(told)).toMatchObject({ modelRequested: '', toolName: 'Bash' });
});

test.each<[string, string, number | null]>([
  ['langfuse.observation.completion_start_time', '"2025-11-21T02:00:00.250Z"', 0.25],
  ['mastra.completion_start_time', '2025-11-21T02:00:00.250Z', 0.25],
  ['mastra.completion_start_time', '2025-11-21T01:00:00.000Z', 0],
  ['mastra.completion_start_time', 'soon', null],
])('the moment %s of %s becomes seconds after the start', async (key, moment, expected) => {
  const changes = { startTimeUnixNano: '1763690400000000000' };
  expect((await read({ [key]: moment }, changes))?.timeToFirstChunk).toBe(expected);
});

test.each<[string, Record<string, Plain>, string]>([
  [
    'Langfuse',
    { 'langfuse.observation.level': 'ERROR', 'langfuse.observation.status_message': 'm' },
    'm',
  ],
  ['Strands', { 'gen_ai.tool.name': 'x', 'gen_ai.tool.status': 'error' }, ''],
  ['Claude Code', { 'span.type': 'tool', success: false }, ''],
])('8: %s tells a failure in a word of its own', async (_, attributes, statusMessage) => {
  expect(await read(attributes)).toMatchObject({
    status: 'error',
    errorType: '_OTHER',
    statusMessage,
  });
});

test('a warning of Langfuse and a success of Claude Code are no failures', async () => {
  expect((await read({ 'langfuse.observation.level': 'WARNING' }))?.status).toBe('unset');
  expect((await read({ 'span.type': 'tool', success: true }))?.status).toBe('unset');
});

test('waiting for a person is an approval, and a wait', async () => {
  const stored = await read({ 'span.type': 'tool.blocked_on_user' });
  expect(stored).toMatchObject({ kind: 'approval', flags: expect.any(Number) });
  expect((stored?.flags ?? 0) & spanFlags.wait).toBe(spanFlags.wait);
});
