// The OpenAI Agents SDK: an agent with a tool hands over to another; a guardrail watches the first.
import { Agent, handoff, run, setTraceProcessors, tool, withTrace } from '@openai/agents';
import { z } from 'zod';
import { toSpan, toTraceSpan } from './to-otlp.mjs';

const spans = [];
const started = new Map();
setTraceProcessors([
  {
    onTraceStart: async (trace) => started.set(trace.traceId, new Date().toISOString()),
    onTraceEnd: async (trace) => {
      spans.push(toTraceSpan(trace, started.get(trace.traceId), new Date().toISOString()));
    },
    onSpanStart: async () => {},
    onSpanEnd: async (span) => {
      spans.push(toSpan(span));
    },
    shutdown: async () => {},
    forceFlush: async () => {},
  },
]);

const getWeather = tool({
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: z.object({ city: z.string() }),
  execute: async ({ city }) => `21 degrees in ${city}`,
});
const polite = {
  name: 'polite',
  execute: async () => ({ tripwireTriggered: false, outputInfo: 'fine' }),
};
const writer = new Agent({ name: 'writer', instructions: 'Write it down.', model: 'gpt-5-mini' });
const forecaster = new Agent({
  name: 'forecaster',
  instructions: 'Be short.',
  model: 'gpt-5-mini',
  tools: [getWeather],
  inputGuardrails: [polite],
});
const triage = new Agent({
  name: 'triage',
  instructions: 'Hand over.',
  model: 'gpt-5-mini',
  handoffs: [handoff(writer)],
});

await withTrace(
  'weather',
  async () => {
    await run(forecaster, 'How warm is it in Lisbon?');
    await run(triage, 'Write to my aunt.');
  },
  { groupId: 'group_7' },
);

const scope = { name: '@orchescope/openai-agents', version: '0.1.0' };
const resource = {
  attributes: [{ key: 'service.name', value: { stringValue: 'openai-agents-recording' } }],
};
await fetch(`${process.env.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] }),
});
