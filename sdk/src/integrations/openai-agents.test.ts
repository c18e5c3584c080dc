import {
  Agent,
  addTraceProcessor,
  createCustomSpan,
  getGlobalTraceProvider,
  handoff,
  MCPServerStdio,
  OpenAIChatCompletionsModel,
  OpenAIResponsesModel,
  run as runAgent,
  Runner,
  setTraceProcessors,
  setTracingDisabled,
  tool,
  withCustomSpan,
  withTrace,
  type Model,
} from '@openai/agents';
import {
  assistantMessage,
  functionCall,
  ScriptedModel,
  type ScriptedModelInput,
} from '@openai/agents/testing';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../index.ts';
import { settings } from '../settings.ts';
import {
  dataEvents,
  namedEvents,
  startModelServer,
  type ModelServer,
} from '../test/model-server.ts';
import { record, type Recording } from '../test/record.ts';
import { toSpanText } from '../test/span-text.ts';
import { genaiFetch } from './genai-fetch.ts';
import { textAt } from './json.ts';
import { openaiAgents } from './openai-agents.ts';

let recording: Recording;
let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
  // The library is off where NODE_ENV is test.
  setTracingDisabled(false);
  setTraceProcessors([openaiAgents()]);
});
afterAll(() => server.close());
beforeEach(() => {
  recording = record();
});
afterEach(() => recording.stop());

const golden = (name: string): string => `../test/golden/openai-agents/${name}.txt`;
const ids = /(trace|span|group)_[\da-f]{24,32}/g;
/** But for guardrails: they run beside the first turn, and within one millisecond their order is anybody's. */
const spanText = (): string =>
  toSpanText(recording.spans().filter(({ name }) => !name.startsWith('guardrail'))).replaceAll(
    ids,
    '<$1>',
  );

/** The real model over the real client, which asks our server. */
const client = (fetch?: typeof globalThis.fetch): OpenAI =>
  new OpenAI({ apiKey: 'k', baseURL: `${server.url}/v1`, ...(fetch && { fetch }) });
const responses = (fetch?: typeof globalThis.fetch): Model =>
  new OpenAIResponsesModel(client(fetch), 'gpt-5-mini');
const chat = (fetch?: typeof globalThis.fetch): Model =>
  new OpenAIChatCompletionsModel(client(fetch), 'gpt-5-mini');

const usage = {
  input_tokens: 320,
  input_tokens_details: { cached_tokens: 256 },
  output_tokens: 40,
  output_tokens_details: { reasoning_tokens: 12 },
  total_tokens: 360,
};
const answerOf = (id: string, ...output: readonly object[]) => ({
  id,
  object: 'response',
  status: 'completed',
  model: 'gpt-5-mini-2025-08-07',
  instructions: 'Be short.',
  output,
  usage,
});
const said = (text: string) => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
});
const called = (callId: string, name: string, args: object) => ({
  type: 'function_call',
  id: `fc_${callId}`,
  call_id: callId,
  name,
  arguments: JSON.stringify(args),
  status: 'completed',
});
const completion = (content: string) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'gpt-5-mini-2025-08-07',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 30, completion_tokens: 8, total_tokens: 38 },
});

const taking = (...names: readonly string[]) => ({
  type: 'object' as const,
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  required: [...names],
  additionalProperties: false as const,
});

const price = tool({
  name: 'price',
  description: 'what a ticket costs',
  parameters: taking('line'),
  execute: (given) =>
    run({ kind: 'step', name: 'look up', type: 'transform' }, async () =>
      run(
        { kind: 'step', name: 'read table', type: 'stage' },
        async () => `1.85 EUR on ${textAt(given, 'line')}`,
      ),
    ),
});
const broken = tool({
  name: 'broken',
  description: 'does not work',
  parameters: taking(),
  execute: () => Promise.reject(new RangeError('no line')),
});
const polite = {
  name: 'polite',
  execute: async () => ({ tripwireTriggered: false, outputInfo: 'fine' }),
};

const scripted = (name: string, ...steps: ScriptedModelInput[]): Agent =>
  new Agent({ name, model: new ScriptedModel(steps) });

