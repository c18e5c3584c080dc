import { BaseRetriever } from '@langchain/core/retrievers';
import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { RunnableLambda } from '@langchain/core/runnables';
import { FakeBuiltModel } from '@langchain/core/testing';
import { tool } from '@langchain/core/tools';
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  Annotation,
  Command,
  END,
  interrupt,
  MemorySaver,
  MessagesAnnotation,
  START,
  StateGraph,
} from '@langchain/langgraph';
import { createReactAgent, ToolNode } from '@langchain/langgraph/prebuilt';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../index.ts';
import { settings } from '../settings.ts';
import { startModelServer, type ModelServer } from '../test/model-server.ts';
import { record, type Recording } from '../test/record.ts';
import { toSpanText } from '../test/span-text.ts';
import { genaiFetch } from './genai-fetch.ts';
import { orchescope } from './langchain.ts';

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

const golden = (name: string): string => `../test/golden/langchain/${name}.txt`;
const uuids = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/g;
const spanText = (): string => toSpanText(recording.spans()).replaceAll(uuids, '<id>');

const ask = (name: string, id: string): AIMessage =>
  answer(
    new AIMessage({ content: '', tool_calls: [{ id, name, args: {}, type: 'tool_call' }] }),
    'tool_calls',
  );

/** Assigned, since the declared type of these on a plain AIMessage is undefined. */
const answer = (message: AIMessage, reason = 'stop'): AIMessage =>
  Object.assign(message, {
    response_metadata: { id: 'answer-1', model_name: 'gpt-6-0901', finish_reason: reason },
    usage_metadata: {
      input_tokens: 30,
      output_tokens: 8,
      total_tokens: 38,
      input_token_details: { cache_read: 20 },
      output_token_details: { reasoning: 5 },
    },
  });

/** Says its model's name, as models of real providers do. */
class Model extends FakeBuiltModel {
  override getLsParams() {
    return { ls_provider: 'openai', ls_model_name: 'gpt-6', ls_model_type: 'chat' as const };
  }

  /** What the base class does, which forgets who it was. */
  override bindTools() {
    return this;
  }
}

const price = tool(
  async () => run({ kind: 'step', name: 'look up', type: 'transform' }, async () => '1.85 EUR'),
  { name: 'price', description: 'what a ticket costs', schema: { type: 'object' } },
);

const handOver = tool(
  async () => new Command({ goto: 'writer', graph: Command.PARENT, update: { messages: [] } }),
  { name: 'transfer_to_writer', description: 'hands over', schema: { type: 'object' } },
);

const first = { messages: [new HumanMessage('What does a ticket cost?')] };

/** An agent that looks up a price and hands over to a node that fails once and then asks a person. */
const paused = () => {
  let failures = 1;
  const llm = new Model().respond(ask('price', 'c1')).respond(ask('transfer_to_writer', 'c2'));
  const researcher = createReactAgent({ llm, tools: [price, handOver], name: 'researcher' });
  return new StateGraph(MessagesAnnotation)
    .addNode('researcher', researcher, { ends: ['writer'] })
    .addNode(
      'writer',
      async () => {
        if (failures-- > 0) throw new Error('flaky');
        const said: unknown = interrupt('May it be sent?');
        return { messages: [new AIMessage(String(said))] };
      },
      { retryPolicy: { maxAttempts: 3, initialInterval: 1, jitter: false, logWarning: false } },
    )
    .addEdge(START, 'researcher')
    .addEdge('writer', END)
    .compile({ checkpointer: new MemorySaver(), name: 'tickets' })
    .withConfig({ callbacks: [orchescope()] });
};

test('graphs, nodes, agents, models, tools, a handoff, a retry, a pause and its resume', async () => {
  settings().capture = 'full';
  const graph = paused();
  const config = { configurable: { thread_id: 't1' } };
  await graph.invoke(first, config);
  await graph.invoke(new Command({ resume: 'yes' }), config);
  await expect(`${recording.tree()}\n`).toMatchFileSnapshot(golden('tree'));
  await expect(spanText()).toMatchFileSnapshot(golden('spans'));
});

