import { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { context, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { settings } from '../settings.ts';
import { dataEvents } from '../test/model-server.ts';
import { record, type Recording } from '../test/record.ts';
import { findApi, providerOf } from './genai-endpoints.ts';
import { genaiFetch, type Fetch } from './genai-fetch.ts';
import { openaiUsage } from './openai-usage.ts';
import { retryAfterMs } from './genai-attempts.ts';

let recording: Recording;

beforeEach(() => {
  recording = record();
});
afterEach(() => recording.stop());

const chat = 'https://api.openai.com/v1/chat/completions';
const asked = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] });
const answer = { id: 'c', model: 'm', choices: [{ finish_reason: 'stop', message: {} }] };

const answering =
  (make: () => Response): Fetch =>
  async () =>
    make();

const post = (
  make: () => Response,
  init: RequestInit = {},
  address: string | URL | Request = chat,
): Promise<Response> =>
  genaiFetch({ fetch: answering(make) })(address, { method: 'POST', body: asked, ...init });

const spans = (): string[] => recording.spans().map(({ name }) => name);

test.each([
  ['https://api.openai.com/v1/chat/completions', 'chat.completions', 'openai'],
  ['https://api.groq.com/openai/v1/chat/completions', 'chat.completions', 'groq'],
  ['https://openrouter.ai/api/v1/chat/completions', 'chat.completions', 'openrouter'],
  ['http://localhost:11434/v1/chat/completions', 'chat.completions', 'ollama'],
  ['http://10.0.0.1:8000/v1/chat/completions', 'chat.completions', 'openai'],
  ['https://x.openai.azure.com/openai/v1/responses?api-version=1', 'responses', 'azure.ai.openai'],
  ['https://api.openai.com/v1/embeddings', 'embeddings', 'openai'],
  ['https://api.anthropic.com/v1/messages?beta=true', 'messages', 'anthropic'],
  [
    'https://generativelanguage.googleapis.com/v1beta/models/g:generateContent',
    'generateContent',
    'gcp.gemini',
  ],
  [
    'https://us-central1-aiplatform.googleapis.com/v1/projects/p/models/g:streamGenerateContent?alt=sse',
    'generateContent',
    'gcp.vertex_ai',
  ],
])('%s is %s of %s', (address, name, provider) => {
  const found = findApi(address);
  expect(found && [found.api.name, providerOf(found.url, found.api)]).toEqual([name, provider]);
});

test.each([
  'https://api.openai.com/v1/models',
  'https://api.openai.com/v1/chat/completions/c1/messages',
  'https://api.openai.com/v1/responses/r1',
  'https://api.anthropic.com/v1/messages/count_tokens',
  'https://example.com/?next=/v1/messages',
  'not an address',
  '',
])('%s is none of ours', (address) => {
  expect(findApi(address)).toBeUndefined();
});

test.each<[string, RequestInit, string]>([
  ['a survey with responses', { body: '{"answers":[1]}' }, 'https://example.com/responses'],
  ['a messenger', { body: '{"messages":["x"]}' }, 'https://example.com/v1/messages'],
  ['a body that is no JSON', { body: 'a=1' }, 'https://example.com/embeddings'],
  ['a question, not a request', { method: 'GET', body: null }, chat],
])('%s makes no span', async (_, init, address) => {
  const response = Response.json({});
  expect(await post(() => response, init, address)).toBe(response);
  expect(spans()).toEqual([]);
});

test.each<[string, string | URL | Request, RequestInit]>([
  ['a URL', new URL(chat), {}],
  ['bytes', chat, { body: new TextEncoder().encode(asked) }],
  ['a Request', new Request(chat, { method: 'POST', body: asked }), { body: undefined as never }],
  ['headers as pairs', chat, { headers: [['x-stainless-retry-count', '0']] }],
])('%s is read', async (_, address, init) => {
  await (await post(() => Response.json(answer), init, address)).text();
  expect(spans()).toEqual(['chat m']);
});

test('a body that is a stream is the server’s alone; the answer tells what it was', async () => {
  const body = new NodeReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode(asked));
      controller.close();
    },
  }) as unknown as ReadableStream;
  const sent: unknown[] = [];
  const fetch = genaiFetch({
    fetch: async (_, init) => {
      sent.push(await new Response(init?.body).text());
      return Response.json(answer);
    },
  });
  await (await fetch(chat, { method: 'POST', body, duplex: 'half' } as RequestInit)).text();
  expect(sent).toEqual([asked]);
  expect(recording.span('chat chat.completions').attributes['gen_ai.response.model']).toBe('m');
});

test('the response of another fetch stays that object', async () => {
  class Foreign {
    readonly status = 200;
    readonly headers = new Headers({ 'content-type': 'application/json' });
    readonly bodyUsed = false;
    readonly body = {};
    clone(): Foreign {
      return this;
    }
    async arrayBuffer(): Promise<ArrayBuffer> {
      return new TextEncoder().encode(JSON.stringify(answer)).buffer;
    }
  }
  const theirs = new Foreign() as unknown as Response;
  expect(await post(() => theirs)).toBe(theirs);
  await vi.waitFor(() => expect(spans()).toEqual(['chat m']));
  expect(recording.span('chat m').attributes['gen_ai.response.id']).toBe('c');
});

