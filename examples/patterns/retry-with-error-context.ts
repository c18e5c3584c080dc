/**
 * Retry with the error put back into the context: the model hears what was wrong and mends it.
 *
 * When a model's answer is wrong, asking the same again mostly gives the same. So the answer and what is wrong with
 * it go back into the conversation, and the next attempt can mend it.
 *
 * You will see an agent with three attempts, each a step with the model call and the check of its answer inside. The
 * first two are marked failed though nothing was thrown; the events `retry` say `with_context` and why. Input tokens
 * grow with each attempt: that is what such retries cost.
 */
import { emit, init, run, type Carrier } from '@orchescope/sdk';

init({ serviceName: 'retry-with-error-context' });

type Message = { readonly role: 'user' | 'assistant'; readonly content: string };
type Invoice = { readonly number: string; readonly total: number; readonly currency: string };
type Checked =
  | { readonly ok: true; readonly invoice: Invoice }
  | { readonly ok: false; readonly problem: string };

/** A model that makes two mistakes, and mends each one only when it has been told about it. */
function fakeModel(messages: readonly Message[]): string {
  const told = (word: string) => messages.some(({ content }) => content.includes(word));
  return JSON.stringify({
    number: 'R-1047',
    total: told('total must be a number') ? 119 : '119,00',
    ...(told('currency is missing') && { currency: 'EUR' }),
  });
}

async function complete(messages: readonly Message[]): Promise<string> {
  const spec = { kind: 'llm', name: 'extract', provider: 'openai', model: 'gpt-5-mini' } as const;
  return run({ ...spec, input: messages }, async (op) => {
    const output = fakeModel(messages);
    const letters = messages.reduce((sum, { content }) => sum + content.length, 0);
    op.set({
      output,
      usage: { inputTokens: Math.ceil(letters / 4), outputTokens: Math.ceil(output.length / 4) },
    });
    return output;
  });
}

/** Tells the first problem only, as most schema checkers do. */
function check(answer: string): Checked {
  return run({ kind: 'guardrail', name: 'invoice-schema' }, (op) => {
    const { number, total, currency } = JSON.parse(answer) as { [field: string]: unknown };
    const problem =
      typeof number !== 'string'
        ? 'number is missing'
        : typeof total !== 'number'
          ? 'total must be a number'
          : typeof currency !== 'string'
            ? 'currency is missing'
            : undefined;
    op.set({ triggered: problem !== undefined, action: problem === undefined ? 'allow' : 'block' });
    if (problem !== undefined) return { ok: false, problem };
    return { ok: true, invoice: { number, total, currency } as Invoice };
  });
}

type Tried = { readonly answer: string; readonly checked: Checked };

const attemptsAtMost = 4;

async function extract(document: string): Promise<Invoice> {
  const messages: Message[] = [{ role: 'user', content: `Extract the invoice:\n${document}` }];
  let previous: Carrier | undefined;
  for (let attempt = 1; attempt <= attemptsAtMost; attempt++) {
    const { answer, checked } = await run<'step', Promise<Tried>>(
      {
        kind: 'step',
        name: 'extract',
        type: 'attempt',
        attempt,
        links: previous ? [{ to: previous, rel: 'retries' }] : [],
        ok: ({ checked }) => checked.ok,
      },
      async (op) => {
        previous = op.carrier();
        const answer = await complete(messages);
        return { answer, checked: check(answer) };
      },
    );
    if (checked.ok) return checked.invoice;
    messages.push(
      { role: 'assistant', content: answer },
      {
        role: 'user',
        content: `That is not valid: ${checked.problem}. Give the whole JSON again.`,
      },
    );
    const reason = checked.problem;
    emit({ type: 'retry', attempt, max: attemptsAtMost, reason, withContext: true });
  }
  throw new Error(`no valid invoice after ${attemptsAtMost} attempts`);
}

const invoice = await run({ kind: 'agent', name: 'invoice-reader' }, () =>
  extract('Invoice R-1047, total 119,00 Euro, to be paid by 30 June.'),
);
console.log('read', invoice);
