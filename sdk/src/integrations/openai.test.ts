import OpenAI, { AzureOpenAI } from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { run } from '../index.ts';
import {
  dataEvents,
  namedEvents,
  startModelServer,
  type ModelServer,
  type Reply,
} from '../test/model-server.ts';
import { record, type Recording } from '../test/record.ts';
import { toSpanText } from '../test/span-text.ts';
import { settings } from '../settings.ts';
import { genaiFetch } from './genai-fetch.ts';

let recording: Recording;
let server: ModelServer;

beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());
beforeEach(() => {
  recording = record();
});
afterEach(() => recording.stop());

const client = (fetch: typeof globalThis.fetch): OpenAI =>
  new OpenAI({ apiKey: 'sk-test', baseURL: `${server.url}/v1`, fetch, maxRetries: 2 });

const usage = {
  prompt_tokens: 20,
  completion_tokens: 9,
  total_tokens: 29,
  prompt_tokens_details: { cached_tokens: 8 },
  completion_tokens_details: { reasoning_tokens: 4 },
};

const completion = (message: object, finish_reason = 'stop'): Reply => ({
  json: {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-6-2026-10-01',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
    usage,
  },
});

const toolCalls = [
  { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Lisbon"}' } },
];

const chunk = (delta: object, finish_reason: string | null = null): object => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt-6-2026-10-01',
  choices: [{ index: 0, delta, finish_reason }],
});

const chunks = [
  chunk({ role: 'assistant', content: 'Hel' }),
  chunk({ content: 'lo' }),
  chunk({}, 'stop'),
  { ...chunk({}), choices: [], usage },
];

const streamed: Reply = { events: dataEvents(...chunks, '[DONE]') };

const toolStream: Reply = {
  events: dataEvents(
    chunk({
      tool_calls: [{ index: 0, ...toolCalls[0], function: { name: 'weather', arguments: '' } }],
    }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '"Lisbon"}' } }] }),
    chunk({}, 'tool_calls'),
    '[DONE]',
  ),
};

const response = {
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: 'gpt-6-2026-10-01',
  status: 'completed',
  output: [
    { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Greet.' }] },
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Hello', annotations: [] }],
    },
  ],
  usage: {
    input_tokens: 20,
    output_tokens: 9,
    total_tokens: 29,
    input_tokens_details: { cached_tokens: 8 },
    output_tokens_details: { reasoning_tokens: 4 },
  },
};

const responseEvents: Reply = {
  events: namedEvents(
    {
      type: 'response.created',
      response: { ...response, status: 'in_progress', output: [], usage: null },
    } as never,
    {
      type: 'response.output_text.delta',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      delta: 'Hello',
    } as never,
    { type: 'response.completed', response } as never,
  ),
};

const error = (status: number, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  json: { error: { message: `no: ${status}`, type: 'requests', code: null } },
});

const ask = { model: 'gpt-6', messages: [{ role: 'user' as const, content: 'Hi' }] };

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};

const weather = {
  type: 'function' as const,
  function: {
    name: 'weather',
    description: 'Weather of a city',
    parameters: { type: 'object' as const, properties: { city: { type: 'string' as const } } },
    parse: JSON.parse,
    function: ({ city }: { city: string }) => `${city}: clear`,
  },
};

type Scenario = {
  readonly name: string;
  readonly replies: readonly Reply[];
  readonly use: (openai: OpenAI) => Promise<unknown>;
};