test('agents, turns, responses, tools, a handoff, a guardrail and the spans of the user', async () => {
  settings().capture = 'full';
  server.reply(
    { json: answerOf('resp_1', called('c1', 'price', { line: '28' })) },
    { json: answerOf('resp_2', called('c2', 'transfer_to_writer', {})) },
    { json: answerOf('resp_3', said('1.85 EUR.')) },
  );
  const writer = new Agent({ name: 'writer', model: responses() });
  const clerk = new Agent({
    name: 'clerk',
    instructions: 'Be short.',
    model: responses(),
    tools: [price],
    handoffs: [handoff(writer)],
    inputGuardrails: [polite],
  });
  const result = await withTrace('tickets', () => runAgent(clerk, 'What does a ticket cost?'), {
    groupId: 'group_7',
    metadata: { tier: 'gold' },
  });
  expect(result.finalOutput).toBe('1.85 EUR.');
  await expect(`${recording.tree()}\n`).toMatchFileSnapshot(golden('tree'));
  await expect(spanText()).toMatchFileSnapshot(golden('spans'));
});

const attributesOf = (name: string) => recording.span(name).attributes;
/** A trace that throws is over a moment later: the library does not tell. */
const whole = () => vi.waitFor(() => recording.span('invoke_workflow Agent workflow'));
const llmSpans = () =>
  recording.spans().filter(({ attributes }) => attributes['orchescope.kind'] === 'llm');
const asks = (model: Model): Agent => new Agent({ name: 'clerk', model });

test.each([
  ['off', 0],
  ['metadata', 0],
  ['full', 1],
] as const)('with capture %s the words are in %i spans', async (capture, spans) => {
  settings().capture = capture;
  server.reply({ json: completion('private words') });
  await runAgent(asks(chat()), 'private words');
  const telling = recording
    .spans()
    .filter(({ attributes }) => JSON.stringify(attributes).includes('private words'));
  expect(telling.length).toBe(spans);
  expect(llmSpans()[0]?.attributes).toMatchObject({
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.response.model': 'gpt-5-mini-2025-08-07',
    'gen_ai.response.id': 'chatcmpl-1',
    'gen_ai.usage.input_tokens': 30,
    'gen_ai.usage.output_tokens': 8,
  });
});

const responseEvents = (): string[] =>
  namedEvents(
    { type: 'response.created', response: answerOf('resp_1') } as never,
    {
      type: 'response.output_text.delta',
      output_index: 0,
      item_id: 'msg_1',
      delta: 'yes',
    } as never,
    { type: 'response.completed', response: answerOf('resp_1', said('yes')) } as never,
  );
const chatEvents = (): string[] =>
  dataEvents(
    {
      id: 'chatcmpl-1',
      model: 'gpt-5-mini-2025-08-07',
      choices: [{ index: 0, delta: { content: 'yes' } }],
    },
    {
      id: 'chatcmpl-1',
      model: 'gpt-5-mini-2025-08-07',
      choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
    },
    { ...completion(''), choices: [] },
    '[DONE]',
  );

test.each([
  ['responses', responses, responseEvents, 320],
  ['chat completions', chat, chatEvents, 30],
] as const)('a stream of %s over a traced fetch is one span', async (_, model, events, tokens) => {
  settings().capture = 'full';
  server.reply({ events: events() });
  const stream = await runAgent(asks(model(genaiFetch())), 'hello', { stream: true });
  for await (const event of stream) expect(event).toBeDefined();
  await stream.completed;
  expect(llmSpans()).toHaveLength(1);
  const { attributes } = recording.span('chat gpt-5-mini');
  expect(attributes).toMatchObject({
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.request.stream': true,
    'gen_ai.response.model': 'gpt-5-mini-2025-08-07',
    'gen_ai.response.time_to_first_chunk': expect.any(Number),
    'gen_ai.usage.input_tokens': tokens,
    'server.address': '127.0.0.1',
  });
  expect(attributes['gen_ai.response.finish_reasons']).toEqual(['stop']);
  expect(attributes['gen_ai.output.messages']).toContain('yes');
});

test.each([
  ['responses', responses, responseEvents, 320],
  ['chat completions', chat, chatEvents, 30],
] as const)('a stream of %s is told without a traced fetch', async (_, model, events, tokens) => {
  server.reply({ events: events() });
  const stream = await runAgent(asks(model()), 'hello', { stream: true });
  await stream.completed;
  expect(llmSpans().map(({ attributes }) => attributes['gen_ai.usage.input_tokens'])).toEqual([
    tokens,
  ]);
});

const failing = { status: 500, json: { error: { message: 'try again', type: 'server_error' } } };

