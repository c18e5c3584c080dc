import { Mastra } from '@mastra/core';
import { Agent } from '@mastra/core/agent';
import { createScorer } from '@mastra/core/evals';
import type { MastraModelConfig } from '@mastra/core/llm';
import type { ObservabilityBridge } from '@mastra/core/observability';
import { InMemoryStore } from '@mastra/core/storage';
import { createTool } from '@mastra/core/tools';
import {
  createStep,
  createWorkflow,
  type DefaultEngineType,
  type ExecuteFunction,
} from '@mastra/core/workflows';
import { Observability } from '@mastra/observability';
import { jsonSchema } from 'ai';
import { MockLanguageModelV4, simulateReadableStream } from 'ai/test';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { run } from '../index.ts';
import { settings } from '../settings.ts';
import { startModelServer, type ModelServer } from '../test/model-server.ts';
import { record, type Recording } from '../test/record.ts';
import { toSpanText } from '../test/span-text.ts';
import { genaiFetch } from './genai-fetch.ts';
import { orchescope } from './mastra.ts';

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

const golden = (name: string): string => `../test/golden/mastra/${name}.txt`;
const uuids = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/g;
const spanText = (): string => toSpanText(recording.spans()).replaceAll(uuids, '<id>');

type Generate = InstanceType<typeof MockLanguageModelV4>['doGenerate'];
type Answer = Awaited<ReturnType<Generate>>;

const usage: Answer['usage'] = {
  inputTokens: { total: 30, noCache: 10, cacheRead: 20, cacheWrite: 0 },
  outputTokens: { total: 8, text: 3, reasoning: 5 },
};

const answer = (content: Answer['content'], reason: 'stop' | 'tool-calls'): Answer => ({
  content,
  finishReason: { unified: reason, raw: reason },
  usage,
  warnings: [],
  response: { id: 'answer-1', modelId: 'gpt-6-0901' },
});
const says = (text: string): Answer => answer([{ type: 'text', text }], 'stop');
const asksFor = (toolName: string, input: object = {}): Answer =>
  answer(
    [{ type: 'tool-call', toolCallId: 'c1', toolName, input: JSON.stringify(input) }],
    'tool-calls',
  );

/** The AI SDK's fake promises less of its results than Mastra's types ask for. */
const fake = (made: MockLanguageModelV4): MastraModelConfig => made as unknown as MastraModelConfig;

const model = (...answers: readonly (Answer | Error)[]): MastraModelConfig => {
  const left = [...answers];
  const next = async (): Promise<Answer> => {
    const one = left.shift() ?? new Error('no answer');
    if (one instanceof Error) throw one;
    return one;
  };
  const both = { doGenerate: next, doStream: async () => streamOf(await next()) };
  return fake(new MockLanguageModelV4({ provider: 'openai.chat', modelId: 'gpt-6', ...both }));
};

type Streamed = Awaited<ReturnType<InstanceType<typeof MockLanguageModelV4>['doStream']>>;
type Chunk = Streamed['stream'] extends ReadableStream<infer C> ? C : never;

const streamOf = ({ content, finishReason }: Answer): Streamed => {
  const chunks = content.flatMap((part): Chunk[] => {
    if (part.type === 'tool-call') return [part];
    if (part.type !== 'text') return [];
    const { text } = part;
    return [
      { type: 'text-start', id: '1' },
      { type: 'text-delta', id: '1', delta: text },
      { type: 'text-end', id: '1' },
    ];
  });
  return {
    stream: simulateReadableStream<Chunk>({
      chunks: [
        { type: 'stream-start', warnings: [] },
        { type: 'response-metadata', id: 'answer-1', modelId: 'gpt-6-0901' },
        ...chunks,
        { type: 'finish', finishReason, usage },
      ],
    }),
  };
};

const cities = jsonSchema<{ city: string }>({ type: 'object' });

