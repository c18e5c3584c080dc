import { Agent } from '@mastra/core/agent';
import type { MastraModelConfig } from '@mastra/core/llm';
import { createTool } from '@mastra/core/tools';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { callsTools, fakeModel, says, type Turn } from '../ai-sdk/fake-model.ts';

/** The AI SDK's fake promises less of its results than Mastra's types ask for. */
const model = (modelId: string, turns: readonly Turn[]): MastraModelConfig =>
  fakeModel(modelId, turns) as unknown as MastraModelConfig;

const getWeather = createTool({
  id: 'get_weather',
  description: 'Weather of a city',
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => {
    await sleep(20);
    return { city, celsius: 21, sky: 'clear' };
  },
});

const findFares = createTool({
  id: 'find_fares',
  description: 'Fares to a city',
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }): Promise<{ eur: number }> => {
    await sleep(15);
    throw new Error(`no fares to ${city} today`);
  },
});

export const guide = new Agent({
  id: 'guide',
  name: 'guide',
  instructions: 'You know the weather of cities.',
  tools: { get_weather: getWeather },
  model: model('gemini-3-flash', [
    callsTools([{ toolName: 'get_weather', input: { city: 'Lisbon' } }]),
    says('Clear, 21 degrees.', 240, 12),
  ]),
});

export const clerk = new Agent({
  id: 'clerk',
  name: 'clerk',
  instructions: 'You look up fares.',
  tools: { find_fares: findFares },
  model: model('gpt-5-mini', [
    callsTools([{ toolName: 'find_fares', input: { city: 'Lisbon' } }]),
    says('There are no fares today.', 310, 9),
  ]),
});

export const writer = new Agent({
  id: 'writer',
  name: 'writer',
  instructions: 'You write one sentence.',
  model: model('claude-sonnet-4-5', [
    says('Lisbon is clear at 21 degrees, and the fares come tomorrow.', 420, 18),
  ]),
});
