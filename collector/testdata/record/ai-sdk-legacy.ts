/** The `ai.*` spans of AI SDK 4 to 6, as version 7 still makes them. */
import { LegacyOpenTelemetry } from '@ai-sdk/otel';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { embedMany, generateText, isStepCount, registerTelemetry, tool } from 'ai';
import { z } from 'zod';
import { callsTool, fakeEmbeddingModel, fakeModel, says } from './fake-models.ts';

const sdk = new NodeSDK({ serviceName: 'ai-sdk-legacy-recording' });
sdk.start();
registerTelemetry(new LegacyOpenTelemetry());

const getWeather = tool({
  description: 'Weather of a city',
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => ({ city, celsius: 21 }),
});

const answers = [callsTool('getWeather', { city: 'Lisbon' }), says('21 degrees in Lisbon.')];
await generateText({
  model: fakeModel('gpt-5-mini', answers),
  system: 'Be short.',
  prompt: 'How warm is it in Lisbon?',
  tools: { getWeather },
  stopWhen: isStepCount(3),
  telemetry: { functionId: 'weather-agent' },
});
await embedMany({ model: fakeEmbeddingModel('text-embedding-3-small'), values: ['a', 'b'] });
await sdk.shutdown();
