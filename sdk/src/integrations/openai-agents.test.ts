import {
  Agent,
  handoff,
  MCPServerStdio,
  run as runAgent,
  Runner,
  tool,
  withCustomSpan,
  withTrace,
} from '@openai/agents';
import { assistantMessage, functionCall, ScriptedModel } from '@openai/agents/testing';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../index.ts';
import { settings } from '../settings.ts';
import { startModelServer, type ModelServer } from '../test/model-server.ts';
import {
  modelsAt,
  price,
  scripted,
  taking,
  traceAgents,
  type MakeModel,
} from '../test/openai-agents.ts';
import { answerOf, called, said } from '../test/openai-replies.ts';
import { record, type Recording } from '../test/record.ts';
import { toSpanText } from '../test/span-text.ts';

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

const golden = (name: string): string => `../test/golden/openai-agents/${name}.txt`;

const ids = /(trace|span|group)_[\da-f]{24,32}/g;

/** But for guardrails: they run beside the first turn, and within one millisecond their order is anybody's. */
const spanText = (): string =>
  toSpanText(recording.spans().filter(({ name }) => !name.startsWith('guardrail'))).replaceAll(
    ids,
    '<$1>',
  );

const attributesOf = (name: string) => recording.span(name).attributes;

/** A trace that throws is over a moment later: the library does not tell. */
const whole = () => vi.waitFor(() => recording.span('invoke_workflow Agent workflow'));

const polite = {
  name: 'polite',
  execute: async () => ({ tripwireTriggered: false, outputInfo: 'fine' }),
};

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

const broken = tool({
  name: 'broken',
  description: 'does not work',
  parameters: taking(),
  execute: () => Promise.reject(new RangeError('no line')),
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