test.each([
  ['responses', responses, answerOf('resp_1', said('yes'))],
  ['chat completions', chat, completion('yes')],
] as const)(
  'a call of %s that is tried twice over a traced fetch is one span',
  async (_, model, json) => {
    server.reply({ ...failing, headers: { 'retry-after-ms': '1' } }, { json });
    await runAgent(asks(model(genaiFetch({ fetch: genaiFetch() }))), 'hello');
    const [span, ...others] = llmSpans();
    expect([others, span?.name, span?.status.code]).toEqual([[], 'chat gpt-5-mini', 0]);
    expect(
      span?.events.map(({ name, attributes }) => [name, attributes?.['orchescope.retry.reason']]),
    ).toEqual([['orchescope.retry', '500']]);
  },
);

test('a call is measured once, where spans are not sampled as well', async () => {
  await recording.stop();
  vi.stubEnv('OTEL_TRACES_SAMPLER', 'always_off');
  recording = record();
  vi.unstubAllEnvs();
  server.reply({ json: answerOf('resp_1', said('yes')) });
  await runAgent(asks(responses(genaiFetch())), 'hello');
  expect(recording.spans()).toEqual([]);
  const [tokens] = await recording.points('gen_ai.client.operation.duration');
  expect(tokens).toMatchObject({ value: { count: 1 } });
});

test('without sensitive data the tokens are told and the words are not, whatever we may capture', async () => {
  settings().capture = 'full';
  server.reply({ json: answerOf('resp_1', said('private words')) });
  const runner = new Runner({ traceIncludeSensitiveData: false });
  await runner.run(asks(responses(genaiFetch())), 'private words');
  expect(JSON.stringify(recording.spans().map(({ attributes }) => attributes))).not.toContain(
    'private words',
  );
  expect(attributesOf('chat gpt-5-mini')).toMatchObject({ 'gen_ai.usage.input_tokens': 320 });
});

test('a model that fails fails its span, the turn, the agent and the run', async () => {
  const refused = { error: { message: 'no such model', code: 'model_not_found' } };
  server.reply({ status: 404, json: refused }, { status: 404, json: refused });
  await expect(runAgent(asks(responses()), 'hello')).rejects.toThrow('no such model');
  await whole();
  await expect(runAgent(asks(responses(genaiFetch())), 'hello')).rejects.toThrow('no such model');
  await vi.waitFor(() => expect(recording.spans()).toHaveLength(8));
  const failed = recording
    .spans()
    .map(({ name, status, attributes }) => [name, status.code, attributes['error.type']]);
  const above = [
    ['step turn', 2, '404'],
    ['invoke_agent clerk', 2, '404'],
    ['invoke_workflow Agent workflow', 2, '404'],
  ];
  expect(failed).toEqual([
    ['chat response', 2, '404'],
    ...above,
    ['chat gpt-5-mini', 2, '404'],
    ...above,
  ]);
});

test('a tool that fails fails its span, though the run goes on', async () => {
  const agent = new Agent({
    name: 'clerk',
    tools: [broken],
    model: new ScriptedModel([
      [functionCall('broken', {}, { callId: 'c1' })],
      [assistantMessage('sorry')],
    ]),
  });
  expect((await runAgent(agent, 'hello')).finalOutput).toBe('sorry');
  expect(recording.span('execute_tool broken').status.code).toBe(2);
  expect(attributesOf('execute_tool broken')['error.type']).toBe('ToolError');
  expect(recording.span('invoke_workflow Agent workflow').status.code).toBe(0);
});

const tripwire = {
  name: 'rude',
  execute: async () => ({ tripwireTriggered: true, outputInfo: 'rude' }),
};

test.each([
  ['input', { inputGuardrails: [tripwire] }, 'InputGuardrailTripwireTriggered'],
  ['output', { outputGuardrails: [tripwire] }, 'OutputGuardrailTripwireTriggered'],
])(
  'an %s guardrail that blocks fails the run, and has not failed itself',
  async (_, guardrails, type) => {
    const agent = new Agent({
      name: 'clerk',
      model: new ScriptedModel([[assistantMessage('damn')]]),
      ...guardrails,
    });
    await expect(runAgent(agent, 'damn')).rejects.toThrow('guardrail triggered');
    const guardrail = recording.span('guardrail rude');
    expect([guardrail.status.code, guardrail.attributes]).toEqual([
      0,
      expect.objectContaining({
        'orchescope.guardrail.triggered': true,
        'orchescope.guardrail.action': 'block',
      }),
    ]);
    expect(attributesOf('invoke_agent clerk')['error.type']).toBe(type);
    expect((await whole()).attributes['error.type']).toBe(type);
  },
);

