import {
  Agent,
  OpenAIChatCompletionsModel,
  OpenAIResponsesModel,
  setTraceProcessors,
  setTracingDisabled,
  tool,
  type Model,
} from '@openai/agents';
import { ScriptedModel, type ScriptedModelInput } from '@openai/agents/testing';
import OpenAI from 'openai';
import { run } from '../index.ts';
import { textAt } from '../integrations/json.ts';
import { openaiAgents } from '../integrations/openai-agents.ts';

/** Ours alone, in a library that is off where NODE_ENV is test. */
export const traceAgents = (): void => {
  setTracingDisabled(false);
  setTraceProcessors([openaiAgents()]);
};

export type MakeModel = (fetch?: typeof globalThis.fetch) => Model;

/** The real models over the real client, which asks a server of ours. */
export const modelsAt = (url: string): { responses: MakeModel; chat: MakeModel } => {
  const client = (fetch?: typeof globalThis.fetch): OpenAI =>
    new OpenAI({ apiKey: 'k', baseURL: `${url}/v1`, ...(fetch && { fetch }) });
  return {
    responses: (fetch) => new OpenAIResponsesModel(client(fetch), 'gpt-5-mini'),
    chat: (fetch) => new OpenAIChatCompletionsModel(client(fetch), 'gpt-5-mini'),
  };
};

/** A model that says what it is told to; it makes no span of its calls. */
export const scripted = (name: string, ...steps: ScriptedModelInput[]): Agent =>
  new Agent({ name, model: new ScriptedModel(steps) });

export const asks = (model: Model): Agent => new Agent({ name: 'clerk', model });

/** The schema of a tool that takes texts of these names. */
export const taking = (...names: readonly string[]) => ({
  type: 'object' as const,
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  required: [...names],
  additionalProperties: false as const,
});

/** A tool with two spans of the user's in it, one in the other. */
export const price = tool({
  name: 'price',
  description: 'what a ticket costs',
  parameters: taking('line'),
  execute: (given) =>
    run({ kind: 'step', name: 'look up', type: 'transform' }, async () =>
      run(
        { kind: 'step', name: 'read table', type: 'stage' },
        async () => `1.85 EUR on ${textAt(given, 'line')}`,
      ),
    ),
});