const scenarios: readonly Scenario[] = [
  {
    name: 'create',
    replies: [completion({ content: 'Hello' })],
    use: (openai) =>
      openai.chat.completions.create({
        ...ask,
        temperature: 0.2,
        max_completion_tokens: 50,
        seed: 7,
      }),
  },
  {
    name: 'tools in an answer',
    replies: [completion({ content: null, tool_calls: toolCalls }, 'tool_calls')],
    use: (openai) =>
      openai.chat.completions.create({
        ...ask,
        tools: [{ type: 'function', function: { name: 'weather' } }],
      }),
  },
  {
    name: 'create with stream',
    replies: [streamed],
    use: async (openai) =>
      all(
        await openai.chat.completions.create({
          ...ask,
          stream: true,
          stream_options: { include_usage: true },
        }),
      ),
  },
  {
    name: 'tools in a stream',
    replies: [toolStream],
    use: async (openai) => all(await openai.chat.completions.create({ ...ask, stream: true })),
  },
  {
    name: 'withResponse',
    replies: [completion({ content: 'Hello' })],
    use: async (openai) => {
      const { data, response, request_id } = await openai.chat.completions
        .create(ask)
        .withResponse();
      return [
        data,
        response.status,
        response.url,
        response.headers.get('content-type'),
        request_id,
      ];
    },
  },
  {
    name: 'asResponse',
    replies: [completion({ content: 'Hello' })],
    use: async (openai) => {
      const response = await openai.chat.completions.create(ask).asResponse();
      const copy = response.clone();
      return [await response.text(), await copy.text(), response.url, response.ok, response.type];
    },
  },
  {
    name: 'parse',
    replies: [completion({ content: '{"city":"Lisbon"}' })],
    use: (openai) =>
      openai.chat.completions.parse({
        ...ask,
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'place', schema: { type: 'object' }, strict: true },
        },
      }),
  },
  {
    name: 'stream helper',
    replies: [streamed],
    use: async (openai) => {
      const stream = openai.chat.completions.stream({
        ...ask,
        stream_options: { include_usage: true },
      });
      const seen = await all(stream);
      return [seen, await stream.finalContent(), await stream.totalUsage()];
    },
  },
  {
    name: 'runTools',
    replies: [
      completion({ content: null, tool_calls: toolCalls }, 'tool_calls'),
      completion({ content: 'It is clear.' }),
    ],
    use: async (openai) => {
      const runner = openai.chat.completions.runTools({ ...ask, tools: [weather] });
      return [await runner.finalContent(), runner.messages];
    },
  },
  {
    name: 'retries',
    replies: [
      error(429, { 'retry-after-ms': '1' }),
      error(503, { 'retry-after-ms': '1' }),
      completion({ content: 'Hello' }),
    ],
    use: (openai) => openai.chat.completions.create(ask),
  },
  {
    name: 'retries that never succeed',
    replies: [1, 2, 3].map(() => error(500, { 'retry-after-ms': '1' })),
    use: (openai) => openai.chat.completions.create(ask),
  },
  {
    name: 'a bad request',
    replies: [error(400)],
    use: (openai) => openai.chat.completions.create(ask),
  },
  {
    name: 'abort before the answer',
    replies: [{ hang: true }],
    use: (openai) => {
      const stop = new AbortController();
      const asked = openai.chat.completions.create(ask, { signal: stop.signal });
      setImmediate(() => stop.abort());
      return asked;
    },
  },
  {
    name: 'break in the middle of a stream',
    replies: [{ events: dataEvents(...chunks), ending: 'hang' }],
    use: async (openai) => {
      for await (const first of await openai.chat.completions.create({ ...ask, stream: true }))
        return first;
      return 'nothing';
    },
  },
  {
    name: 'a stream whose connection breaks',
    replies: [{ events: dataEvents(...chunks.slice(0, 2)), ending: 'break' }],
    use: async (openai) => all(await openai.chat.completions.create({ ...ask, stream: true })),
  },
  {
    name: 'a stream that says it failed',
    replies: [
      { events: dataEvents(chunks[0], { error: { message: 'overloaded', code: 'server_error' } }) },
    ],
    use: async (openai) => all(await openai.chat.completions.create({ ...ask, stream: true })),
  },
  {
    name: 'embeddings',
    replies: [
      {
        json: {
          object: 'list',
          model: 'text-embedding-4',
          data: [{ object: 'embedding', index: 0, embedding: [0.5, 0.25] }],
          usage: { prompt_tokens: 6, total_tokens: 6 },
        },
      },
    ],
    use: (openai) =>
      openai.embeddings.create({
        model: 'text-embedding-4',
        input: 'Hi',
        dimensions: 2,
        encoding_format: 'float',
      }),
  },
  {
    name: 'responses',
    replies: [{ json: response }],
    use: (openai) =>
      openai.responses.create({
        model: 'gpt-6',
        input: 'Hi',
        instructions: 'Be kind.',
        reasoning: { effort: 'low' },
      }),
  },
  {
    name: 'responses with stream',
    replies: [responseEvents],
    use: async (openai) =>
      all(await openai.responses.create({ model: 'gpt-6', input: 'Hi', stream: true })),
  },
  {
    name: 'a response that failed',
    replies: [
      {
        events: namedEvents(
          { type: 'response.created', response } as never,
          {
            type: 'response.failed',
            response: {
              ...response,
              status: 'failed',
              error: { code: 'server_error', message: 'no' },
            },
          } as never,
        ),
      },
    ],
    use: async (openai) =>
      all(await openai.responses.create({ model: 'gpt-6', input: 'Hi', stream: true })),
  },
  {
    name: 'a custom tool',
    replies: [
      completion(
        { tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'sql', input: 'select 1' } }] },
        'tool_calls',
      ),
    ],
    use: (openai) => openai.chat.completions.create(ask),
  },
  {
    name: 'responses stream helper',
    replies: [responseEvents],
    use: async (openai) => {
      const stream = openai.responses.stream({ model: 'gpt-6', input: 'Hi' });
      return [(await all(stream)).length, await stream.finalResponse()];
    },
  },
  {
    name: 'a request to something else',
    replies: [{ json: { object: 'list', data: [] } }],
    use: (openai) => openai.models.list(),
  },
];

