import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { installSdk, type App } from '../test/install.ts';
import { startReceiver, type Receiver } from '../test/receiver.ts';
import { runApp } from '../test/run-app.ts';

// Real programs, with the SDK as it is published.
let app: App;
let receiver: Receiver;

beforeAll(async () => {
  app = await installSdk(['@mastra', 'zod']);
});
afterAll(() => app.remove());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const program = `
const usage = { inputTokens: { total: 3 }, outputTokens: { total: 2 } };
const model = new MockLanguageModelV4({ provider: 'openai.chat', modelId: 'gpt-6', doGenerate: async () => ({
  finishReason: { unified: 'stop' }, usage, warnings: [], content: [{ type: 'text', text: 'private words' }] }) });
const agents = { clerk: new Agent({ id: 'clerk', name: 'Clerk', instructions: 'private words', model }) };
const configs = { default: { serviceName: 'x', bridge: orchescope() } };
const mastra = new Mastra({ agents, logger: false, observability: new Observability({ configs }) });
mastra.getAgent('clerk').generate('private words').then(({ text }) => console.log(text));
`;
const esm = `
import { Mastra } from '@mastra/core';
import { Agent } from '@mastra/core/agent';
import { Observability } from '@mastra/observability';
import { orchescope } from '@orchescope/sdk/mastra';
import { MockLanguageModelV4 } from 'ai/test';
${program}`;
const cjs = `
const { Mastra } = require('@mastra/core');
const { Agent } = require('@mastra/core/agent');
const { Observability } = require('@mastra/observability');
const { orchescope } = require('@orchescope/sdk/mastra');
const { MockLanguageModelV4 } = require('ai/test');
${program}`;

test.each([
  ['app.mjs', esm],
  ['app.cjs', cjs],
])('%s: an agent is traced by one line, and its words stay at home', async (file, source) => {
  const { code, stdout } = await runApp(app, file, source, {
    flags: ['--import', '@orchescope/sdk/register'],
    env: { ORCHESCOPE_ENDPOINT: receiver.url, ORCHESCOPE_FETCH: 'off' },
  });
  expect([code, stdout]).toEqual([0, 'private words\n']);
  const spans = receiver.spans.map(({ name, scope }) => [scope, name]);
  expect(spans).toEqual([
    ['@orchescope/mastra', 'chat gpt-6'],
    ['@orchescope/mastra', 'step turn'],
    ['@orchescope/mastra', 'invoke_agent Clerk'],
  ]);
  expect(JSON.stringify(receiver.spans)).not.toContain('private words');
});
