import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { installSdk, type App } from '../test/install.ts';
import { startModelServer, type ModelServer, type Reply } from '../test/model-server.ts';
import { startReceiver, type Receiver } from '../test/receiver.ts';
import { runApp, type Ran } from '../test/run-app.ts';

// Real programs with real clients, started as a user would: nothing of them knows of us but the command line.
let app: App;
let models: ModelServer;
let receiver: Receiver;

beforeAll(async () => {
  app = await installSdk(['openai', '@google', '@anthropic-ai']);
  models = await startModelServer();
});
afterAll(async () => {
  await models.close();
  await app.remove();
});
beforeEach(async () => {
  receiver = await startReceiver();
  models.reply(openaiReply, geminiReply, claudeReply);
});
afterEach(() => receiver.close());

const openaiReply: Reply = {
  json: {
    id: 'c1',
    object: 'chat.completion',
    model: 'gpt-6',
    choices: [
      { index: 0, message: { role: 'assistant', content: 'private words' }, finish_reason: 'stop' },
    ],
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
  },
};
const geminiReply: Reply = {
  json: { candidates: [{ content: { role: 'model', parts: [{ text: 'private words' }] } }] },
};
const claudeReply: Reply = {
  json: {
    id: 'm1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-5',
    content: [{ type: 'text', text: 'private words' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 3, output_tokens: 2 },
  },
};

const runIt = (
  file: string,
  source: string,
  env: Readonly<Record<string, string>> = {},
  flags: readonly string[] = ['--import', '@orchescope/sdk/register'],
): Promise<Ran> =>
  runApp(app, file, source, {
    flags,
    env: { ORCHESCOPE_ENDPOINT: receiver.url, MODEL_URL: models.url, ...env },
  });

const names = (): string[] => receiver.spans.map(({ name }) => name);

const program = `
const { MODEL_URL } = process.env;
const ask = { messages: [{ role: 'user', content: 'private words' }] };
run({ kind: 'workflow', name: 'w' }, async () => {
  const openai = new OpenAI({ apiKey: 'k', baseURL: MODEL_URL + '/v1' });
  const answer = await openai.chat.completions.create({ model: 'gpt-6', ...ask });
  const gemini = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: MODEL_URL } });
  await gemini.models.generateContent({ model: 'gemini-3', contents: 'private words' });
  const claude = new Anthropic({ apiKey: 'k', baseURL: MODEL_URL });
  await claude.messages.create({ model: 'claude-sonnet-5', max_tokens: 9, ...ask });
  console.log(answer.choices[0].message.content);
});
`;
const esm = `
import OpenAI from 'openai';
import { GoogleGenAI } from '@google/genai';
import Anthropic from '@anthropic-ai/sdk';
import { run } from '@orchescope/sdk';
${program}`;
const cjs = `
const OpenAI = require('openai');
const { GoogleGenAI } = require('@google/genai');
const Anthropic = require('@anthropic-ai/sdk');
const { run } = require('@orchescope/sdk');
${program}`;

const calls = [
  'chat gpt-6',
  'generate_content gemini-3',
  'anthropic.messages.create',
  'invoke_workflow w',
];

test.each([
  ['app.mjs', esm, '--import'],
  ['app.cjs', cjs, '--import'],
  ['app.mjs', esm, '--require'],
  ['app.cjs', cjs, '--require'],
])('%s: every client makes one span a call', async (file, source, flag) => {
  const { code, stdout, stderr } = await runIt(file, source, {}, [
    flag,
    '@orchescope/sdk/register',
  ]);
  expect([code, stdout]).toEqual([0, 'private words\n']);
  expect(names()).toEqual(calls);
  expect(stderr).toBe(
    `orchescope: sending traces to ${receiver.url}/v1/traces; capture metadata; ` +
      'attached: fetch, OpenAI, Google GenAI, Anthropic, AI SDK\n',
  );
});

test.each([
  ['off', 0],
  ['metadata', 0],
  ['full', 6],
])('with capture %s the words are sent %i times', async (capture, times) => {
  await runIt('app.mjs', esm, { ORCHESCOPE_CAPTURE: capture });
  expect(names()).toEqual(calls);
  expect(JSON.stringify(receiver.spans).split('private words')).toHaveLength(times + 1);
});

test('ORCHESCOPE_FETCH=off leaves fetch alone', async () => {
  const { stdout, stderr } = await runIt('app.mjs', esm, { ORCHESCOPE_FETCH: 'off' });
  expect([stdout, names()]).toEqual(['private words\n', calls.slice(2)]);
  expect(stderr).toMatch(/attached: Anthropic, AI SDK\n$/);
});

test('attached twice and by hand as well, a call is one span', async () => {
  const source = `
    import { createRequire } from 'node:module';
    import { init } from '@orchescope/sdk';
    import { genaiFetch } from '@orchescope/sdk/openai';
    import OpenAI from 'openai';
    const require = createRequire(import.meta.url);
    init();
    require('@orchescope/sdk').init();
    const { genaiFetch: other } = require('@orchescope/sdk/fetch');
    const fetch = genaiFetch({ fetch: other() });
    const openai = new OpenAI({ apiKey: 'k', baseURL: process.env.MODEL_URL + '/v1', fetch });
    await openai.chat.completions.create({ model: 'gpt-6', messages: [] });`;
  const flags = ['--import', '@orchescope/sdk/register', '--require', '@orchescope/sdk/register'];
  const { code, stderr } = await runIt('twice.mjs', source, {}, flags);
  expect([code, names(), stderr.split('\n').length]).toEqual([0, ['chat gpt-6'], 2]);
});

test('fetch is still fetch', async () => {
  const source = `
    const answer = await fetch(process.env.MODEL_URL + '/anything', { method: 'POST', body: 'x' });
    const asked = new Request(process.env.MODEL_URL + '/v1/chat/completions', {
      method: 'POST', body: JSON.stringify({ model: 'm', messages: [] }) });
    await (await fetch(asked)).json();
    const failed = await fetch('nonsense').catch((error) => error.name);
    console.log(answer.ok, fetch.name, answer instanceof Response, failed);`;
  const { stdout } = await runIt('fetch.mjs', source);
  expect(stdout).toBe('true fetch true TypeError\n');
  expect(names()).toEqual(['chat m']);
  expect(models.requests.at(-1)?.body).toBe('{"model":"m","messages":[]}');
});

test('a package that cannot be read costs the program nothing, and the others are attached', async () => {
  const source = `console.log('fine');`;
  await rm(join(app.folder, 'node_modules/openai'));
  await mkdir(join(app.folder, 'node_modules/openai'));
  await writeFile(join(app.folder, 'node_modules/openai/package.json'), '{ "version": ');
  const { code, stdout, stderr } = await runIt('broken.cjs', source);
  expect([code, stdout]).toEqual([0, 'fine\n']);
  expect(stderr).toMatch(/attached: fetch, Google GenAI, Anthropic, AI SDK\n$/);
});
