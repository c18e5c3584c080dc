import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { GoogleGenAI, Type } from '@google/genai';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../index.ts';
import { settings } from '../settings.ts';
import {
  dataEvents,
  startModelServer,
  type ModelServer,
  type Reply,
} from '../test/model-server.ts';
import { record, type Recording } from '../test/record.ts';
import { toSpanText } from '../test/span-text.ts';
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

const model = 'gemini-3-flash';

const answer = (parts: readonly object[], finishReason?: string): object => ({
  responseId: 'r_1',
  modelVersion: 'gemini-3-flash-001',
  candidates: [
    { index: 0, content: { role: 'model', parts }, ...(finishReason && { finishReason }) },
  ],
  usageMetadata: {
    promptTokenCount: 20,
    cachedContentTokenCount: 8,
    candidatesTokenCount: 5,
    thoughtsTokenCount: 4,
    totalTokenCount: 29,
  },
});

const words = [
  answer([{ text: 'Think.', thought: true }]),
  answer([{ text: 'Hel' }]),
  answer([{ text: 'lo' }], 'STOP'),
];

const call = answer(
  [{ functionCall: { id: 'c1', name: 'weather', args: { city: 'Lisbon' } } }],
  'STOP',
);

const weather = {
  name: 'weather',
  parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } } },
};

type Scenario = {
  readonly name: string;
  readonly replies: readonly Reply[];
  readonly use: (gemini: GoogleGenAI) => Promise<unknown>;
};

const scenarios: readonly Scenario[] = [
  {
    name: 'generateContent',
    replies: [{ json: answer([{ text: 'Hello' }], 'STOP') }],
    use: (gemini) =>
      gemini.models.generateContent({
        model,
        contents: 'Hi',
        config: { temperature: 0.2, topK: 3, maxOutputTokens: 50, systemInstruction: 'Be kind.' },
      }),
  },
  {
    name: 'a function call',
    replies: [{ json: call }],
    use: (gemini) =>
      gemini.models.generateContent({
        model,
        contents: 'Weather?',
        config: { tools: [{ functionDeclarations: [weather] }] },
      }),
  },
  {
    name: 'a stream',
    replies: [{ events: dataEvents(...words) }],
    use: async (gemini) => {
      const texts: unknown[] = [];
      for await (const one of await gemini.models.generateContentStream({ model, contents: 'Hi' }))
        texts.push(one);
      return texts;
    },
  },
  {
    name: 'a chat',
    replies: [
      { json: answer([{ text: 'Hello' }], 'STOP') },
      { json: answer([{ text: 'Bye' }], 'STOP') },
    ],
    use: async (gemini) => {
      const chat = gemini.chats.create({ model });
      return [await chat.sendMessage({ message: 'Hi' }), await chat.sendMessage({ message: 'Go' })];
    },
  },
  {
    name: 'retries',
    replies: [
      { status: 503, json: { error: { code: 503, message: 'busy', status: 'UNAVAILABLE' } } },
      { json: answer([{ text: 'Hello' }], 'STOP') },
    ],
    use: (gemini) =>
      gemini.models.generateContent({
        model,
        contents: 'Hi',
        config: { httpOptions: { retryOptions: { attempts: 2, initialDelay: 0.001, jitter: 0 } } },
      }),
  },
  {
    name: 'a bad request',
    replies: [
      { status: 400, json: { error: { code: 400, message: 'bad', status: 'INVALID_ARGUMENT' } } },
    ],
    use: (gemini) => gemini.models.generateContent({ model, contents: 'Hi' }),
  },
  {
    name: 'embeddings',
    replies: [{ json: { embeddings: [{ values: [0.5, 0.25] }] } }],
    use: (gemini) =>
      gemini.models.embedContent({
        model: 'gemini-embedding-001',
        contents: ['Hi'],
        config: { outputDimensionality: 2 },
      }),
  },
];

const outcome = async (asked: Promise<unknown>): Promise<unknown> => {
  try {
    return JSON.parse(JSON.stringify({ value: await asked }), (key, value: unknown) =>
      key === 'date' ? '<date>' : value,
    );
  } catch (error) {
    const { name, message, status } = error as Error & { status?: number };
    return { name, message, status };
  }
};

const use = ({ replies, use }: Scenario, fetch: typeof globalThis.fetch): Promise<unknown> => {
  server.reply(...replies);
  const gemini = new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: server.url, fetch } });
  return run({ kind: 'agent', name: 'caller' }, () => outcome(use(gemini)));
};

test.each(scenarios)('$name: the client gives the same with and without', async (scenario) => {
  const plain = await use(scenario, globalThis.fetch);
  expect(await use(scenario, genaiFetch())).toEqual(plain);
});

test.each(scenarios)('$name: the spans are those of the golden file', async (scenario) => {
  settings().capture = 'full';
  await use(scenario, genaiFetch());
  const file = `../test/golden/google-genai/${scenario.name.replaceAll(' ', '-')}.txt`;
  await expect(toSpanText(recording.spans())).toMatchFileSnapshot(file);
});

test('content stays here unless capture is full', async () => {
  await use({ ...scenarios[1], replies: [{ json: call }] } as Scenario, genaiFetch());
  const { attributes } = recording.span(`generate_content ${model}`);
  expect(JSON.stringify(attributes)).not.toMatch(/Weather\?|Lisbon/);
  expect(attributes['orchescope.response.tool_calls']).toEqual(['weather']);
});

test('a stream that is left in the middle ends as abandoned, with what it said so far', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const leave = async (gemini: GoogleGenAI): Promise<unknown> => {
    for await (const one of await gemini.models.generateContentStream({ model, contents: 'Hi' }))
      return one;
    return 'nothing';
  };
  await use({ name: '', replies: [{ events: dataEvents(...words) }], use: leave }, genaiFetch());
  await vi.waitFor(() => {
    gc();
    expect(recording.span(`generate_content ${model}`).attributes).toMatchObject({
      'orchescope.outcome': 'abandoned',
      'gen_ai.response.id': 'r_1',
    });
  });
});