const price = createTool({
  id: 'price',
  description: 'what a ticket costs',
  inputSchema: cities,
  outputSchema: jsonSchema<{ eur: number }>({ type: 'object' }),
  execute: async ({ city }) =>
    run({ kind: 'step', name: 'look up', type: 'transform' }, async () => {
      if (city === 'Nowhere') throw new RangeError('no such city');
      return { eur: 1.85 };
    }),
});

type Parts = ConstructorParameters<typeof Mastra>[0];

/** Everything a user writes for us is in here: one line. */
const mastra = (parts: Parts, more: object = {}, storage = new InMemoryStore()) =>
  new Mastra({
    ...parts,
    storage,
    logger: false,
    observability: new Observability({
      configs: { default: { serviceName: 'test', bridge: orchescope(), ...more } },
    }),
  });

const clerk = (...answers: readonly (Answer | Error)[]): Agent =>
  new Agent({
    id: 'clerk',
    name: 'Clerk',
    instructions: 'Be brief.',
    model: model(...answers),
    tools: { price },
    maxRetries: 0,
  });

const ask = (agent: Agent, more: object = {}) =>
  mastra({ agents: { agent } }).getAgent('agent').generate('What does a ticket cost?', more);

test('it is what Mastra takes for a bridge', () => {
  const bridge: ObservabilityBridge = orchescope();
  expect(bridge.name).toBe('orchescope');
});

test('an agent: its turns, model calls, tools, the spans of the user, tags, user and thread', async () => {
  settings().capture = 'full';
  await ask(clerk(asksFor('price', { city: 'Lisbon' }), says('1.85 EUR')), {
    memory: { thread: 'thread-1', resource: 'user-1' },
    tracingOptions: { tags: ['beta'], metadata: { sessionId: 'session-1', shop: 'north' } },
  });
  await expect(`${recording.tree()}\n`).toMatchFileSnapshot(golden('agent-tree'));
  await expect(spanText()).toMatchFileSnapshot(golden('agent-spans'));
});

test('tokens are told by the model call alone', async () => {
  await ask(clerk(asksFor('price', { city: 'Lisbon' }), says('1.85 EUR')));
  const telling = recording
    .spans()
    .filter(({ attributes }) => attributes['gen_ai.usage.input_tokens'] !== undefined);
  expect(telling.map(({ name }) => name)).toEqual(['chat gpt-6', 'chat gpt-6']);
});

test.each(['off', 'metadata'] as const)('with capture %s no content is sent', async (capture) => {
  settings().capture = capture;
  await ask(clerk(asksFor('price', { city: 'Lisbon' }), says('1.85 EUR')));
  const sent = spanText();
  for (const words of ['Lisbon', '1.85', 'ticket cost?', 'Be brief'])
    expect(sent).not.toContain(words);
});

test('a stream says when its first token came, and all end', async () => {
  const agent = mastra({ agents: { agent: clerk(says('1.85 EUR')) } }).getAgent('agent');
  const { textStream } = await agent.stream('What does a ticket cost?');
  let text = '';
  for await (const chunk of textStream) text += chunk;
  expect(text).toBe('1.85 EUR');
  expect(recording.tree()).toBe('invoke_agent Clerk\n  step turn\n    chat gpt-6');
  const { attributes } = recording.span('chat gpt-6');
  expect(attributes['gen_ai.response.time_to_first_chunk']).toBeTypeOf('number');
});

test('a tool that throws fails its span; the agent goes on', async () => {
  await ask(clerk(asksFor('price', { city: 'Nowhere' }), says('I do not know')));
  expect(recording.span('execute_tool price').status).toEqual({ code: 2, message: 'no such city' });
  expect(recording.span('execute_tool price').attributes['error.type']).toBe('RangeError');
  expect(recording.span('invoke_agent Clerk').status.code).toBe(0);
});

test('a model call that fails is failed, though Mastra calls it a reason to finish', async () => {
  await expect(ask(clerk(new Error('rate limited')))).rejects.toThrow('rate limited');
  expect(recording.span('chat gpt-6').attributes['error.type']).toBe('ModelError');
  expect(recording.span('invoke_agent Clerk').status).toEqual({ code: 2, message: 'rate limited' });
});

