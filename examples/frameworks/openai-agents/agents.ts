import { Agent, tool } from '@openai/agents';
import { run } from '@orchescope/sdk';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const lookUp = tool({
  name: 'look_up',
  description: 'Find an order by its number',
  parameters: z.object({ id: z.string() }),
  // A span of our own stands below the tool's.
  execute: ({ id }) =>
    run({ kind: 'retrieval', name: 'orders', source: 'orders', query: id }, async () => {
      await sleep(10);
      return { id, status: 'shipped' };
    }),
});

const orders = new Agent({
  name: 'orders',
  model: 'gpt-5-mini',
  instructions: 'You know the orders.',
  tools: [lookUp],
  outputGuardrails: [
    {
      name: 'no_addresses',
      execute: async ({ agentOutput }) => ({
        tripwireTriggered: /\bstreet\b/i.test(String(agentOutput)),
        outputInfo: null,
      }),
    },
  ],
});

export const triage = new Agent({
  name: 'triage',
  model: 'gpt-5-mini',
  instructions: 'You find out who can help.',
  handoffs: [orders],
  inputGuardrails: [
    {
      name: 'polite',
      // Before the model is asked, not beside it.
      runInParallel: false,
      execute: async () => {
        await sleep(5);
        return { tripwireTriggered: false, outputInfo: null };
      },
    },
  ],
});
