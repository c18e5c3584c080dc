import { Mastra } from '@mastra/core';
import { Observability } from '@mastra/observability';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { orchescope } from '@orchescope/sdk/mastra';
import { clerk, guide, writer } from './agents.ts';
import { cityTrip } from './workflow.ts';

/** A workflow of Mastra's with three agents and a fake model, traced by the bridge of our SDK. */
const sdk = new NodeSDK({ serviceName: 'mastra-example' });
sdk.start();
const mastra = new Mastra({
  agents: { guide, clerk, writer },
  workflows: { cityTrip },
  logger: false,
  observability: new Observability({
    configs: { default: { serviceName: 'mastra-example', bridge: orchescope() } },
  }),
});
const trip = await mastra.getWorkflow('cityTrip').createRun();
const done = await trip.start({
  inputData: { city: 'Lisbon' },
  tracingOptions: { tags: ['spring'], metadata: { userId: 'user-7', sessionId: 'trip-42' } },
});

await sdk.shutdown().catch((error: unknown) => {
  console.error(`The spans could not be sent, is the collector running? ${String(error)}`);
  process.exitCode = 1;
});
const answer = done.status === 'success' ? done.result.text : done.status;
console.log(`mastra: ${Object.keys(done.steps).length - 1} steps, the last: ${answer}`);