test('a pause is no error, and what resumes it is the same run', async () => {
  const graph = paused();
  const config = { configurable: { thread_id: 't2' } };
  await graph.invoke(first, config);
  await graph.invoke(new Command({ resume: 'yes' }), config);
  const [before, after] = recording
    .spans()
    .filter(({ name }) => name === 'invoke_workflow tickets');
  expect(before?.status.code).toBe(0);
  expect(before?.attributes['orchescope.run.outcome']).toBe('suspended');
  expect(after?.attributes['orchescope.run.outcome']).toBe('completed');
  expect(after?.attributes['orchescope.run.id']).toBe(before?.attributes['orchescope.run.id']);
  expect(after?.links.map((link) => link.context.spanId)).toEqual([before?.spanContext().spanId]);
});

test('a thread that was not paused starts a run of its own', async () => {
  await paused().invoke(first, { configurable: { thread_id: 't3' } });
  await paused().invoke(first, { configurable: { thread_id: 't4' } });
  const runs = recording.spans().filter(({ name }) => name === 'invoke_workflow tickets');
  expect(new Set(runs.map(({ attributes }) => attributes['orchescope.run.id'])).size).toBe(2);
});

const plain = (node: () => Promise<object>) =>
  new StateGraph(Annotation.Root({ done: Annotation<string> }))
    .addNode('work', node)
    .addEdge(START, 'work')
    .addEdge('work', END)
    .compile();

test('spans of the user stand below the node, and models below the spans of the user', async () => {
  const model = new Model().respond(answer(new AIMessage('done')));
  const graph = plain(() =>
    run({ kind: 'step', name: 'mine', type: 'stage' }, async () => {
      await model.invoke('hello');
      return { done: 'yes' };
    }),
  );
  await graph.invoke({}, { callbacks: [orchescope()] });
  expect(recording.tree()).toBe(
    ['invoke_workflow LangGraph', '  step work', '    step mine', '      chat gpt-6'].join('\n'),
  );
});

test('without the context manager of ours as well', async () => {
  await recording.stop();
  recording = record(new InMemorySpanExporter(), new AsyncLocalStorageContextManager());
  const graph = plain(() =>
    run({ kind: 'step', name: 'mine', type: 'stage' }, async () => ({ done: 'yes' })),
  );
  await run({ kind: 'workflow', name: 'around' }, () =>
    graph.invoke({}, { callbacks: [orchescope()] }),
  );
  expect(recording.tree()).toBe(
    [
      'invoke_workflow around',
      '  invoke_workflow LangGraph',
      '    step work',
      '      step mine',
    ].join('\n'),
  );
});

test('a handler given twice makes one span', async () => {
  const graph = plain(async () => ({ done: 'yes' })).withConfig({ callbacks: [orchescope()] });
  await graph.invoke({}, { callbacks: [orchescope()] });
  expect(recording.tree()).toBe('invoke_workflow LangGraph\n  step work');
});

test('an error fails the node and the graph, and comes back to the caller', async () => {
  const broken = new RangeError('no such ticket');
  const graph = plain(() => Promise.reject(broken));
  await expect(graph.invoke({}, { callbacks: [orchescope()] })).rejects.toBe(broken);
  expect(recording.span('step work').status).toEqual({ code: 2, message: 'no such ticket' });
  expect(recording.span('invoke_workflow LangGraph').attributes['error.type']).toBe('RangeError');
});

test('nodes named as agents are agents', async () => {
  const graph = plain(async () => ({ done: 'yes' }));
  await graph.invoke({}, { callbacks: [orchescope({ agents: ['work'] })] });
  expect(recording.tree()).toBe('invoke_workflow LangGraph\n  invoke_agent work');
});

/** A model whose provider is asked over `fetch`. */
class FetchingModel extends Model {
  override async _generate(...args: Parameters<Model['_generate']>) {
    server.reply({ json: { choices: [] } });
    const body = JSON.stringify({ model: 'm', messages: [] });
    const response = await genaiFetch()(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      body,
      headers: { 'user-agent': 'langchainjs-openai/1.0.0' },
    });
    await response.text();
    return super._generate(...args);
  }
}

test.each(['in a graph', 'alone'])('a request of a model %s is counted once', async (where) => {
  const model = new FetchingModel().respond(answer(new AIMessage('done')));
  const callbacks = [orchescope()];
  if (where === 'alone') await model.invoke('hello', { callbacks });
  else
    await plain(async () => ({ done: (await model.invoke('hello')).text })).invoke(
      {},
      { callbacks },
    );
  expect(recording.spans().filter(({ name }) => name.startsWith('chat'))).toHaveLength(1);
});

