/** AI SDK 7 with `@ai-sdk/otel` and everything it can add: embeddings, an object, runtime context. */
import { OpenTelemetry } from '@ai-sdk/otel';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { embed, embedMany, generateText, Output, registerTelemetry } from 'ai';
import { z } from 'zod';
import { fakeEmbeddingModel, fakeModel, says } from './fake-models.ts';

const sdk = new NodeSDK({ serviceName: 'ai-sdk-recording' });
sdk.start();
registerTelemetry(
  new OpenTelemetry({
    embedding: true,
    reranking: true,
    providerMetadata: true,
    usage: true,
    schema: true,
    toolChoice: true,
    runtimeContext: true,
  }),
);

await embed({ model: fakeEmbeddingModel('text-embedding-3-small'), value: 'a quiet hotel' });
await embedMany({ model: fakeEmbeddingModel('text-embedding-3-small'), values: ['a', 'b'] });
await generateText({
  model: fakeModel('gpt-5-mini', [says('{"hotel":"Casa do Largo"}')]),
  prompt: 'Name one hotel.',
  output: Output.object({ schema: z.object({ hotel: z.string() }) }),
  telemetry: { functionId: 'hotel-picker' },
});
await generateText({
  model: fakeModel('gpt-5-mini', []),
  prompt: 'This call fails.',
  maxRetries: 0,
}).catch(() => 'the failed call is part of the recording');
await sdk.shutdown();
