/** The code of sdk/README.md, as one program: `node examples/sdk-readme/main.ts`, with Node 24 for the sake of `using`. */
import { carrier, emit, observe, start, within } from '@orchescope/sdk';
import { askBudget } from '@orchescope/sdk/budgets';
import { answer, client, index, model, question, sessionId, userId } from './app.ts';
// #region first-trace
import { init, run } from '@orchescope/sdk';

init();
await run({ kind: 'workflow', name: 'support' }, () => answer(question));
// #endregion

// #region observe
const search = observe(async (query: string) => index.find(query), {
  kind: 'tool',
  name: 'search',
  in: (query) => ({ args: { query } }), // on the span from its start
  out: (hits) => ({ result: hits }),
});
// #endregion
const messages = await search(question);

// #region run
const reply = await run({ kind: 'llm', name: 'draft', provider: 'openai', model }, async (op) => {
  const reply = await client.chat(messages);
  op.set({ usage: { inputTokens: reply.input, outputTokens: reply.output } });
  return reply;
});
// #endregion
console.log(reply.text);

await run({ kind: 'agent', name: 'clerk' }, () => {
  // #region start
  using waiting = start({ kind: 'step', name: 'approval', type: 'review' });
  // #endregion
  waiting.set({ index: 0, of: 1 });
  // #region emit
  emit({ type: 'retry', attempt: 1, max: 3, delayMs: 500, reason: 'rate_limited' });
  // #endregion
});

// #region within
await within({ sessionId, userId, tags: ['beta'], budget: { unit: 'tokens', limit: 50_000 } }, () =>
  answer(question),
);
// #endregion

// #region budget
const { allowed, reason, budget } = await askBudget({ workflow: 'support', user: userId });
if (!allowed) throw new Error(reason);
await within({ ...(budget && { budget }) }, () => answer(question));
// #endregion

await run({ kind: 'workflow', name: 'orders' }, async () => {
  const order = '4711';
  const review = async (id: string): Promise<string> => `order ${id} is fine`;
  // #region carrier
  const job = { order, trace: carrier() };
  // the worker, much later
  await run(
    {
      kind: 'process',
      name: 'review',
      system: 'redis',
      destination: 'reviews',
      parent: null,
      links: [{ to: job.trace, rel: 'caused_by' }],
    },
    () => review(job.order),
  );
  // #endregion
});
