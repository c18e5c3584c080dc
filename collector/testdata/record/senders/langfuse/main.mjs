// Langfuse for JavaScript: a trace with an agent, a generation, a tool that fails, a retriever and an event.
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { propagateAttributes, startActiveObservation, startObservation } from '@langfuse/tracing';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK } from '@opentelemetry/sdk-node';

const processor = new LangfuseSpanProcessor({
  publicKey: 'pk-lf-none',
  secretKey: 'sk-lf-none',
  baseUrl: 'http://127.0.0.1:1',
  environment: 'recording',
  exporter: new OTLPTraceExporter(),
});
const sdk = new NodeSDK({ serviceName: 'langfuse-recording', spanProcessors: [processor] });
sdk.start();

const shared = { sessionId: 'session-7', userId: 'ada', traceName: 'weather', tags: ['demo'] };
await propagateAttributes(shared, () =>
  startActiveObservation('answer-question', async (root) => {
    root.update({ input: { question: 'How warm is it in Lisbon?' } });
    await startActiveObservation('forecaster', ask, { asType: 'agent' });
    root.update({ output: { answer: '21 degrees in Lisbon.' } });
  }),
);
await processor.forceFlush();
await sdk.shutdown();

async function ask() {
  const retriever = startObservation('find-station', { input: 'Lisbon' }, { asType: 'retriever' });
  retriever.update({ output: [{ id: 'lis-1', content: 'Station Lisboa' }] }).end();
  const generation = startObservation(
    'answer',
    {
      model: 'gpt-5-mini',
      modelParameters: { temperature: 0.5 },
      input: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: 'How warm is it in Lisbon?' },
      ],
      metadata: { step: 1 },
      completionStartTime: new Date(Date.now() + 5),
    },
    { asType: 'generation' },
  );
  generation
    .update({
      output: { role: 'assistant', content: '21 degrees in Lisbon.' },
      usageDetails: { input: 320, output: 40, input_cached_tokens: 256, output_reasoning_tokens: 12, total: 360 },
      costDetails: { input: 0.0001, output: 0.00008, total: 0.00018 },
    })
    .end();
  const tool = startObservation('get_weather', { input: { city: 'Lisbon' } }, { asType: 'tool' });
  tool.update({ level: 'ERROR', statusMessage: 'the station did not answer' }).end();
  startObservation('gave-up', { input: 'after one try' }, { asType: 'event' });
}
