import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { installSdk, type App } from '../test/install.ts';
import { startReceiver, type ReceivedSpan, type Receiver } from '../test/receiver.ts';
import { runApp, type Ran } from '../test/run-app.ts';

// Real programs with the real packages: nothing of them knows of us but the command line.
let app: App;
let receiver: Receiver;

beforeAll(async () => {
  app = await installSdk(['@langchain']);
});
afterAll(() => app.remove());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const runIt = (file: string, source: string, flag = '--import'): Promise<Ran> =>
  runApp(app, file, source, {
    flags: [flag, '@orchescope/sdk/register'],
    env: { ORCHESCOPE_ENDPOINT: receiver.url, ORCHESCOPE_FETCH: 'off' },
  });

/** Each span with those above it, whichever scope was sent first. */
const paths = (): string[] => receiver.spans.map(pathOf).sort();

const pathOf = ({ name, parentSpanId }: ReceivedSpan): string => {
  const parent = receiver.spans.find(({ spanId }) => spanId === parentSpanId);
  return parent ? `${pathOf(parent)} > ${name}` : name;
};

const program = `
const model = new FakeListChatModel({ responses: ['one', 'two', 'three'] });
const graph = new StateGraph(MessagesAnnotation)
  .addNode('work', async () => run({ kind: 'step', name: 'mine', type: 'stage' }, async () =>
    ({ messages: [await model.invoke('hello')] })))
  .addEdge(START, 'work')
  .addEdge('work', END)
  .compile();
const main = async () => {
  const { messages } = await graph.invoke({ messages: [] });
  console.log(messages.at(-1).text);
};
`;
const esm = `
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { run } from '@orchescope/sdk';
${program}`;
const cjs = `
const { FakeListChatModel } = require('@langchain/core/utils/testing');
const { END, MessagesAnnotation, START, StateGraph } = require('@langchain/langgraph');
const { run } = require('@orchescope/sdk');
${program}`;

const graph = [
  'invoke_workflow LangGraph',
  'invoke_workflow LangGraph > step work',
  'invoke_workflow LangGraph > step work > step mine',
  'invoke_workflow LangGraph > step work > step mine > chat FakeListChatModel',
];

test.each([
  ['app.mjs', esm, '--import'],
  ['app.cjs', cjs, '--import'],
  ['app.mjs', esm, '--require'],
  ['app.cjs', cjs, '--require'],
])('%s: a graph is traced, with no change to the program', async (file, source, flag) => {
  const { code, stdout, stderr } = await runIt(file, `${source} main();`, flag);
  expect([code, stdout, paths()]).toEqual([0, 'one\n', graph]);
  expect(stderr).toMatch(/^orchescope: .*attached: .*LangChain.*\n$/);
});

test('with await at the top of the program as well', async () => {
  await runIt('await.mjs', `${esm} await main(); await main();`);
  expect(paths()).toEqual([...graph, ...graph].sort());
});

test('it does not stand beside a handler that the user gives', async () => {
  const source = `${esm}
    import { orchescope } from '@orchescope/sdk/langchain';
    import { RunnableLambda } from '@langchain/core/runnables';
    await graph.withConfig({ callbacks: [orchescope({ agents: ['work'] })] }).invoke({ messages: [] });
    await RunnableLambda.from(() => graph.invoke({ messages: [] }, { callbacks: [orchescope()] })).invoke({});`;
  await runIt('by-hand.mjs', source);
  const given = [
    ...graph,
    'invoke_workflow LangGraph',
    'invoke_workflow LangGraph > invoke_agent work',
    'invoke_workflow LangGraph > invoke_agent work > step mine',
    'invoke_workflow LangGraph > invoke_agent work > step mine > chat FakeListChatModel',
    'invoke_workflow RunnableLambda',
  ];
  expect(paths()).toEqual(given.sort());
});

test('both copies in one program are traced', async () => {
  const source = `${esm}
    import { createRequire } from 'node:module';
    await main();
    const { RunnableLambda } = createRequire(import.meta.url)('@langchain/core/runnables');
    await RunnableLambda.from(() => 1).invoke(1);`;
  await runIt('both.mjs', source);
  expect(paths()).toEqual([...graph, 'invoke_workflow RunnableLambda']);
});

test('variables and hooks of the program go on working', async () => {
  const source = `${esm}
    import { getContextVariable, registerConfigureHook, setContextVariable } from '@langchain/core/context';
    import { RunnableLambda } from '@langchain/core/runnables';
    import { BaseCallbackHandler } from '@langchain/core/callbacks/base';
    class Theirs extends BaseCallbackHandler {
      name = 'theirs';
      handleChainStart() { console.log('theirs'); }
    }
    setContextVariable('who', 'user');
    setContextVariable('theirs', new Theirs());
    registerConfigureHook({ contextVar: 'theirs', inheritable: true });
    await RunnableLambda.from(() => console.log(getContextVariable('who'))).invoke({});`;
  const { stdout } = await runIt('variables.mjs', source);
  expect(stdout).toBe('theirs\nuser\n');
  expect(paths()).toEqual(['invoke_workflow RunnableLambda']);
});

test('a program that has LangChain and does not use it does not load it', async () => {
  const source = `
    const { run } = require('@orchescope/sdk');
    run({ kind: 'step', name: 'mine', type: 'stage' }, () => {});
    console.log(Object.keys(require.cache).filter((file) => file.includes('langchain/core')).length);`;
  const { stdout } = await runIt('idle.cjs', source);
  expect([stdout, paths()]).toEqual(['0\n', ['step mine']]);
});

test("someone else who asks the storage first is in nobody's way", async () => {
  const source = `globalThis[Symbol.for('ls:tracing_async_local_storage')].getStore(); ${cjs} main();`;
  const { code, stdout } = await runIt('asked.cjs', source);
  expect([code, stdout, paths()]).toEqual([0, 'one\n', graph]);
});
