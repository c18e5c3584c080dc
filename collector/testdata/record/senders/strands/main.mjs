// Strands Agents for TypeScript: an agent with one tool, with the conventions of 1.36 and, by `latest`, with the newest.
import { Agent, Model, tool } from '@strands-agents/sdk';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { z } from 'zod';

const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'strands-recording' }),
  spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter())],
});
provider.register();

class FakeModel extends Model {
  calls = 0;
  updateConfig() {}
  getConfig() {
    return { modelId: 'anthropic.claude-sonnet-4-5' };
  }
  async *stream() {
    this.calls++;
    yield { type: 'modelMessageStartEvent', role: 'assistant' };
    if (this.calls === 1) {
      const start = { type: 'toolUseStart', name: 'get_weather', toolUseId: 'tooluse_1' };
      yield { type: 'modelContentBlockStartEvent', start };
      const delta = { type: 'toolUseInputDelta', input: '{"city":"Lisbon"}' };
      yield { type: 'modelContentBlockDeltaEvent', delta };
    } else {
      yield { type: 'modelContentBlockStartEvent' };
      const delta = { type: 'textDelta', text: '21 degrees in Lisbon.' };
      yield { type: 'modelContentBlockDeltaEvent', delta };
    }
    yield { type: 'modelContentBlockStopEvent' };
    yield { type: 'modelMessageStopEvent', stopReason: this.calls === 1 ? 'toolUse' : 'endTurn' };
    yield {
      type: 'modelMetadataEvent',
      usage: { inputTokens: 64, outputTokens: 40, totalTokens: 104, cacheReadInputTokens: 256 },
      metrics: { latencyMs: 250 },
    };
  }
}

const getWeather = tool({
  name: 'get_weather',
  description: 'Weather of a city',
  inputSchema: z.object({ city: z.string() }),
  callback: ({ city }) => ({ city, celsius: 21 }),
});

const agent = new Agent({
  name: 'forecaster',
  model: new FakeModel(),
  tools: [getWeather],
  systemPrompt: 'Be short.',
  printer: false,
  traceAttributes: { 'session.id': 'session-7', 'user.id': 'ada' },
});
await agent.invoke('How warm is it in Lisbon?');
await provider.shutdown();