test('what the user aborts is cancelled, not failed', async () => {
  const controller = new AbortController();
  const slow = new MockLanguageModelV4({
    provider: 'openai.chat',
    modelId: 'gpt-6',
    doGenerate: ({ abortSignal }) => {
      const { promise, reject } = Promise.withResolvers<never>();
      abortSignal?.addEventListener('abort', () => reject(abortSignal.reason));
      controller.abort();
      return promise;
    },
  });
  const agent = new Agent({ id: 'slow', name: 'Slow', instructions: 'x', model: fake(slow) });
  await ask(agent, { abortSignal: controller.signal });
  const outcomes = recording.spans().map(({ attributes }) => attributes['orchescope.outcome']);
  expect([...new Set(outcomes)]).toEqual(['cancelled']);
  expect(recording.spans().filter(({ status }) => status.code === 2)).toEqual([]);
});

test('a guardrail that stops the agent has triggered, and nothing has failed', async () => {
  const agent = new Agent({
    id: 'guarded',
    name: 'Guarded',
    instructions: 'x',
    model: model(says('hi')),
    inputProcessors: [
      { id: 'polite', name: 'Polite', processInput: ({ abort }) => abort('bad words') },
    ],
  });
  await ask(agent);
  expect(recording.tree()).toBe('invoke_agent Guarded\n  guardrail Polite');
  expect(recording.span('guardrail Polite').attributes).toMatchObject({
    'orchescope.guardrail.triggered': true,
    'orchescope.guardrail.action': 'block',
  });
  expect(recording.spans().filter(({ status }) => status.code === 2)).toEqual([]);
});

test('an agent that asks another agent has it below the tool', async () => {
  const sub = new Agent({
    id: 'sub',
    name: 'Sub',
    description: 'knows prices',
    instructions: 'x',
    model: model(says('1.85 EUR')),
  });
  const lead = new Agent({
    id: 'lead',
    name: 'Lead',
    instructions: 'x',
    model: model(asksFor('agent-sub', { prompt: 'go' }), says('done')),
    agents: { sub },
  });
  await ask(lead);
  expect(recording.tree()).toBe(
    [
      'invoke_agent Lead',
      '  step turn',
      '    chat gpt-6',
      '    execute_tool agent-sub',
      '      invoke_agent Sub',
      '        step turn',
      '          chat gpt-6',
      '  step turn',
      '    chat gpt-6',
    ].join('\n'),
  );
});

/** The steps hand on whatever they like. */
const any = jsonSchema<ReturnType<typeof JSON.parse>>({});
type Execute = ExecuteFunction<
  unknown,
  ReturnType<typeof JSON.parse>,
  ReturnType<typeof JSON.parse>,
  unknown,
  unknown,
  DefaultEngineType
>;
const step = (id: string, execute: Execute) =>
  createStep({ id, inputSchema: any, outputSchema: any, execute });

/** A step that fails once, branches, rounds, a nap, and a step that asks a person. */
const trip = () => {
  let failures = 1;
  return createWorkflow({
    id: 'trip',
    inputSchema: any,
    outputSchema: any,
    retryConfig: { attempts: 2, delay: 1 },
  })
    .then(
      step('book', async ({ inputData }) => {
        if (failures-- > 0) throw new TypeError('flaky');
        return inputData;
      }),
    )
    .parallel([step('hotel', async () => ({})), step('train', async () => ({}))])
    .branch([
      [async () => false, step('refund', async () => ({}))],
      [async () => true, step('confirm', async () => ({ rounds: 0 }))],
    ])
    .map(async () => ({ rounds: 0 }))
    .dowhile(
      step('wait_list', async ({ inputData }) => ({ rounds: inputData.rounds + 1 })),
      async ({ inputData }) => inputData.rounds < 2,
    )
    .map(async () => ['a', 'b'])
    .foreach(step('notify', async ({ inputData }) => inputData))
    .sleep(1)
    .then(
      step('approve', async ({ resumeData, suspend }) =>
        resumeData === undefined
          ? suspend({ question: 'May it be sent?' })
          : run({ kind: 'step', name: 'mine', type: 'transform' }, async () => ({ ok: true })),
      ),
    )
    .commit();
};

