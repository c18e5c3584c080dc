import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { instrument } from './instrument.ts';
import { createGraph } from './graph.ts';

/** A supervisor with two workers in LangGraph.js, with fake models. `instrument.ts` is all that tracing needs. */
const sdk = instrument('langgraph-example');
const graph = createGraph();
const state = await graph.invoke(
  { messages: [new HumanMessage('How did tram ticket prices in Lisbon change, in percent?')] },
  { runName: 'ticket-prices', configurable: { thread_id: 'thread-42' } },
);
const answer = state.messages.findLast((message) => AIMessage.isInstance(message));

await sdk.shutdown().catch((error: unknown) => {
  console.error(`The spans could not be sent, is the collector running? ${String(error)}`);
  process.exitCode = 1;
});
console.log(`langgraph: ${state.messages.length} messages, the last: ${answer?.text ?? 'none'}`);
