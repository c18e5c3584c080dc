import {
  Agent,
  run as runAgent,
  Runner,
  Usage,
  withGenerationSpan,
  type Model,
} from '@openai/agents';
import { assistantMessage } from '@openai/agents/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { settings } from '../settings.ts';
import { startModelServer, type ModelServer } from '../test/model-server.ts';
import { asks, modelsAt, price, traceAgents, type MakeModel } from '../test/openai-agents.ts';
import {
  answerOf,
  called,
  chatEvents,
  completion,
  responseEvents,
  said,
} from '../test/openai-replies.ts';
import { record, type Recording } from '../test/record.ts';
import { genaiFetch } from './genai-fetch.ts';

let recording: Recording;
let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
  traceAgents();
});
afterAll(() => server.close());
beforeEach(() => {
  recording = record();
});
afterEach(() => recording.stop());

const responses: MakeModel = (fetch) => modelsAt(server.url).responses(fetch);
const chat: MakeModel = (fetch) => modelsAt(server.url).chat(fetch);

const attributesOf = (name: string) => recording.span(name).attributes;

/** A trace that throws is over a moment later: the library does not tell. */
const whole = () => vi.waitFor(() => recording.span('invoke_workflow Agent workflow'));

const llmSpans = () =>
  recording.spans().filter(({ attributes }) => attributes['orchescope.kind'] === 'llm');

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

test('what the adapter for models of the AI SDK tells is read as well', async () => {
  settings().capture = 'full';
  const model: Model = {
    getResponse: () =>
      withGenerationSpan(async ({ spanData }) => {
        Object.assign(spanData, {
          model: 'openai.chat:gpt-6',
          model_config: { provider: 'openai.chat', model_impl: 'ai-sdk' },
          input: [
            { role: 'user', content: [{ type: 'text', text: 'How warm?' }] },
            {
              role: 'assistant',
              content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: {} }],
            },
            {
              role: 'tool',
              content: [
                { type: 'tool-result', toolCallId: 'c1', output: { type: 'text', value: '21' } },
              ],
            },
          ],
          output: [assistantMessage('21 degrees')],
          usage: { input_tokens: 7, output_tokens: 3 },
        });
        return { usage: new Usage(), output: [assistantMessage('21 degrees')] };
      }),
    getStreamedResponse: () => [] as never,
  };
  await runAgent(asks(model), 'How warm?');
  const { attributes } = recording.span('chat gpt-6');
  expect(attributes).toMatchObject({
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-6',
    'gen_ai.usage.input_tokens': 7,
    'gen_ai.output.messages': JSON.stringify([
      { role: 'assistant', parts: [{ type: 'text', content: '21 degrees' }] },
    ]),
  });
  expect(JSON.parse(String(attributes['gen_ai.input.messages']))).toEqual([
    { role: 'user', parts: [{ type: 'text', content: 'How warm?' }] },
    { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'look', arguments: {} }] },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: '21' }] },
  ]);
});

test('spans of the user in a tool of a streamed run stand below that tool', async () => {
  server.reply(
    { events: responseEvents(called('c1', 'price', { line: '28' })) },
    { events: responseEvents(said('1.85 EUR')) },
  );
  const agent = new Agent({ name: 'clerk', model: responses(genaiFetch()), tools: [price] });
  const stream = await runAgent(agent, 'hello', { stream: true });
  for await (const event of stream) expect(event).toBeDefined();
  await stream.completed;
  await whole();
  expect(recording.tree()).toBe(
    [
      'invoke_workflow Agent workflow',
      '  invoke_agent clerk',
      '    step turn',
      '      chat gpt-5-mini',
      '      execute_tool price',
      '        step look up',
      '          step read table',
      '    step turn',
      '      chat gpt-5-mini',
    ].join('\n'),
  );
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
