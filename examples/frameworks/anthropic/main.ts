import Anthropic from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { run } from '@orchescope/sdk';
import { startFakeProvider } from '../fake-provider.ts';
import { answers, streams } from './replies.ts';

/**
 * A library desk on Anthropic's client, with a provider on this machine: its tool runner, and a stream. The client
 * makes its spans itself; what we name around them and inside its tools stands in the same trace.
 */
const sdk = new NodeSDK({ serviceName: 'anthropic-example' });
sdk.start();
const provider = await startFakeProvider([
  answers(
    'msg_1',
    { type: 'tool_use', id: 'toolu_1', name: 'findBook', input: { title: 'Emma' } },
    { input: 210, output: 30 },
  ),
  answers(
    'msg_2',
    { type: 'text', text: 'Emma is on shelf 7.' },
    { input: 60, output: 9, cached: 200 },
  ),
  streams('msg_3', ['Happy', ' reading', '!'], { input: 30, output: 4 }),
]);

const claude = new Anthropic({ apiKey: 'none', baseURL: provider.url });

const findBook = betaTool({
  name: 'findBook',
  description: 'Find a book by its title',
  inputSchema: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] },
  run: ({ title }) =>
    run({ kind: 'retrieval', name: 'catalogue' }, async () => `${String(title)}: shelf 7`),
});

const model = 'claude-sonnet-5';

const found = await run({ kind: 'workflow', name: 'library' }, async () => {
  const message = await claude.beta.messages.toolRunner({
    model,
    max_tokens: 200,
    messages: [{ role: 'user', content: 'Where is Emma?' }],
    tools: [findBook],
  });
  const wish = await claude.messages
    .stream({ model, max_tokens: 50, messages: [{ role: 'user', content: 'Wish me well.' }] })
    .finalText();
  const [answer] = message.content;
  return `${answer?.type === 'text' ? answer.text : ''} ${wish}`;
});

provider.stop();
await sdk.shutdown().catch((error: unknown) => {
  console.error(`The spans could not be sent, is the collector running? ${String(error)}`);
  process.exitCode = 1;
});
console.log(`anthropic: ${found}`);
