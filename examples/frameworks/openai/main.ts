import { NodeSDK } from '@opentelemetry/sdk-node';
import { observe, run } from '@orchescope/sdk';
import { genaiFetch } from '@orchescope/sdk/openai';
import OpenAI from 'openai';
import { startFakeProvider } from '../fake-provider.ts';
import { callsTool, embeds, says, streams, tooMany } from './replies.ts';

/**
 * A support desk on OpenAI's client, with a provider on this machine: an embedding, a tool that the client runs, a
 * request that is refused once, and a stream.
 */
const sdk = new NodeSDK({ serviceName: 'openai-example' });
sdk.start();
const provider = await startFakeProvider([
  embeds(9),
  callsTool('chatcmpl-1', 'lookUpOrder', { id: '4711' }, { prompt: 310, completion: 18 }),
  says('chatcmpl-2', 'Order 4711 is on its way.', { prompt: 362, completion: 9, cached: 256 }),
  tooMany,
  streams('chatcmpl-3', ['Dear', ' Ada', ','], { prompt: 120, completion: 3 }),
]);

const openai = new OpenAI({
  apiKey: 'none',
  baseURL: `${provider.url}/v1`,
  fetch: genaiFetch(),
});

const lookUpOrder = observe(async ({ id }: { id: string }) => ({ id, status: 'shipped' }), {
  kind: 'tool',
  name: 'lookUpOrder',
});

const answer = await run({ kind: 'agent', name: 'support' }, async () => {
  const question = 'Where is my order 4711?';
  await openai.embeddings.create({ model: 'text-embedding-3-small', input: question });
  const runner = openai.chat.completions.runTools({
    model: 'gpt-5-mini',
    messages: [{ role: 'user', content: question }],
    tools: [
      {
        type: 'function',
        function: {
          name: 'lookUpOrder',
          description: 'Find an order by its number',
          parameters: { type: 'object', properties: { id: { type: 'string' } } },
          parse: JSON.parse,
          function: lookUpOrder,
        },
      },
    ],
  });
  return runner.finalContent();
});

const letter = await run({ kind: 'agent', name: 'writer' }, async () => {
  let text = '';
  const stream = await openai.chat.completions.create({
    model: 'gpt-5-mini',
    messages: [{ role: 'user', content: `Begin a letter that says: ${answer}` }],
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  return text;
});

provider.stop();
await sdk.shutdown().catch((error: unknown) => {
  console.error(`The spans could not be sent, is the collector running? ${String(error)}`);
  process.exitCode = 1;
});
console.log(`openai: ${answer} ${letter}`);
