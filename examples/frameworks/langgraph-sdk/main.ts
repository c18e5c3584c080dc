import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { orchescope } from '@orchescope/sdk/langchain';
import { createGraph } from '../langgraph/graph.ts';

/** The supervisor and its workers of `../langgraph`, traced by the handler of our SDK. */
const sdk = new NodeSDK({ serviceName: 'langgraph-sdk-example' });
sdk.start();
const graph = createGraph().withConfig({
  callbacks: [orchescope({ agents: ['supervisor', 'researcher', 'analyst'] })],
});
const state = await graph.invoke(
  { messages: [new HumanMessage('How did tram ticket prices in Lisbon change, in percent?')] },
  { runName: 'ticket-prices', configurable: { thread_id: 'thread-42' } },
);
const answer = state.messages.findLast((message) => AIMessage.isInstance(message));

await sdk.shutdown().catch((error: unknown) => {
  console.error(`The spans could not be sent, is the collector running? ${String(error)}`);
  process.exitCode = 1;
});
console.log(
  `langgraph-sdk: ${state.messages.length} messages, the last: ${answer?.text ?? 'none'}`,
);