test('a workflow: steps, tries, branches, rounds, a pause and its resume', async () => {
  settings().capture = 'full';
  const workflow = mastra({ workflows: { trip: trip() } }).getWorkflow('trip');
  const started = await workflow.createRun();
  const paused = await started.start({ inputData: { city: 'Lisbon' } });
  expect(paused.status).toBe('suspended');
  const resumed = await started.resume({ step: 'approve', resumeData: { ok: true } });
  expect(resumed.status).toBe('success');
  await expect(`${recording.tree()}\n`).toMatchFileSnapshot(golden('workflow-tree'));
  await expect(spanText()).toMatchFileSnapshot(golden('workflow-spans'));
});

test('a pause and its resume are one run, linked', async () => {
  const workflow = mastra({ workflows: { trip: trip() } }).getWorkflow('trip');
  const started = await workflow.createRun();
  await started.start({ inputData: {} });
  await started.resume({ step: 'approve', resumeData: {} });
  const [before, after] = recording.spans().filter(({ name }) => name === 'invoke_workflow trip');
  expect(before?.attributes['orchescope.run.outcome']).toBe('suspended');
  expect(after?.attributes['orchescope.run.outcome']).toBe('completed');
  expect([before, after].map((one) => one?.attributes['orchescope.run.id'])).toEqual([
    started.runId,
    started.runId,
  ]);
  expect(after?.links.map(({ context }) => context.spanId)).toEqual([before?.spanContext().spanId]);
});

test('whoever resumes need not be who paused: the storage they share is enough', async () => {
  const storage = new InMemoryStore();
  const one = mastra({ workflows: { trip: trip() } }, {}, storage).getWorkflow('trip');
  const started = await one.createRun();
  await started.start({ inputData: {} });
  const other = mastra({ workflows: { trip: trip() } }, {}, storage).getWorkflow('trip');
  const again = await other.createRun({ runId: started.runId });
  expect((await again.resume({ step: 'approve', resumeData: {} })).status).toBe('success');
  const [before, after] = recording.spans().filter(({ name }) => name === 'invoke_workflow trip');
  expect(after?.attributes['orchescope.run.id']).toBe(before?.attributes['orchescope.run.id']);
  expect(after?.links.map(({ context }) => context.spanId)).toEqual([before?.spanContext().spanId]);
});

test('agents, tools and workflows used as steps stand below the step', async () => {
  const inner = createWorkflow({ id: 'inner', inputSchema: any, outputSchema: any })
    .then(step('first', async () => ({ city: 'Lisbon' })))
    .commit();
  const workflow = createWorkflow({ id: 'outer', inputSchema: any, outputSchema: any })
    .then(inner as unknown as ReturnType<typeof step>)
    .then(createStep(price))
    .map(async () => ({ prompt: 'hello' }))
    .then(createStep(clerk(says('hi'))))
    .commit();
  const started = await mastra({ workflows: { workflow } }).getWorkflow('workflow').createRun();
  expect((await started.start({ inputData: {} })).status).toBe('success');
  expect(recording.tree()).toBe(
    [
      'invoke_workflow outer',
      '  step inner',
      '    invoke_workflow inner',
      '      step first',
      '  step price',
      '    step look up',
      '  step mapping_outer_0',
      '  step clerk',
      '    invoke_agent Clerk',
      '      step turn',
      '        chat gpt-6',
    ].join('\n'),
  );
});