test('a stream says when its first token came', async () => {
  const model = new FakeListChatModel({ responses: ['one two'] });
  for await (const chunk of await model.stream('hello', { callbacks: [orchescope()] }))
    expect(chunk).toBeDefined();
  const { attributes } = recording.span('chat FakeListChatModel');
  expect(attributes['gen_ai.response.time_to_first_chunk']).toBeTypeOf('number');
  expect(attributes['gen_ai.request.stream']).toBe(true);
});

class Shelf extends BaseRetriever {
  override lc_namespace = ['test'];

  override async _getRelevantDocuments() {
    return [{ pageContent: 'text', id: 'd1', metadata: { score: 0.5 } }];
  }
}

test('chains of runnables: the whole, its named parts, its retrievers', async () => {
  const chain = new Shelf()
    .pipe(RunnableLambda.from(String).withConfig({ runName: 'join' }))
    .pipe(RunnableLambda.from((text: string) => text.length));
  await chain.invoke('tram', { callbacks: [orchescope()], runName: 'search' });
  expect(recording.tree()).toBe(
    ['invoke_workflow search', '  retrieval Shelf', '  step join'].join('\n'),
  );
  expect(recording.span('retrieval Shelf').attributes['gen_ai.retrieval.documents']).toBe(
    '[{"id":"d1","score":0.5}]',
  );
});

test('a tool that fails fails its span, though the graph goes on', async () => {
  const broken = tool(() => Promise.reject(new Error('no line')), {
    name: 'call',
    description: 'calls',
    schema: { type: 'object' },
  });
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('tools', new ToolNode([broken]))
    .addEdge(START, 'tools')
    .addEdge('tools', END)
    .compile();
  await graph.invoke({ messages: [ask('call', 'c1')] }, { callbacks: [orchescope()] });
  expect(recording.span('execute_tool call').status).toEqual({ code: 2, message: 'no line' });
  expect(recording.span('invoke_workflow LangGraph').status.code).toBe(0);
});

test('an interrupt before a node is a pause as well', async () => {
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('work', async () => ({ messages: [] }))
    .addEdge(START, 'work')
    .addEdge('work', END)
    .compile({ checkpointer: new MemorySaver(), interruptBefore: ['work'] });
  const config = { configurable: { thread_id: 't5' }, callbacks: [orchescope()] };
  await graph.invoke(first, config);
  await graph.invoke(null, config);
  const [before, after] = recording
    .spans()
    .filter(({ name }) => name.startsWith('invoke_workflow'));
  expect(before?.events.map(({ name }) => name)).toEqual([
    'orchescope.interrupt',
    'orchescope.checkpoint',
  ]);
  expect(after?.links).toHaveLength(1);
});

test('spans of other graphs that run at the same time stay apart', async () => {
  const graph = plain(async () => {
    await Promise.resolve();
    return run({ kind: 'step', name: 'mine', type: 'stage' }, async () => ({ done: 'yes' }));
  });
  const callbacks = [orchescope()];
  await Promise.all([1, 2, 3].map(() => graph.invoke({}, { callbacks })));
  const tree = ['invoke_workflow LangGraph', '  step work', '    step mine'].join('\n');
  expect(recording.tree()).toBe([tree, tree, tree].join('\n'));
});

test('a stream that is left before its end leaves no span open', async () => {
  const model = new Model().respond(answer(new AIMessage('done')));
  const graph = plain(async () => ({ done: (await model.invoke('hello')).text }));
  for await (const chunk of await graph.stream({}, { callbacks: [orchescope()] })) {
    expect(chunk).toBeDefined();
    break;
  }
  await vi.waitFor(() => recording.span('invoke_workflow LangGraph'));
});

test('an interrupt deep inside is told once, by the tool that asks', async () => {
  const askPerson = tool(async () => String(interrupt('May it be sent?')), {
    name: 'ask_person',
    description: 'asks',
    schema: { type: 'object' },
  });
  const llm = new Model().respond(ask('ask_person', 'c1'));
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('clerk', createReactAgent({ llm, tools: [askPerson], name: 'clerk' }))
    .addEdge(START, 'clerk')
    .addEdge('clerk', END)
    .compile({ checkpointer: new MemorySaver() });
  await graph.invoke(first, { configurable: { thread_id: 't6' }, callbacks: [orchescope()] });
  const telling = recording
    .spans()
    .filter(({ events }) => events.some(({ name }) => name === 'orchescope.interrupt'));
  expect(telling.map(({ name }) => name)).toEqual(['execute_tool ask_person']);
  expect(recording.spans().filter(({ status }) => status.code === 2)).toEqual([]);
});
