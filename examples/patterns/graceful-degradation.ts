/**
 * Graceful degradation: a lesser answer is better than none, as long as it says so.
 *
 * When the best answer cannot be had, a lesser one is better than none: from a fallback agent, a partial result, the
 * cached result of an earlier day, or a default value. The answer says which of these it is.
 *
 * You will see five runs, in each one more thing broken. Every level that was tried is a step `attempt`, and the event
 * `fallback` leads from each to the next. A run that had to make do ends `partial`, with the level as its reason.
 */
import { emit, init, run } from '@orchescope/sdk';

init({ serviceName: 'graceful-degradation' });

type Answer = { readonly text: string; readonly level: string };
type Level = { readonly name: string; readonly answer: (question: string) => Promise<string> };

class UnavailableError extends Error {
  readonly code = 'unavailable';
}

/** What does not work at the moment. */
const broken = new Set<string>();
const cache = new Map<string, string>();

function need(part: string): void {
  if (broken.has(part)) throw new UnavailableError(`${part} is not available`);
}

const agent = (name: string, text: string) => (): Promise<string> =>
  run({ kind: 'agent', name }, async () => {
    need(name);
    return text;
  });

/** Asks every source and takes what comes; with nothing at all it fails. */
async function fromSources(): Promise<string> {
  const sources = ['prices', 'reviews', 'stock'];
  const found = await Promise.allSettled(
    sources.map((source, index) =>
      run({ kind: 'step', name: source, type: 'branch', index, of: sources.length }, async () => {
        need(source);
        return source;
      }),
    ),
  );
  const ok = found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  emit({
    type: 'partial',
    ok: ok.length,
    failed: sources.length - ok.length,
    policy: 'best_effort',
  });
  if (ok.length === 0) throw new UnavailableError('no source answers');
  return `facts only, from ${ok.join(' and ')}`;
}

const levels: readonly Level[] = [
  { name: 'main agent', answer: agent('analyst', 'a full analysis') },
  { name: 'fallback agent', answer: agent('junior-analyst', 'a short analysis') },
  { name: 'partial result', answer: fromSources },
  {
    name: 'cached result',
    answer: async (question) => {
      const cached = cache.get(question);
      if (cached === undefined) throw new UnavailableError('the cache is empty');
      return `yesterday: ${cached}`;
    },
  },
  { name: 'default value', answer: async () => 'please ask again later' },
];

async function tryLevels(question: string): Promise<Answer> {
  const errors: unknown[] = [];
  for (const [index, { name, answer }] of levels.entries()) {
    try {
      const place = { index, of: levels.length, attempt: index + 1 };
      const spec = { kind: 'step', name, type: 'attempt', ...place } as const;
      return { text: await run(spec, () => answer(question)), level: name };
    } catch (error) {
      errors.push(error);
      const next = levels[index + 1];
      if (next) emit({ type: 'fallback', from: name, to: next.name });
    }
  }
  throw new AggregateError(errors, 'even the default failed');
}

async function ask(question: string): Promise<Answer> {
  return run({ kind: 'workflow', name: 'advise', pattern: 'degradation' }, async (op) => {
    const answer = await tryLevels(question);
    const best = answer.level === levels[0]?.name;
    if (best) cache.set(question, answer.text);
    else op.set({ outcome: 'partial', reason: answer.level });
    return answer;
  });
}

const question = 'Which bicycle shall I buy?';
for (const breaks of [[], ['analyst'], ['junior-analyst', 'stock'], ['prices', 'reviews']]) {
  for (const part of breaks) broken.add(part);
  console.log(await ask(question));
}
console.log(await ask('And which helmet?')); // never asked before: the cache does not know it
