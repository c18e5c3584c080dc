import { OpenTelemetry } from '@ai-sdk/otel';
import {
  createJsonResponseHandler,
  postJsonToApi,
  createJsonErrorResponseHandler,
} from '@ai-sdk/provider-utils';
import { embed, embedMany, generateText, jsonSchema, streamText, tool } from 'ai';
import { MockEmbeddingModelV4, MockLanguageModelV4 } from 'ai/test';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../index.ts';
import { startModelServer, type ModelServer } from '../test/model-server.ts';
import { record, type Recording } from '../test/record.ts';
import { toSpanText } from '../test/span-text.ts';
import { genaiFetch } from './genai-fetch.ts';

// The AI SDK makes the spans; these tests hold down what it sends, and that nothing of ours comes on top.
let recording: Recording;
let server: ModelServer;
const holder = globalThis as { AI_SDK_TELEMETRY_INTEGRATIONS?: unknown[] };

beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());
beforeEach(() => {
  recording = record();
  holder.AI_SDK_TELEMETRY_INTEGRATIONS = [new OpenTelemetry({ agentSpanName: 'functionId' })];
});
afterEach(async () => {
  delete holder.AI_SDK_TELEMETRY_INTEGRATIONS;
  await recording.stop();
});

/** What a provider of the AI SDK does: its own helper, with the headers it was given. */
const post = (
  path: string,
  body: object,
  headers: Readonly<Record<string, string | undefined>> | undefined,
): Promise<unknown> =>
  postJsonToApi({
    url: `${server.url}${path}`,
    headers: { ...headers },
    body,
    fetch: genaiFetch(),
    successfulResponseHandler: createJsonResponseHandler(jsonSchema({})),
    failedResponseHandler: createJsonErrorResponseHandler({
      errorSchema: jsonSchema({}),
      errorToMessage: String,
    }),
  });

const usage = {
  inputTokens: { total: 20, noCache: 12, cacheRead: 8, cacheWrite: 0 },
  outputTokens: { total: 9, text: 5, reasoning: 4 },
};

const turns = [
  [{ type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: '{}' } as const],
  [{ type: 'text', text: 'clear' } as const],
];

const talker = (): MockLanguageModelV4 => {
  let turn = 0;
  return new MockLanguageModelV4({
    doGenerate: async ({ headers }) => {
      server.reply({ json: { choices: [] } });
      await post('/v1/chat/completions', { model: 'm', messages: [] }, headers);
      const content = turns[turn++] ?? [];
      const unified = turn === 1 ? 'tool-calls' : 'stop';
      return {
        content: [...content],
        finishReason: { unified, raw: unified },
        usage,
        warnings: [],
      };
    },
  });
};

const embedder = new MockEmbeddingModelV4({
  doEmbed: async ({ values, headers }) => {
    server.reply({ json: { data: [] } });
    await post('/v1/embeddings', { model: 'm', input: values }, headers);
    return { embeddings: values.map(() => [1]), usage: { tokens: 4 }, warnings: [] };
  },
});

test('steps, calls and tools are its spans; a request below a call is none of ours', async () => {
  const weather = tool({
    inputSchema: jsonSchema({ type: 'object' }),
    execute: async () => run({ kind: 'retrieval', name: 'sky' }, () => 'clear'),
  });
  const stopWhen = ({ steps }: { steps: readonly unknown[] }): boolean => steps.length === 2;
  await generateText({
    model: talker(),
    prompt: 'x',
    tools: { weather },
    stopWhen,
    telemetry: { functionId: 'forecaster' },
  });
  expect(recording.tree()).toBe(
    [
      'invoke_agent forecaster',
      '  step 1',
      '    chat mock-model-id',
      '    execute_tool weather',
      '      retrieval sky',
      '  step 2',
      '    chat mock-model-id',
    ].join('\n'),
  );
  expect(server.requests.length).toBeGreaterThan(1);
});

test('embeddings are an outer and an inner span, tokens on the inner alone', async () => {
  await run({ kind: 'agent', name: 'caller' }, async () => {
    await embed({ model: embedder, value: 'x' });
    await embedMany({ model: embedder, values: ['x', 'y'] });
  });
  await expect(toSpanText(recording.spans())).toMatchFileSnapshot(
    '../test/golden/ai-sdk/embed.txt',
  );
});

test('without its telemetry the same requests are ours', async () => {
  delete holder.AI_SDK_TELEMETRY_INTEGRATIONS;
  await embed({ model: embedder, value: 'x' });
  await generateText({ model: talker(), prompt: 'x' });
  expect(recording.tree()).toBe('embeddings m\nchat m');
});

test('an aborted stream ends all its spans, none of them failed', async () => {
  const stop = new AbortController();
  const model = new MockLanguageModelV4({
    doStream: async ({ abortSignal }) => ({
      stream: new ReadableStream({
        start(controller) {
          controller.enqueue({ type: 'stream-start', warnings: [] });
          controller.enqueue({ type: 'text-start', id: 't' });
          controller.enqueue({ type: 'text-delta', id: 't', delta: 'Hel' });
          abortSignal?.addEventListener('abort', () => controller.error(abortSignal.reason));
        },
      }),
    }),
  });
  const telemetry = { functionId: 'writer' };
  const { textStream } = streamText({ model, prompt: 'x', abortSignal: stop.signal, telemetry });
  for await (const _ of textStream) stop.abort();
  await vi.waitFor(() => expect(recording.spans()).toHaveLength(3));
  await expect(toSpanText(recording.spans())).toMatchFileSnapshot(
    '../test/golden/ai-sdk/abort.txt',
  );
});