/** What came out, whether a value or an error, in a form that can be compared. */
const outcome = async (asked: Promise<unknown>): Promise<unknown> => {
  try {
    return JSON.parse(JSON.stringify({ value: await asked }));
  } catch (error) {
    const { name, message, status } = error as Error & { status?: number };
    return { name, message, status, kind: error?.constructor.name };
  }
};

const use = ({ replies, use }: Scenario, fetch: typeof globalThis.fetch): Promise<unknown> => {
  server.reply(...replies);
  return run({ kind: 'agent', name: 'caller' }, () => outcome(use(client(fetch))));
};

test.each(scenarios)('$name: the client gives the same with and without', async (scenario) => {
  const plain = await use(scenario, globalThis.fetch);
  expect(await use(scenario, genaiFetch())).toEqual(plain);
});

test.each(scenarios)('$name: the spans are those of the golden file', async (scenario) => {
  settings().capture = 'full';
  await use(scenario, genaiFetch());
  // Ended by the time the caller has its answer, or a flush right after would miss it.
  const spans = recording.spans();
  const file = `../test/golden/openai/${scenario.name.replaceAll(' ', '-')}.txt`;
  await expect(toSpanText(spans)).toMatchFileSnapshot(file);
});

test('content stays here unless capture is full; names of tools are told', async () => {
  server.reply(completion({ content: 'private words', tool_calls: toolCalls }, 'tool_calls'));
  await client(genaiFetch()).chat.completions.create({
    model: 'gpt-6',
    messages: [{ role: 'user', content: 'private words' }],
  });
  const { attributes } = recording.span('chat gpt-6');
  expect(JSON.stringify(attributes)).not.toMatch(/private words|Lisbon/);
  expect(attributes['orchescope.response.tool_calls']).toEqual(['weather']);
});

test('inside an inference span of someone else there is no second one', async () => {
  server.reply(completion({ content: 'Hello' }));
  await run({ kind: 'llm', name: 'mine', model: 'gpt-6' }, () =>
    client(genaiFetch({ fetch: genaiFetch() })).chat.completions.create(ask),
  );
  expect(recording.tree()).toBe('chat gpt-6');
  expect(recording.span('chat gpt-6').attributes['orchescope.name']).toBe('mine');
});

test('one wrapper in another makes one span', async () => {
  server.reply(completion({ content: 'Hello' }));
  await client(genaiFetch({ fetch: genaiFetch() })).chat.completions.create(ask);
  expect(recording.tree()).toBe('chat gpt-6');
});

test('the duration, the tokens and the time to the first chunk are measured', async () => {
  server.reply(streamed);
  await all(await client(genaiFetch()).chat.completions.create({ ...ask, stream: true }));
  const tokens = await recording.points('gen_ai.client.token.usage');
  expect(tokens.map(({ attributes }) => attributes['gen_ai.token.type'])).toEqual([
    'input',
    'output',
  ]);
  expect(await recording.points('gen_ai.client.operation.duration')).toHaveLength(1);
  expect(await recording.points('gen_ai.client.operation.time_to_first_chunk')).toHaveLength(1);
});

test('Azure has the model in the path', async () => {
  server.reply(completion({ content: 'Hello' }));
  const azure = new AzureOpenAI({
    apiKey: 'key',
    endpoint: server.url,
    deployment: 'my-gpt',
    apiVersion: '2026-01-01',
    fetch: genaiFetch({ provider: 'azure.ai.openai' }),
  });
  await azure.chat.completions.create({ model: 'my-gpt', messages: ask.messages });
  expect(recording.span('chat my-gpt').attributes['gen_ai.provider.name']).toBe('azure.ai.openai');
});

test('a server that is not there is an error with a code', async () => {
  const gone = await startModelServer();
  await gone.close();
  const fetch = genaiFetch();
  const openai = new OpenAI({ apiKey: 'k', baseURL: `${gone.url}/v1`, maxRetries: 0, fetch });
  await expect(openai.chat.completions.create(ask)).rejects.toThrow('Connection error');
  expect(recording.span('chat gpt-6').attributes['error.type']).toBe('ECONNREFUSED');
});
