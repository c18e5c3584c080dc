import { createStep, createWorkflow } from '@mastra/core/workflows';
import { z } from 'zod';

const city = z.object({ city: z.string() });
const text = z.object({ text: z.string() });

/** A step that asks one agent. */
const asks = <Id extends string>(id: Id, agentId: string) =>
  createStep({
    id,
    inputSchema: city,
    outputSchema: text,
    execute: async ({ inputData, mastra }) => {
      const { text } = await mastra.getAgent(agentId).generate(`About ${inputData.city}, please.`);
      return { text };
    },
  });

let failures = 1;

/** Fails the first time: the workflow tries it again. */
const findCity = createStep({
  id: 'find_city',
  inputSchema: city,
  outputSchema: city,
  execute: async ({ inputData }) => {
    if (failures-- > 0) throw new Error('the map is not here yet');
    return inputData;
  },
});

const write = createStep({
  id: 'write',
  inputSchema: z.object({ weather: text, fares: text }),
  outputSchema: text,
  execute: async ({ inputData, mastra }) => {
    const { weather, fares } = inputData;
    const { text } = await mastra.getAgent('writer').generate(`${weather.text} ${fares.text}`);
    return { text };
  },
});

/** Weather and fares side by side, then one sentence of both. */
export const cityTrip = createWorkflow({
  id: 'city-trip',
  inputSchema: city,
  outputSchema: text,
  retryConfig: { attempts: 2, delay: 10 },
})
  .then(findCity)
  .parallel([asks('weather', 'guide'), asks('fares', 'clerk')])
  .then(write)
  .commit();
