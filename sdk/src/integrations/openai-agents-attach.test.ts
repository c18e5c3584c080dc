import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { installSdk, type App } from '../test/install.ts';
import { startReceiver, type Receiver } from '../test/receiver.ts';
import { runApp } from '../test/run-app.ts';

// Real programs with the real library in every order of loading: importing it sets its processors anew, once a copy.
let app: App;
let receiver: Receiver;

beforeAll(async () => {
  app = await installSdk(['@openai']);
});
afterAll(() => app.remove());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const program = `
const look = tool({
  name: 'look',
  description: 'looks',
  parameters: { type: 'object', properties: {}, required: [], additionalProperties: false },
  execute: () => {
    const around = trace.getActiveSpan()?.name;
    return step({ kind: 'step', name: 'mine', type: 'stage' }, async () => 'in ' + around);
  },
});
const model = new ScriptedModel([[functionCall('look', {}, { callId: 'c1' })], [assistantMessage('hi')]]);
const main = async () => {
  const { newItems } = await run(new Agent({ name: 'clerk', tools: [look], model }), 'hello');
  console.log(newItems.find(({ type }) => type === 'tool_call_output_item').output);
};`;

const tree = `invoke_workflow Agent workflow
  invoke_agent clerk
    step turn
      execute_tool look
        step mine
    step turn`;

const esm = (names: string): string => `const { ${names} } = await import('@openai/agents');
const { ScriptedModel, assistantMessage, functionCall } = await import('@openai/agents/testing');`;
const otherCopy = `createRequire(import.meta.url)('@openai/agents');`;

const orders: readonly (readonly [string, string])[] = [
  ['before the library is loaded', `openaiAgents(); ${esm('Agent, run, tool')}`],
  ['after the library is loaded', `${esm('Agent, run, tool')} openaiAgents();`],
  ['before both copies of it', `openaiAgents(); ${esm('Agent, run, tool')} ${otherCopy}`],
  ['between its two copies', `${esm('Agent, run, tool')} openaiAgents(); ${otherCopy}`],
  [
    'instead of what is there',
    `${esm('Agent, run, tool, setTraceProcessors')} setTraceProcessors([openaiAgents()]);`,
  ],
  [
    'beside what is there',
    `${esm('Agent, run, tool, addTraceProcessor')} addTraceProcessor(openaiAgents());`,
  ],
  [
    'by either copy of ours',
    `createRequire(import.meta.url)('@orchescope/sdk/openai-agents').openaiAgents();
     openaiAgents(); ${esm('Agent, run, tool')}`,
  ],
];

test.each(orders)('attached %s', async (_, loading) => {
  const source = `
    import { createRequire } from 'node:module';
    import { trace } from '@opentelemetry/api';
    import { run as step } from '@orchescope/sdk';
    import { openaiAgents } from '@orchescope/sdk/openai-agents';
    import { record } from '@orchescope/sdk/testing';
    const recording = record();
    ${loading}
    ${program}
    await main();
    console.log(recording.printTree());`;
  const { code, stdout } = await runApp(app, 'order.mjs', source, { flags: [], env: {} });
  expect([code, stdout.trimEnd()]).toEqual([0, `in execute_tool look\n${tree}`]);
});

const required = `
const { Agent, run, tool } = require('@openai/agents');
const { ScriptedModel, assistantMessage, functionCall } = require('@openai/agents/testing');
const { trace } = require('@opentelemetry/api');
const { run: step } = require('@orchescope/sdk');
${program} main();`;
const imported = `
import { createRequire } from 'node:module';
import { Agent, run, tool } from '@openai/agents';
import { ScriptedModel, assistantMessage, functionCall } from '@openai/agents/testing';
import { trace } from '@opentelemetry/api';
import { run as step } from '@orchescope/sdk';
${program}`;

test.each([
  ['app.mjs', '--import', `${imported} await main();`],
  ['app.cjs', '--import', required],
  ['app.mjs', '--require', `${imported} await main();`],
  ['both.mjs', '--import', `${imported} ${otherCopy} await main();`],
])('%s with %s is traced without a word of its own', async (file, flag, source) => {
  const { code, stdout, stderr } = await runApp(app, file, source, {
    flags: [flag, '@orchescope/sdk/register'],
    env: { ORCHESCOPE_ENDPOINT: receiver.url },
  });
  expect([code, stdout]).toEqual([0, 'in execute_tool look\n']);
  expect(stderr).toMatch(/attached: [^\n]*OpenAI Agents/);
  expect(receiver.spans.map(({ name }) => name).toSorted()).toEqual(
    tree
      .split('\n')
      .map((line) => line.trim())
      .toSorted(),
  );
});