test('a guardrail that throws has failed', async () => {
  const crash = { name: 'crash', execute: () => Promise.reject(new RangeError('no list')) };
  const agent = new Agent({
    name: 'clerk',
    model: new ScriptedModel([[assistantMessage('hi')]]),
    inputGuardrails: [crash],
  });
  await expect(runAgent(agent, 'hello')).rejects.toThrow('no list');
  expect(recording.span('guardrail crash').status.code).toBe(2);
  expect(attributesOf('guardrail crash')).not.toHaveProperty('orchescope.guardrail.action');
});

const handsOver = (...names: readonly string[]): Agent =>
  new Agent({
    name: 'desk',
    handoffs: names.map((name) => scripted(name, [assistantMessage('bye')])),
    model: new ScriptedModel([
      names.map((name) => functionCall(`transfer_to_${name}`, {}, { callId: name })),
    ]),
  });

test('of several handoffs the first is accepted, and the others are refused', async () => {
  await runAgent(handsOver('writer', 'poet'), 'hello');
  const span = recording.span('handoff writer');
  expect(span.attributes).toMatchObject({
    'orchescope.handoff.from': 'desk',
    'orchescope.handoff.to': 'writer',
    'orchescope.handoff.accepted': true,
    'orchescope.handoff.allowed': ['writer', 'poet'],
  });
  expect([span.status.code, span.events.map(({ attributes }) => attributes)]).toEqual([
    0,
    [{ 'orchescope.rejected.by': 'policy', 'orchescope.rejected.target': 'poet' }],
  ]);
});

test('a handoff that throws was not accepted', async () => {
  const onHandoff = () => Promise.reject(new TypeError('away'));
  const agent = new Agent({
    name: 'desk',
    handoffs: [handoff(scripted('writer'), { onHandoff })],
    model: new ScriptedModel([[functionCall('transfer_to_writer', {}, { callId: 'c1' })]]),
  });
  await expect(runAgent(agent, 'hello')).rejects.toThrow('away');
  expect(recording.span('handoff writer').status.code).toBe(2);
  expect(attributesOf('handoff writer')['orchescope.handoff.accepted']).toBe(false);
});

test('an agent as a tool of another stands below that tool', async () => {
  const inner = scripted('inner', [assistantMessage('42')]);
  const outer = new Agent({
    name: 'outer',
    tools: [inner.asTool({ toolName: 'ask', toolDescription: 'asks' })],
    model: new ScriptedModel([
      [functionCall('ask', { input: 'x' }, { callId: 'c1' })],
      [assistantMessage('42')],
    ]),
  });
  await runAgent(outer, 'hello');
  expect(recording.tree()).toBe(
    [
      'invoke_workflow Agent workflow',
      '  invoke_agent outer',
      '    step turn',
      '      execute_tool ask',
      '        invoke_agent inner',
      '          step turn',
      '    step turn',
    ].join('\n'),
  );
});

test('custom spans, and runs that have a name of their own', async () => {
  const runner = new Runner({ workflowName: 'answer' });
  await withTrace('day', () =>
    withCustomSpan(() => runner.run(scripted('clerk', [assistantMessage('hi')]), 'hello'), {
      data: { name: 'morning', data: { hour: 9 } },
    }),
  );
  expect(recording.tree()).toBe(
    [
      'invoke_workflow day',
      '  step morning',
      '    invoke_workflow answer',
      '      invoke_agent clerk',
      '        step turn',
    ].join('\n'),
  );
  const runs = recording.spans().map(({ attributes }) => attributes['orchescope.run.id']);
  expect(new Set(runs).size).toBe(1);
});

const mcpServer = `
  import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
  import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
  const server = new McpServer({ name: 'files', version: '1.0.0' });
  server.registerTool('read', { description: 'reads' }, () => ({ content: [{ type: 'text', text: 'text' }] }));
  await server.connect(new StdioServerTransport());`;

