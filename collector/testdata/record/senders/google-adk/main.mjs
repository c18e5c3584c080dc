// Google ADK for JavaScript: an agent that calls a tool and then hands over to another agent.
import { BaseLlm, FunctionTool, InMemoryRunner, LlmAgent } from '@google/adk';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { z } from 'zod';

const sdk = new NodeSDK({ serviceName: 'adk-recording', traceExporter: new OTLPTraceExporter() });
sdk.start();

class FakeLlm extends BaseLlm {
  constructor(answers) {
    super({ model: 'gemini-2.5-flash' });
    this.answers = answers;
  }
  async *generateContentAsync() {
    yield {
      content: { role: 'model', parts: [this.answers.shift()] },
      finishReason: 'STOP',
      usageMetadata: {
        promptTokenCount: 320,
        candidatesTokenCount: 40,
        totalTokenCount: 360,
        cachedContentTokenCount: 256,
      },
    };
  }
}

const getWeather = new FunctionTool({
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => ({ city, celsius: 21 }),
});
const weather = new LlmAgent({
  name: 'forecaster',
  description: 'Knows the weather',
  instruction: 'Be short.',
  tools: [getWeather],
  model: new FakeLlm([
    { functionCall: { name: 'get_weather', args: { city: 'Lisbon' } } },
    { text: '21 degrees in Lisbon.' },
  ]),
});
const root = new LlmAgent({
  name: 'concierge',
  instruction: 'Hand over.',
  subAgents: [weather],
  model: new FakeLlm([
    { functionCall: { name: 'transfer_to_agent', args: { agentName: 'forecaster' } } },
  ]),
});
const runner = new InMemoryRunner({ agent: root, appName: 'weather' });
const session = await runner.sessionService.createSession({ appName: 'weather', userId: 'ada' });
const newMessage = { role: 'user', parts: [{ text: 'How warm is it in Lisbon?' }] };
for await (const _ of runner.runAsync({ userId: 'ada', sessionId: session.id, newMessage }));
await sdk.shutdown();
process.exit(0);
