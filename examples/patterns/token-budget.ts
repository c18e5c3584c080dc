/**
 * A token budget that runs out: save first, then stop with what there is.
 *
 * A run may use so many tokens. The agent saves when four fifths are gone: it goes on with a smaller model. It stops
 * before the call that would exceed the budget, and gives back what it has.
 *
 * You will see the event `budget` on the model calls that pass 50 and 80 %: `within` reports, it enforces nothing. What
 * enforces is the code below: `rejected` by budget for the call that was not made, `fallback` to the smaller model,
 * `terminate`, and the run's outcome `terminated`. The last run enforces nothing: its one call is three times the
 * budget, which is told by a single event, all marks being passed at once.
 */
import { emit, init, run, within, type Budget } from '@orchescope/sdk';

init({ serviceName: 'token-budget' });

class BudgetExceededError extends Error {
  readonly code = 'budget_exceeded';
}

/** Keeps count, so that the agent can ask before it spends. */
class Purse {
  readonly limit: number;
  used = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get scarce(): boolean {
    return this.used >= this.limit * 0.8;
  }

  /** Throws rather than let a call be made that may cost too much. */
  reserve(tokens: number): void {
    if (this.used + tokens <= this.limit) return;
    emit({ type: 'rejected', by: 'budget', target: 'chat' });
    throw new BudgetExceededError(
      `${this.used} of ${this.limit} tokens used, ${tokens} more needed`,
    );
  }
}

const outputAtMost = 200;

async function chat(model: string, prompt: string, purse: Purse): Promise<string> {
  return run({ kind: 'llm', name: 'summarise', provider: 'openai', model }, async (op) => {
    const inputTokens = Math.ceil(prompt.length / 4);
    purse.reserve(inputTokens + outputAtMost);
    const outputTokens = model.endsWith('mini') ? 60 : 150;
    purse.used += inputTokens + outputTokens;
    op.set({ usage: { inputTokens, outputTokens } });
    return `a summary in ${outputTokens} tokens`;
  });
}

/** Summarises chapter after chapter; what it could not afford is missing. */
async function summarise(chapters: readonly string[], purse: Purse): Promise<readonly string[]> {
  const summaries: string[] = [];
  let model = 'gpt-6';
  for (const chapter of chapters) {
    if (purse.scarce && model === 'gpt-6') {
      emit({ type: 'fallback', from: model, to: 'gpt-6-mini' });
      model = 'gpt-6-mini';
    }
    try {
      summaries.push(await chat(model, chapter, purse));
    } catch (error) {
      if (!(error instanceof BudgetExceededError)) throw error;
      emit({ type: 'terminate', reason: 'budget' });
      break;
    }
  }
  return summaries;
}

const budget: Budget = { unit: 'tokens', limit: 2_500 };
const chapters = Array.from({ length: 8 }, (_, i) => `Chapter ${i + 1}. `.padEnd(1_000, 'lorem '));

await within({ budget }, () =>
  run({ kind: 'workflow', name: 'summarise-book' }, async (op) => {
    const purse = new Purse(budget.limit);
    const spec = { kind: 'agent', name: 'summariser' } as const;
    const summaries = await run(spec, () => summarise(chapters, purse));
    if (summaries.length < chapters.length) op.set({ outcome: 'terminated', reason: 'budget' });
    console.log(`${summaries.length} of ${chapters.length} chapters for ${purse.used} tokens`);
  }),
);

await within({ budget: { unit: 'tokens', limit: 100 } }, () =>
  run({ kind: 'workflow', name: 'one-big-call' }, () =>
    chat('gpt-6', 'lorem '.repeat(100), new Purse(Infinity)),
  ),
);
