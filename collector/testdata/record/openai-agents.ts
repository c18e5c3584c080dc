/** The OpenAI Agents SDK, traced by our processor: a tool, a guardrail, a handoff, and a run that is streamed. */
import { Agent, handoff, run, setTraceProcessors, tool, withTrace } from '@openai/agents';
import { init } from '@orchescope/sdk';
import { openaiAgents } from '@orchescope/sdk/openai-agents';
import { z } from 'zod';

const telemetry = init({ serviceName: 'openai-agents-recording', capture: 'full' });
setTraceProcessors([openaiAgents()]);

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
    const written = await run(triage, 'Write to my aunt.', { stream: true });
    await written.completed;
  },
  { groupId: 'group_7', metadata: { tier: 'gold' } },
);
await telemetry.shutdown();
