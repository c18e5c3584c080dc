import { OpenAIProvider, Runner, setTraceProcessors, withTrace } from '@openai/agents';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { genaiFetch } from '@orchescope/sdk/openai';
import { openaiAgents } from '@orchescope/sdk/openai-agents';
import OpenAI from 'openai';
import { startFakeProvider } from '../fake-provider.ts';
import { triage } from './agents.ts';
import { asksFor, says, streams, tooMany } from './replies.ts';

/**
 * A support desk of two agents on the OpenAI Agents SDK, with a provider on this machine: guardrails, a handoff, a tool
 * with a step of its own, a request that is refused once, and a streamed run in the same trace.
 */
const sdk = new NodeSDK({ serviceName: 'openai-agents-example' });
sdk.start();
setTraceProcessors([openaiAgents()]);

const provider = await startFakeProvider([
  asksFor('resp_1', 'transfer_to_orders', {}, { input: 310, output: 14 }),
  tooMany,
  asksFor('resp_2', 'look_up', { id: '4711' }, { input: 402, output: 18, cached: 256 }),
  says('resp_3', 'Order 4711 is on its way.', { input: 455, output: 9, cached: 384 }),
  streams('resp_4', ['It', ' comes', ' on Friday.'], { input: 470, output: 4, cached: 384 }),
]);
const openAIClient = new OpenAI({
  apiKey: 'none',
  baseURL: `${provider.url}/v1`,
  fetch: genaiFetch(),
});
const runner = new Runner({ modelProvider: new OpenAIProvider({ openAIClient }) });

const talk = async (): Promise<string> => {
  const first = await runner.run(triage, 'Where is my order 4711?');
  const orders = first.lastAgent ?? triage;
  const question = { role: 'user' as const, content: 'When does it come?' };
  const second = await runner.run(orders, [...first.history, question], { stream: true });
  await second.completed;
  return `${first.finalOutput} ${second.finalOutput}`;
};
const answer = await withTrace('support', talk, {
  groupId: 'chat-42',
  metadata: { shop: 'lisbon' },
});

provider.stop();
await sdk.shutdown().catch((error: unknown) => {
  console.error(`The spans could not be sent, is the collector running? ${String(error)}`);
  process.exitCode = 1;
});
console.log(`openai-agents: ${answer}`);
