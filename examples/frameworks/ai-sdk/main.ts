import { OpenTelemetry } from '@ai-sdk/otel';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { generateText, isStepCount, registerTelemetry, streamText, tool } from 'ai';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { fakeModel, says, streams, callsTools } from './fake-model.ts';

/**
 * A Vercel AI SDK app with a fake model, traced by the SDK's own `@ai-sdk/otel`: tools, several steps, an agent
 * called through a tool, a stream, and a tool that fails.
 */
const sdk = new NodeSDK({ serviceName: 'ai-sdk-example' });
sdk.start();
registerTelemetry(new OpenTelemetry({ agentSpanName: 'functionId' }));

const getWeather = tool({
  description: 'Weather of a city on a day',
  inputSchema: z.object({ city: z.string(), day: z.string() }),
  execute: async ({ city }) => {
    await sleep(20);
    return { city, celsius: 21, sky: 'clear' };
  },
});

const bookTable = tool({
  description: 'Book a table in a restaurant',
  inputSchema: z.object({ restaurant: z.string(), people: z.number() }),
  execute: async ({ restaurant }): Promise<string> => {
    await sleep(15);
    throw new Error(`${restaurant} takes no bookings on Fridays`);
  },
});

const askCritic = tool({
  description: 'Ask the restaurant critic for one name',
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => {
    const { text } = await generateText({
      model: fakeModel('gemini-3-flash', [says('Taberna da Rua das Flores.', 240, 12)]),
      prompt: `One restaurant in ${city}, name only.`,
      telemetry: { functionId: 'critic' },
    });
    return text;
  },
});

const evening = await generateText({
  model: fakeModel('claude-sonnet-4-5', [
    callsTools([
      { toolName: 'askCritic', input: { city: 'Lisbon' } },
      { toolName: 'getWeather', input: { city: 'Lisbon', day: 'Friday' } },
    ]),
    callsTools([{ toolName: 'bookTable', input: { restaurant: 'Taberna', people: 2 } }]),
    says('It will be clear. Taberna takes no bookings on Fridays, so come before seven.', 1320, 44),
  ]),
  system: 'You plan evenings. Use the tools.',
  prompt: 'Plan a dinner for two in Lisbon on Friday.',
  tools: { getWeather, bookTable, askCritic },
  stopWhen: isStepCount(5),
  telemetry: { functionId: 'concierge' },
});

const postcard = streamText({
  model: fakeModel('gpt-5-mini', [streams(['Lisbon', ' is', ' clear', ' tonight', '.'])]),
  prompt: 'Write a postcard of one sentence.',
  telemetry: { functionId: 'postcard' },
});
const card = await postcard.text;

await sdk.shutdown().catch((error: unknown) => {
  console.error(`The spans could not be sent, is the collector running? ${String(error)}`);
  process.exitCode = 1;
});
console.log(`ai-sdk: ${evening.steps.length} steps, then a stream: ${card}`);
