import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  CreateMessageRequestSchema,
  GetPromptRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../index.ts';
import { settings } from '../settings.ts';
import { record, type Recording } from '../test/record.ts';
import { traced } from './mcp.ts';

let recording: Recording;
let client: Client;
let server: Server;
let transports: readonly InMemoryTransport[];
/** `_meta` of the calls as the server got them. */
let metas: unknown[];

const text = (said: string, isError = false) => ({
  content: [{ type: 'text' as const, text: said }],
  isError,
});

const callTool = async (name: string, signal: AbortSignal) => {
  if (name === 'broken') return text('the disk is full', true);
  if (name === 'crash') throw new Error('boom');
  if (name === 'slow')
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  if (name === 'ask') await server.createMessage({ messages: [], maxTokens: 1 });
  return run({ kind: 'retrieval', name: 'index' }, () => text(name));
};

beforeEach(async () => {
  recording = record();
  metas = [];
  server = new Server(
    { name: 'files', version: '1.0.0' },
    { capabilities: { tools: {}, prompts: {}, resources: {} } },
  );
  server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal }) => {
    metas.push(params._meta);
    return callTool(params.name, signal);
  });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [] }));
  server.setRequestHandler(GetPromptRequestSchema, () => ({ messages: [] }));
  server.setRequestHandler(ReadResourceRequestSchema, () => ({ contents: [] }));
  client = new Client({ name: 'agent', version: '1.0.0' }, { capabilities: { sampling: {} } });
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    model: 'tiny',
    role: 'assistant' as const,
    content: { type: 'text' as const, text: 'yes' },
  }));
  transports = InMemoryTransport.createLinkedPair();
});
afterEach(async () => {
  await client.close();
  await recording.stop();
});

const connect = async (ours: (InMemoryTransport | undefined)[] = [...transports]) => {
  const [near, far] = ours;
  if (!near || !far) throw new Error('no pair of transports');
  await Promise.all([server.connect(traced(far)), client.connect(traced(near))]);
};

const spansOf = (kind: SpanKind) => recording.spans().filter((span) => span.kind === kind);
const asked = () => spansOf(SpanKind.CLIENT).find(({ name }) => name === 'tools/call search');

test('a call is counted once as a tool, by the side that asked', async () => {
  await connect();
  await client.callTool({ name: 'search' });
  await client.listTools();
  const tools = await recording.points('gen_ai.execute_tool.duration');
  expect(tools.map(({ value }) => value)).toMatchObject([{ count: 1 }]);
  const steps = await recording.points('orchescope.operation.duration');
  expect(steps.find(({ attributes }) => attributes['orchescope.kind'] === 'step')).toMatchObject({
    value: { count: 1 },
  });
  const served = await recording.points('mcp.server.operation.duration');
  expect(served.map(({ attributes }) => attributes)).toEqual([
    { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'search', 'orchescope.kind': 'tool' },
    { 'mcp.method.name': 'tools/list', 'orchescope.kind': 'step' },
  ]);
});

test('a call is a span on either side, and what the server does stands below', async () => {
  await connect();
  await run({ kind: 'agent', name: 'helper' }, () =>
    client.callTool({ name: 'search', arguments: { q: 'invoice' } }),
  );
  expect(recording.tree()).toBe(
    [
      'invoke_agent helper',
      '  tools/call search',
      '    tools/call search',
      '      retrieval index',
    ].join('\n'),
  );
  expect(asked()?.instrumentationScope.name).toBe('@orchescope/mcp');
  expect(asked()?.attributes).toEqual({
    'gen_ai.agent.name': 'helper',
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'search',
    'jsonrpc.request.id': '1',
    'mcp.method.name': 'tools/call',
    'orchescope.kind': 'mcp',
  });
  expect(spansOf(SpanKind.SERVER)[0]?.parentSpanContext?.isRemote).toBe(true);
});

test('the trace travels in _meta beside what is there, and the params of the caller stay as they are', async () => {
  await connect();
  const params = { name: 'search', _meta: { tenant: 'acme' } };
  await client.callTool(params);
  expect(params).toEqual({ name: 'search', _meta: { tenant: 'acme' } });
  const { traceId, spanId } = asked()?.spanContext() ?? {};
  expect(metas).toEqual([{ tenant: 'acme', traceparent: `00-${traceId}-${spanId}-01` }]);
});

test('arguments and results are content', async () => {
  settings().capture = 'full';
  await connect();
  await client.callTool({ name: 'search', arguments: { q: 'invoice' } });
  const told = {
    'gen_ai.tool.call.arguments': '{"q":"invoice"}',
    'gen_ai.tool.call.result': expect.stringContaining('"text":"search"') as unknown,
  };
  for (const span of recording.spans().filter(({ name }) => name === 'tools/call search'))
    expect(span.attributes).toMatchObject(told);
});

