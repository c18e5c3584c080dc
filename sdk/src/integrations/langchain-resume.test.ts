import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { installSdk, type App } from '../test/install.ts';
import { startReceiver, type ReceivedSpan, type Receiver } from '../test/receiver.ts';
import { runApp } from '../test/run-app.ts';

// A graph that asks a person in one process and goes on in another, with a checkpointer that both read.
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

/** LangGraph's own memory, kept in a file. */
const graph = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { Annotation, Command, END, interrupt, MemorySaver, START, StateGraph } from '@langchain/langgraph';
class FileSaver extends MemorySaver {
  constructor(file) {
    super();
    this.file = file;
    if (existsSync(file)) Object.assign(this, deserialize(readFileSync(file)));
  }
  keep() {
    const { storage, writes } = this;
    writeFileSync(this.file, serialize({ storage, writes }));
  }
  async put(...args) {
    const saved = await super.put(...args);
    this.keep();
    return saved;
  }
  async putWrites(...args) {
    await super.putWrites(...args);
    this.keep();
  }
}
const app = new StateGraph(Annotation.Root({ said: Annotation() }))
  .addNode('draft', async () => ({ said: 'draft' }))
  .addNode('ask', async () => ({ said: interrupt('May it be sent?') }))
  .addEdge(START, 'draft')
  .addEdge('draft', 'ask')
  .addEdge('ask', END)
  .compile({ checkpointer: new FileSaver('checkpoints.bin'), name: 'letters' });
const thread = { configurable: { thread_id: 'thread-1' } };
`;

const run = async (file: string, input: string): Promise<string> => {
  const source = `${graph} console.log(JSON.stringify(await app.invoke(${input}, thread)));`;
  const { code, stdout } = await runApp(app, file, source, {
    flags: ['--import', '@orchescope/sdk/register'],
    env: { ORCHESCOPE_ENDPOINT: receiver.url, ORCHESCOPE_FETCH: 'off' },
  });
  expect(code).toBe(0);
  return stdout;
};

const workflows = (): readonly ReceivedSpan[] =>
  receiver.spans.filter(({ name }) => name === 'invoke_workflow letters');

const checkpoints = (span: ReceivedSpan | undefined): unknown[] =>
  (span?.events ?? [])
    .filter(({ name }) => name === 'orchescope.checkpoint')
    .map(({ attributes }) => [
      attributes['orchescope.checkpoint.op'],
      attributes['orchescope.checkpoint.id'],
    ]);

test('a pause and its resume in another process name one thread and one checkpoint', async () => {
  await run('pause.mjs', '{}');
  expect(await run('resume.mjs', `new Command({ resume: 'yes' })`)).toBe('{"said":"yes"}\n');
  const [before, after] = workflows();
  const [[saved, id] = []] = checkpoints(before) as [string, string][];
  expect(saved).toBe('save');
  expect(id).toMatch(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
  expect(checkpoints(after)).toEqual([['load', id]]);
  const told = workflows().map(({ attributes }) => [
    attributes['gen_ai.conversation.id'],
    attributes['orchescope.run.outcome'],
  ]);
  expect(told).toEqual([
    ['thread-1', 'suspended'],
    ['thread-1', 'completed'],
  ]);
});

test('what was done before the pause is not done again', async () => {
  await run('pause.mjs', '{}');
  await run('resume.mjs', `new Command({ resume: 'yes' })`);
  const steps = receiver.spans.filter(({ name }) => name.startsWith('step'));
  expect(steps.map(({ name }) => name)).toEqual(['step draft', 'step ask', 'step ask']);
});
