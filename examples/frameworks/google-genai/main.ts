import { GoogleGenAI } from '@google/genai';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { observe, run } from '@orchescope/sdk';
import { genaiFetch } from '@orchescope/sdk/google-genai';
import { startFakeProvider } from '../fake-provider.ts';
import { answers, streams } from './replies.ts';

/** A travel desk on Google's client, with a provider on this machine: a chat with a tool, then a stream. */
const sdk = new NodeSDK({ serviceName: 'google-genai-example' });
sdk.start();
const provider = await startFakeProvider([
  answers(
    { functionCall: { name: 'getWeather', args: { city: 'Lisbon' } } },
    { prompt: 88, answer: 12, thoughts: 30 },
  ),
  answers({ text: 'Take sunglasses.' }, { prompt: 131, answer: 4, thoughts: 16 }),
  streams(['Lisbon', ' is', ' clear.'], { prompt: 40, answer: 5, thoughts: 0 }),
]);

const gemini = new GoogleGenAI({
  apiKey: 'none',
  httpOptions: { baseUrl: provider.url, fetch: genaiFetch() },
});

const getWeather = observe(async (city: string) => ({ city, sky: 'clear' }), {
  kind: 'tool',
  name: 'getWeather',
});

const model = 'gemini-2.5-flash';

const advice = await run({ kind: 'agent', name: 'packer' }, async () => {
  const chat = gemini.chats.create({
    model,
    config: {
      tools: [{ functionDeclarations: [{ name: 'getWeather', description: 'Weather of a city' }] }],
    },
  });
  const asked = await chat.sendMessage({ message: 'What do I pack for Lisbon?' });
  const city = String(asked.functionCalls?.[0]?.args?.['city']);
  const response = await getWeather(city);
  const told = await chat.sendMessage({
    message: [{ functionResponse: { name: 'getWeather', response } }],
  });
  return told.text;
});

const greeting = await run({ kind: 'agent', name: 'greeter' }, async () => {
  let text = '';
  const contents = 'Write a postcard of one sentence.';
  for await (const chunk of await gemini.models.generateContentStream({ model, contents }))
    text += chunk.text ?? '';
  return text;
});

provider.stop();
await sdk.shutdown().catch((error: unknown) => {
  console.error(`The spans could not be sent, is the collector running? ${String(error)}`);
  process.exitCode = 1;
});
console.log(`google-genai: ${advice} ${greeting}`);
