import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '@orchescope/sdk';

/** Asks a model and returns its answer; the call is a span with its usage. */
export type Model = (prompt: string) => Promise<string>;

/** A model that answers by rule: offline, free and the same every time. Four letters count as a token. */
export function createFakeModel(answer: (prompt: string) => string, model = 'gpt-5-mini'): Model {
  return (prompt) =>
    run({ kind: 'llm', name: 'ask', provider: 'openai', model, input: prompt }, async (op) => {
      const output = answer(prompt);
      await sleep(10 + output.length / 4);
      const usage = { inputTokens: toTokens(prompt), outputTokens: toTokens(output) };
      op.set({ output, usage });
      return output;
    });
}

const toTokens = (text: string): number => Math.ceil(text.length / 4);
