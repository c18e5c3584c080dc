import Anthropic from '@anthropic-ai/sdk';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { run } from '../index.ts';
import { settings } from '../settings.ts';
import {
  namedEvents,
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

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-5-20261001',
  content: [{ type: 'text', text: 'Hello' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: {
    input_tokens: 12,
    cache_read_input_tokens: 8,
    cache_creation_input_tokens: 4,
    output_tokens: 9,
  },
};

const toolUse = { type: 'tool_use', id: 'tu_1', name: 'weather', input: {} };

const events = namedEvents(
  { type: 'message_start', message: { ...message, content: [], stop_reason: null } } as never,
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as never,
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hel' } } as never,
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'lo' } } as never,
  { type: 'content_block_stop', index: 0 } as never,
  { type: 'content_block_start', index: 1, content_block: toolUse } as never,
  {
    type: 'content_block_delta',
    index: 1,
    delta: { type: 'input_json_delta', partial_json: '{"city":"Lisbon"}' },
  } as never,
  { type: 'content_block_stop', index: 1 } as never,
  {
    type: 'message_delta',
    delta: { stop_reason: 'tool_use' },
    usage: { output_tokens: 15 },
  } as never,
  { type: 'message_stop' } as never,
);

const ask = {
  model: 'claude-sonnet-5',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Hi' }],
};

const client = (fetch: typeof globalThis.fetch, traces: boolean): Anthropic =>
  new Anthropic({ apiKey: 'key', baseURL: server.url, fetch, openTelemetry: { traces } });

const final = async (anthropic: Anthropic): Promise<unknown> =>
  anthropic.messages.stream(ask).finalMessage();

const uses: readonly (readonly [string, Reply, (anthropic: Anthropic) => Promise<unknown>])[] = [
  ['create', { json: message }, (anthropic) => anthropic.messages.create(ask)],
  ['stream', { events }, final],
];

const caller = async (reply: Reply, fn: () => Promise<unknown>): Promise<unknown> => {
  server.reply(reply);
  return run({ kind: 'agent', name: 'caller' }, fn);
};

test.each(uses)('%s: its own span is the only one, below ours', async (_, reply, use) => {
  await caller(reply, () => use(client(genaiFetch(), true)));
  expect(recording.tree()).toMatch(/^invoke_agent caller\n  anthropic\.messages\.\w+$/);
});

test.each(uses)('%s: a client that makes no span gets one of ours', async (name, reply, use) => {
  settings().capture = 'full';
  await caller(reply, () => use(client(genaiFetch(), false)));
  const file = `../test/golden/anthropic/${name}.txt`;
  await expect(toSpanText(recording.spans())).toMatchFileSnapshot(file);
});

test.each(uses)('%s: the client gives the same with and without', async (_, reply, use) => {
  const plain = await caller(reply, () => use(client(globalThis.fetch, false)));
  const traced = await caller(reply, () => use(client(genaiFetch(), false)));
  expect(JSON.stringify(traced)).toBe(JSON.stringify(plain));
});