test('the tools of an MCP server, and a call of one', async () => {
  settings().capture = 'full';
  const args = ['--input-type=module', '-e', mcpServer];
  const files = new MCPServerStdio({
    name: 'files',
    command: process.execPath,
    args,
    cwd: import.meta.dirname,
  });
  await files.connect();
  const agent = new Agent({
    name: 'clerk',
    mcpServers: [files],
    model: new ScriptedModel([
      [functionCall('read', {}, { callId: 'c1' })],
      [assistantMessage('text')],
    ]),
  });
  await runAgent(agent, 'hello');
  await files.close();
  const listing = recording
    .spans()
    .find(({ attributes }) => attributes['orchescope.kind'] === 'mcp');
  expect(listing?.attributes).toMatchObject({
    'mcp.method.name': 'tools/list',
    'gen_ai.tool.call.result': '["read"]',
  });
  expect(attributesOf('execute_tool read')['gen_ai.tool.call.result']).toContain('text');
});

test('a failure that the user catches is none of the trace', async () => {
  const away = scripted('away', { type: 'error', error: new TypeError('away') });
  const result = await withTrace('day', async () => {
    await runAgent(away, 'hello').catch(() => {});
    await new Promise((resolve) => setImmediate(resolve));
    return runAgent(scripted('clerk', [assistantMessage('hi')]), 'hello');
  });
  expect(result.finalOutput).toBe('hi');
  expect(recording.span('invoke_workflow day').status.code).toBe(0);
  expect(recording.tree()).toBe(
    [
      'invoke_workflow day',
      '  invoke_agent away',
      '    step turn',
      '  invoke_agent clerk',
      '    step turn',
    ].join('\n'),
  );
});

test('a run that is aborted was cancelled', async () => {
  const controller = new AbortController();
  const started = Promise.withResolvers<void>();
  const model: Model = {
    getResponse: ({ signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
        started.resolve();
      }),
    getStreamedResponse: () => [] as never,
  };
  const running = runAgent(asks(model), 'hello', { signal: controller.signal });
  await started.promise;
  controller.abort();
  await expect(running).rejects.toThrow('aborted');
  expect((await whole()).attributes['orchescope.run.outcome']).toBe('cancelled');
  expect(attributesOf('invoke_agent clerk')['orchescope.outcome']).toBe('cancelled');
});

test('runs at the same time stay apart', async () => {
  const agents = ['a', 'b', 'c'].map(
    (name) =>
      new Agent({
        name,
        tools: [price],
        model: new ScriptedModel([
          [functionCall('price', { line: name }, { callId: name })],
          [assistantMessage(name)],
        ]),
      }),
  );
  await Promise.all(agents.map((agent) => runAgent(agent, 'hello')));
  const tree = (name: string): string =>
    [
      'invoke_workflow Agent workflow',
      `  invoke_agent ${name}`,
      '    step turn',
      '      execute_tool price',
      '        step look up',
      '          step read table',
      '    step turn',
    ].join('\n');
  expect(recording.tree()).toBe(['a', 'b', 'c'].map(tree).join('\n'));
  const runs = recording.spans().map(({ attributes }) => attributes['orchescope.run.id']);
  expect(new Set(runs).size).toBe(3);
});

test("inside a workflow of the user it is the same run, below the user's own span", async () => {
  await run({ kind: 'workflow', name: 'support', runId: 'r1' }, () =>
    run({ kind: 'step', name: 'mine', type: 'stage' }, () =>
      runAgent(scripted('clerk', [assistantMessage('hi')]), 'hello'),
    ),
  );
  expect(recording.tree()).toBe(
    [
      'invoke_workflow support',
      '  step mine',
      '    invoke_workflow Agent workflow',
      '      invoke_agent clerk',
      '        step turn',
    ].join('\n'),
  );
  expect(attributesOf('step turn')['orchescope.run.id']).toBe('r1');
});

test('a run of an agent inside a span of the user inside a tool stands below that span', async () => {
  const inner = scripted('inner', [assistantMessage('42')]);
  const ask = tool({
    name: 'ask',
    description: 'asks',
    parameters: taking(),
    execute: () =>
      run(
        { kind: 'step', name: 'mine', type: 'stage' },
        async () => (await runAgent(inner, 'x')).finalOutput,
      ),
  });
  const outer = new Agent({
    name: 'outer',
    tools: [ask],
    model: new ScriptedModel([
      [functionCall('ask', {}, { callId: 'c1' })],
      [assistantMessage('42')],
    ]),
  });
  await runAgent(outer, 'hello');
  expect(recording.tree().split('\n').slice(3, 6)).toEqual([
    '      execute_tool ask',
    '        step mine',
    '          invoke_agent inner',
  ]);
});

