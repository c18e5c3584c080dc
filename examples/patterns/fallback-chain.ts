/**
 * A fallback chain: the next model is asked when the one before it gives no good answer.
 *
 * Several models can do the work; the preferred one is asked first, and the next one when it cannot answer or its
 * answer is no good. When the last has failed, the caller hears what was wrong with every one of them.
 *
 * You will see one step `attempt` a model, side by side below the agent, and an event `fallback` from the one to the
 * next. `translator` gets its answer from the third model, the second one's was empty: a failure without an
 * exception. `poet` asks for what nobody gives and fails with all three reasons.
 */
import { emit, init, run } from '@orchescope/sdk';

init({ serviceName: 'fallback-chain' });

type Model = {
  readonly name: string;
  readonly provider: string;
  readonly answer: (prompt: string) => string;
};

class UnavailableError extends Error {
  readonly code = 'model_unavailable';
}

class UnfitAnswerError extends Error {
  readonly code = 'unfit_answer';
}

const chain: readonly Model[] = [
  {
    name: 'gpt-6',
    provider: 'openai',
    answer: () => {
      throw new UnavailableError('gpt-6 answered 503');
    },
  },
  { name: 'claude-haiku-5', provider: 'anthropic', answer: () => '' },
  {
    name: 'llama-4-8b',
    provider: 'ollama',
    answer: (prompt) => (prompt.includes('sonnet') ? '' : 'Guten Morgen'),
  },
];

async function call({ name, provider, answer }: Model, prompt: string): Promise<string> {
  return run(
    { kind: 'llm', name: 'complete', provider, model: name, input: prompt },
    async (op) => {
      const text = answer(prompt);
      op.set({ output: text, usage: { inputTokens: 24, outputTokens: text.length } });
      return text;
    },
  );
}

async function attempt(model: Model, index: number, prompt: string): Promise<string> {
  const place = { index, of: chain.length, attempt: index + 1 };
  return run({ kind: 'step', name: model.name, type: 'attempt', ...place }, async () => {
    const text = await call(model, prompt);
    if (text.trim() === '') throw new UnfitAnswerError(`${model.name} said nothing`);
    return text;
  });
}

async function askChain(prompt: string): Promise<string> {
  const errors: unknown[] = [];
  for (const [index, model] of chain.entries()) {
    try {
      return await attempt(model, index, prompt);
    } catch (error) {
      errors.push(error);
      const next = chain[index + 1];
      if (next) emit({ type: 'fallback', from: model.name, to: next.name });
    }
  }
  throw new AggregateError(
    errors,
    `all ${chain.length} models failed: ${errors.map((error) => (error as Error).message).join(', ')}`,
  );
}

const translator = run({ kind: 'agent', name: 'translator' }, () =>
  askChain('Translate into German: good morning'),
);
console.log('translator:', await translator);

const poet = run({ kind: 'agent', name: 'poet' }, () => askChain('Write a sonnet in Klingon'));
console.log('poet:', await poet.catch((error: Error) => error.message));