test.each([
  ['that says it failed', 'broken', 'tool_error', 'the disk is full'],
  ['whose handler throws', 'crash', '-32603', 'boom'],
])('a tool %s is an error on both sides', async (_, name, type, message) => {
  await connect();
  await client.callTool({ name }).catch(() => {});
  const both = recording.spans().filter((span) => span.name === `tools/call ${name}`);
  expect(both).toHaveLength(2);
  for (const { attributes, status } of both) {
    expect(attributes['error.type']).toBe(type);
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message });
  }
});

test('a call that its caller aborts is cancelled on both sides; one that took too long has failed', async () => {
  await connect();
  const stop = new AbortController();
  const aborted = client.callTool({ name: 'slow' }, undefined, { signal: stop.signal });
  await expect.poll(() => metas.length).toBe(1);
  stop.abort();
  await expect(aborted).rejects.toThrow('aborted');
  const late = client.callTool({ name: 'slow' }, undefined, { timeout: 5 });
  await expect(late).rejects.toThrow('timed out');
  const ends = recording
    .spans()
    .map(({ attributes }) => attributes['orchescope.outcome'] ?? attributes['error.type']);
  expect(ends.sort()).toEqual(['-32001', '-32001', 'cancelled', 'cancelled']);
});

test('a connection that closes fails what is under way', async () => {
  await connect();
  const call = client.callTool({ name: 'slow' });
  await expect.poll(() => metas.length).toBe(1);
  await client.close();
  await expect(call).rejects.toThrow('Connection closed');
  expect(recording.spans().map(({ attributes }) => attributes['error.type'])).toEqual([
    'connection_closed',
    'connection_closed',
  ]);
});

test('a request that cannot be sent fails with the error of the transport', async () => {
  const transport = traced(transports[0] ?? new InMemoryTransport());
  await transport.close();
  const request = { jsonrpc: '2.0' as const, id: 7, method: 'tools/list' };
  await expect(transport.send(request)).rejects.toThrow('Not connected');
  expect(recording.span('tools/list').status).toMatchObject({ message: 'Not connected' });
});

test('other requests are spans by their method, and what a server asks of its client stands below', async () => {
  await connect();
  await client.listTools();
  await client.getPrompt({ name: 'greeting' });
  await client.readResource({ uri: 'file:///etc/hosts' });
  await client.callTool({ name: 'ask' });
  await client.ping();
  expect(recording.tree().split('\n')).toEqual([
    'tools/list',
    '  tools/list',
    'prompts/get greeting',
    '  prompts/get greeting',
    'resources/read',
    '  resources/read',
    'tools/call ask',
    '  tools/call ask',
    '    sampling/createMessage',
    '      sampling/createMessage',
    '    retrieval index',
  ]);
  expect(recording.span('prompts/get greeting').attributes['gen_ai.prompt.name']).toBe('greeting');
  expect(recording.span('resources/read').attributes['mcp.resource.uri']).toBe('file:///etc/hosts');
});

test('the same call again and again is reported as a loop once, by the side that calls', async () => {
  await connect();
  await run({ kind: 'workflow', name: 'support' }, async () => {
    for (let i = 0; i < 3; i += 1) await client.callTool({ name: 'search', arguments: {} });
  });
  const looping = recording
    .spans()
    .filter(({ events }) => events.some(({ name }) => name === 'orchescope.loop'));
  expect(looping.map(({ kind }) => kind)).toEqual([SpanKind.CLIENT]);
});

test('a side that is not traced gets and gives what it would without us', async () => {
  const [near, far] = transports;
  if (!near || !far) throw new Error('no pair of transports');
  await Promise.all([server.connect(far), client.connect(traced(near))]);
  expect(await client.callTool({ name: 'search' })).toMatchObject({
    content: [{ text: 'search' }],
  });
  expect(spansOf(SpanKind.SERVER)).toEqual([]);
});

test('tracing twice is tracing once, and the transport is what it was', async () => {
  class Private extends InMemoryTransport {
    #secret = 'kept';
    reveal = undefined as string | undefined;
    tell(): string {
      return this.#secret;
    }
  }
  const transport = traced(new Private());
  expect(traced(transport)).toBe(transport);
  expect(transport).toBeInstanceOf(Private);
  expect(transport.tell()).toBe('kept');
  const heard = () => {};
  transport.onmessage = heard;
  expect(transport.onmessage).toBe(heard);
  expect(transport.tell).toBe(transport.tell);
});

test('a server span links the request that brought the message when that is another trace', async () => {
  const transport = traced(transports[1] ?? new InMemoryTransport());
  transport.onmessage = () => {};
  await transport.start();
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const params = { name: 'search', _meta: { traceparent } };
  const call = { jsonrpc: '2.0' as const, id: 1, method: 'tools/call', params };
  await run({ kind: 'step', name: 'POST /mcp', type: 'task' }, () => transports[0]?.send(call));
  await transport.send({ jsonrpc: '2.0', id: 1, result: {} });
  const { parentSpanContext, links } = recording.span('tools/call search');
  expect(parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  const around = recording.span('step POST /mcp').spanContext();
  expect(links.map(({ context }) => context.spanId)).toEqual([around.spanId]);
});