test('an interrupted run goes on as the same run, linked to what it was', async () => {
  const risky = tool({
    name: 'risky',
    description: 'must be approved',
    parameters: taking(),
    needsApproval: true,
    execute: async () => 'done',
  });
  const agent = new Agent({
    name: 'clerk',
    tools: [risky],
    model: new ScriptedModel([
      [functionCall('risky', {}, { callId: 'c1' })],
      [assistantMessage('ok')],
    ]),
  });
  const { state, interruptions } = await runAgent(agent, 'hello');
  for (const asked of interruptions) state.approve(asked);
  expect((await runAgent(agent, state)).finalOutput).toBe('ok');
  const [before, after, ...more] = recording
    .spans()
    .filter(({ name }) => name.startsWith('invoke_workflow'));
  expect(more).toEqual([]);
  expect(before?.attributes['orchescope.run.id']).toMatch(/^trace_/);
  expect(after?.attributes['orchescope.run.id']).toBe(before?.attributes['orchescope.run.id']);
  expect(after?.links.map(({ context, attributes }) => [context.spanId, attributes])).toEqual([
    [before?.spanContext().spanId, { 'orchescope.link.rel': 'resumes' }],
  ]);
});

test('a span that nobody ends is abandoned when its trace is over', async () => {
  await withTrace('day', async () =>
    createCustomSpan({ data: { name: 'left', data: {} } }).start(),
  );
  expect(recording.spans().map(({ name }) => name)).toEqual(['invoke_workflow day']);
  await getGlobalTraceProvider().forceFlush();
  expect(attributesOf('step left')['orchescope.outcome']).toBe('abandoned');
});

test('a span that ends a moment after its trace has not been abandoned', async () => {
  const late = await withTrace('day', async () => {
    const span = createCustomSpan({ data: { name: 'late', data: {} } });
    span.start();
    return span;
  });
  late.end();
  await vi.waitFor(() => recording.span('step late'));
  expect(attributesOf('step late')).not.toHaveProperty('orchescope.outcome');
});

test('a stream that is left before its end leaves no span open', async () => {
  server.reply({ events: responseEvents() });
  const stream = await runAgent(asks(responses(genaiFetch())), 'hello', { stream: true });
  for await (const event of stream) {
    expect(event).toBeDefined();
    break;
  }
  await whole();
  expect(llmSpans()).toHaveLength(1);
});

test('without the context manager of ours as well', async () => {
  await recording.stop();
  recording = record(new InMemorySpanExporter(), new AsyncLocalStorageContextManager());
  const agent = new Agent({
    name: 'clerk',
    tools: [price],
    model: new ScriptedModel([
      [functionCall('price', { line: '28' }, { callId: 'c1' })],
      [assistantMessage('hi')],
    ]),
  });
  await run({ kind: 'workflow', name: 'around' }, () => runAgent(agent, 'hello'));
  expect(recording.tree()).toBe(
    [
      'invoke_workflow around',
      '  invoke_workflow Agent workflow',
      '    invoke_agent clerk',
      '      step turn',
      '        execute_tool price',
      '          step look up',
      '            step read table',
      '      step turn',
    ].join('\n'),
  );
});

test('given twice it makes one span, and set anew it stays', async () => {
  addTraceProcessor(openaiAgents());
  setTraceProcessors([]);
  await runAgent(scripted('clerk', [assistantMessage('hi')]), 'hello');
  expect(recording.tree()).toBe(
    'invoke_workflow Agent workflow\n  invoke_agent clerk\n    step turn',
  );
});

const throwing = new Proxy(
  {},
  {
    get: () => {
      throw new Error('hostile');
    },
  },
);

test.each([
  undefined,
  null,
  7,
  {},
  throwing,
  { traceId: 't', spanId: 's', spanData: throwing, error: throwing },
])('whatever it is told, it does not throw (%#)', async (given) => {
  const processor = openaiAgents();
  await processor.onTraceStart(given);
  await processor.onSpanStart(given);
  await processor.onSpanEnd(given);
  await processor.onTraceEnd(given);
  await processor.forceFlush();
  expect(recording.spans().length).toBeLessThanOrEqual(2);
});