test('a run that is cancelled is cancelled, not failed', async () => {
  const started = await mastra({
    workflows: {
      workflow: createWorkflow({ id: 'long', inputSchema: any, outputSchema: any })
        .then(
          step('wait', async () => {
            await started.cancel();
            return {};
          }),
        )
        .then(step('never', async () => ({})))
        .commit(),
    },
  })
    .getWorkflow('workflow')
    .createRun();
  expect((await started.start({ inputData: {} })).status).toBe('canceled');
  expect(recording.span('invoke_workflow long').attributes['orchescope.run.outcome']).toBe(
    'cancelled',
  );
  expect(recording.spans().filter(({ status }) => status.code === 2)).toEqual([]);
});

test('options that cannot be read cost the span, not the run', () => {
  const bridge = orchescope();
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error('no');
      },
    },
  );
  expect(bridge.createSpan(hostile)).toBeUndefined();
  bridge.onTracingEvent({ type: 'span_ended', exportedSpan: { id: 'never seen' } });
  expect(bridge.executeInContextSync('never seen', () => 7)).toBe(7);
});

test('a step that fails for good fails the workflow, with what was thrown', async () => {
  const broken = step('break', async () => {
    throw new RangeError('no seats');
  });
  const workflow = createWorkflow({ id: 'broken', inputSchema: any, outputSchema: any })
    .then(broken)
    .commit();
  const started = await mastra({ workflows: { workflow } }).getWorkflow('workflow').createRun();
  expect((await started.start({ inputData: {} })).status).toBe('failed');
  for (const name of ['step break', 'invoke_workflow broken']) {
    expect(recording.span(name).status).toEqual({ code: 2, message: 'no seats' });
    expect(recording.span(name).attributes['error.type']).toBe('RangeError');
  }
});

test('an agent that waits for approval is suspended; what goes on is the same run, linked', async () => {
  const agents = { agent: clerk(asksFor('price', { city: 'Lisbon' }), says('1.85 EUR')) };
  const agent = mastra({ agents }).getAgent('agent');
  const first = await agent.stream('What does a ticket cost?', { requireToolApproval: true });
  await first.consumeStream();
  const second = await agent.approveToolCall({ runId: first.runId });
  await second.consumeStream();
  const [before, after] = recording.spans().filter(({ name }) => name === 'invoke_agent Clerk');
  expect(before?.events.map(({ name }) => name)).toEqual([
    'orchescope.interrupt',
    'orchescope.checkpoint',
  ]);
  expect(before?.attributes['orchescope.run.outcome']).toBe('suspended');
  expect(after?.attributes['orchescope.run.id']).toBe(before?.attributes['orchescope.run.id']);
  expect(after?.links.map(({ context }) => context.spanId)).toEqual([before?.spanContext().spanId]);
});

test('a scorer tells its score, and which agent it is about', async () => {
  const scorer = createScorer({ id: 'brevity', description: 'short is good' })
    .generateScore(() => 0.7)
    .generateReason(() => 'short enough');
  const agent = new Agent({
    id: 'clerk',
    name: 'Clerk',
    instructions: 'x',
    model: model(says('hi')),
    scorers: { brevity: { scorer, sampling: { type: 'ratio', rate: 1 } } },
  });
  await ask(agent);
  await expect.poll(() => recording.spans().map(({ name }) => name)).toContain('step brevity');
  const { attributes, events, links } = recording.span('step brevity');
  expect(attributes['orchescope.kind']).toBe('evaluation');
  expect(events[0]).toMatchObject({
    name: 'gen_ai.evaluation.result',
    attributes: {
      'gen_ai.evaluation.name': 'brevity',
      'gen_ai.evaluation.score.value': 0.7,
      'gen_ai.evaluation.explanation': 'short enough',
    },
  });
  expect(links.map(({ context }) => context.spanId)).toEqual([
    recording.span('invoke_agent Clerk').spanContext().spanId,
  ]);
});