test.each<[string, () => Response]>([
  ['no body', () => new Response(null, { status: 204 })],
  ['no JSON', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
  [
    'broken JSON',
    () => new Response('{"id":', { headers: { 'content-type': 'application/json' } }),
  ],
  ['another shape', () => Response.json({ choices: 7, usage: 'many', id: [] })],
  ['nothing at all', () => Response.json(null)],
  ['deep nonsense', () => Response.json({ choices: [null, { message: { tool_calls: [1] } }] })],
  [
    'events of another shape',
    () =>
      new Response(dataEvents('nonsense', 7, { choices: [{ index: 1e9, delta: 3 }] }).join(''), {
        headers: { 'content-type': 'text/event-stream' },
      }),
  ],
])('an answer with %s ends its span well, in every capture mode', async (_, make) => {
  settings().capture = 'full';
  const plain = await make().text();
  expect(await (await post(make)).text()).toBe(plain);
  expect(spans()).toEqual(['chat m']);
});

test.each<[string, object]>([
  ['in one', { object: 'list', data: [], model: 'm', usage: { prompt_tokens: 9 } }],
  ['vectors', { data: 'x'.repeat(3e6), model: 'm', usage: { prompt_tokens: 9 } }],
  ['usage before the model', { data: 'x'.repeat(3e6), usage: { prompt_tokens: 9 }, model: 'm' }],
])('a large answer is not parsed, but its tokens are read: %s', async (_, body) => {
  const response = await post(
    () => Response.json(body),
    { body: JSON.stringify({ model: 'm', input: 'x' }) },
    'https://api.openai.com/v1/embeddings',
  );
  expect(await response.json()).toEqual(body);
  expect(recording.span('embeddings m').attributes['gen_ai.usage.input_tokens']).toBe(9);
});

test('an answer is handed on in the pieces in which it came', async () => {
  const pieces = dataEvents(answer, answer).map((event) => new TextEncoder().encode(event));
  const pull = (controller: ReadableStreamDefaultController): void => {
    const next = pieces.shift();
    if (next) controller.enqueue(next);
    else controller.close();
  };
  const source = new ReadableStream({ pull }, { highWaterMark: 0 });
  const headers = { 'content-type': 'text/event-stream' };
  const response = await post(() => new Response(source, { headers }));
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  // One read, one piece taken: nothing is read ahead for us.
  expect(pieces).toHaveLength(1);
  expect(spans()).toEqual([]);
  await reader.cancel();
  expect(spans()).toEqual(['chat m']);
});

test('an error of fetch is that error', async () => {
  const error = new TypeError('fetch failed', { cause: new Error('why') });
  const failing = genaiFetch({ fetch: () => Promise.reject(error) });
  await expect(failing(chat, { method: 'POST', body: asked })).rejects.toBe(error);
  expect(recording.span('chat m').status.message).toBe('why');
});

test('the request runs inside the span', async () => {
  let inside: string | undefined;
  const fetch = genaiFetch({
    fetch: async () => {
      inside = trace.getSpan(context.active())?.spanContext().spanId;
      return Response.json(answer);
    },
  });
  await (await fetch(chat, { method: 'POST', body: asked })).json();
  expect(recording.span('chat m').spanContext().spanId).toBe(inside);
});

test('with no OpenTelemetry SDK the very response of fetch comes back', async () => {
  await recording.stop();
  const response = Response.json(answer);
  expect(await post(() => response)).toBe(response);
});

test.each([
  [{ 'retry-after-ms': '250' }, 250],
  [{ 'retry-after': '2' }, 2000],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-1' }, 0],
  [{}, undefined],
])('%o says to come again in %s ms', (headers, ms) => {
  expect(retryAfterMs(new Headers(headers as Record<string, string>))).toBe(ms);
});

test('reasoning that a provider counts apart is added to the output', () => {
  const completion_tokens_details = { reasoning_tokens: 30 };
  const apart = {
    prompt_tokens: 10,
    completion_tokens: 5,
    total_tokens: 45,
    completion_tokens_details,
  };
  const within = { ...apart, completion_tokens: 35 };
  for (const usage of [apart, within])
    expect(openaiUsage(usage)).toEqual({ inputTokens: 10, outputTokens: 35, reasoningTokens: 30 });
});

const twice = async (first: () => Promise<Response>, retryCount: string[]): Promise<unknown[]> => {
  const replies = [first, async () => Response.json(answer)];
  const fetch = genaiFetch({ fetch: () => (replies.shift() ?? first)() });
  const send = async (count: string | undefined): Promise<void> => {
    const headers = count === undefined ? {} : { 'x-stainless-retry-count': count };
    await (await fetch(chat, { method: 'POST', body: asked, headers })).text();
  };
  await send(retryCount[0]).catch(() => {});
  await send(retryCount[1]);
  const again = recording.spans()[1];
  return [again?.attributes['orchescope.retry.attempt'], again?.links.length];
};

const busy = async (): Promise<Response> => Response.json({}, { status: 503 });
const bad = async (): Promise<Response> => Response.json({}, { status: 400 });
const stopped = (): Promise<Response> => Promise.reject(new DOMException('stop', 'AbortError'));
const lost = (): Promise<Response> => Promise.reject(new TypeError('fetch failed'));

test.each<[string, () => Promise<Response>, string[], unknown[]]>([
  ['busy, sent again', busy, [], [2, 1]],
  ['lost, sent again', lost, [], [2, 1]],
  ['refused, asked again: another request', bad, [], [undefined, 0]],
  ['stopped, asked again: another request', stopped, [], [undefined, 0]],
  ['timed out, counted by the client', stopped, ['0', '1'], [2, 1]],
  ['busy, but the client counts from the start', busy, ['0', '0'], [undefined, 0]],
])('%s', async (_, first, counts, expected) => {
  expect(await twice(first, counts)).toEqual(expected);
});