test('an agent called inside a step, and inside the span of the user there, stands below it', async () => {
  const talk = step('talk', async ({ mastra: app }) =>
    run({ kind: 'step', name: 'mine', type: 'stage' }, async () => {
      const { text } = await app.getAgent('agent').generate('hello');
      return { text };
    }),
  );
  const workflow = createWorkflow({ id: 'chatty', inputSchema: any, outputSchema: any })
    .then(talk)
    .commit();
  const app = mastra({ agents: { agent: clerk(says('hi')) }, workflows: { workflow } });
  await run({ kind: 'workflow', name: 'around' }, async () => {
    const started = await app.getWorkflow('workflow').createRun();
    await started.start({ inputData: {} });
  });
  expect(recording.tree()).toBe(
    [
      'invoke_workflow around',
      '  invoke_workflow chatty',
      '    step talk',
      '      step mine',
      '        invoke_agent Clerk',
      '          step turn',
      '            chat gpt-6',
    ].join('\n'),
  );
});

test('a request over a traced fetch is not told again, a request of a tool is told', async () => {
  const fetch = genaiFetch();
  const send = () =>
    fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'gpt-6', messages: [] }),
    });
  const answers = [asksFor('price', {}), says('done')];
  const online = new MockLanguageModelV4({
    provider: 'openai.chat',
    modelId: 'gpt-6',
    doGenerate: async () => {
      await (await send()).text();
      return answers.shift() ?? says('');
    },
  });
  const classify = createTool({
    id: 'price',
    description: 'asks a model itself',
    inputSchema: cities,
    execute: async () => ({ said: await (await send()).text() }),
  });
  const agent = new Agent({
    id: 'clerk',
    name: 'Clerk',
    instructions: 'x',
    model: fake(online),
    tools: { price: classify },
  });
  server.reply({ json: {} }, { json: {} }, { json: {} });
  await ask(agent);
  expect(recording.tree()).toBe(
    [
      'invoke_agent Clerk',
      '  step turn',
      '    chat gpt-6',
      '    execute_tool price',
      '      chat gpt-6',
      '  step turn',
      '    chat gpt-6',
    ].join('\n'),
  );
});

test('types that Mastra is told to leave out are left out, and what is below them stays', async () => {
  const app = mastra(
    { agents: { agent: clerk(says('hi')) } },
    { excludeSpanTypes: ['model_step'] },
  );
  await app.getAgent('agent').generate('hello');
  expect(recording.tree()).toBe('invoke_agent Clerk\n  chat gpt-6');
});

test('where Mastra tells of no single call, the generation is the call', async () => {
  const app = mastra(
    { agents: { agent: clerk(asksFor('price', { city: 'Rome' }), says('hi')) } },
    { excludeSpanTypes: ['model_step', 'model_inference'] },
  );
  await app.getAgent('agent').generate('hello');
  expect(recording.spans().map(({ name }) => name)).toEqual([
    'step look up',
    'execute_tool price',
    'chat gpt-6',
    'invoke_agent Clerk',
  ]);
  expect(recording.span('chat gpt-6').attributes).toMatchObject({
    'gen_ai.usage.input_tokens': 60,
    'gen_ai.usage.output_tokens': 16,
    'gen_ai.response.id': 'answer-1',
  });
});

test('agents at the same time stay apart', async () => {
  await Promise.all(
    [1, 2, 3].map(() => ask(clerk(asksFor('price', { city: 'Rome' }), says('hi')))),
  );
  const tree = [
    'invoke_agent Clerk',
    '  step turn',
    '    chat gpt-6',
    '    execute_tool price',
    '      step look up',
    '  step turn',
    '    chat gpt-6',
  ].join('\n');
  expect(recording.tree()).toBe([tree, tree, tree].join('\n'));
});

test('without an OpenTelemetry SDK Mastra works as ever', async () => {
  await recording.stop();
  const { text } = await ask(clerk(asksFor('price', { city: 'Lisbon' }), says('1.85 EUR')));
  expect(text).toBe('1.85 EUR');
  recording = record();
});
