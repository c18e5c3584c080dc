/**
 * Fan-out and fan-in: several branches at once, then one step that brings their results together.
 *
 * One branch that fails must not cost the others their work. The aggregator says how many results it needs; with fewer
 * the run fails, with some missing it is partial.
 *
 * You will see the branches side by side in one run, and a step `merge` with a link `fan_in` to every branch it used.
 * In the first run one branch failed: the event `partial` says how many did, and the outcome is `partial`. In the
 * second too few are left, so there is no `merge`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { init, observe, run, type Carrier } from '@orchescope/sdk';
import { createFakeModel } from './fake-model.ts';

init({ serviceName: 'fan-out-fan-in' });

type Source = {
  readonly name: string;
  readonly search: (question: string) => Promise<readonly string[]>;
};
type Branch = { readonly trace: Carrier; readonly notes: readonly string[] };

const ask = createFakeModel((prompt) => `A report of ${prompt.split('\n').length - 1} notes.`);

/** The error of a branch stays on the branch; here it only counts. */
async function report(
  question: string,
  sources: readonly Source[],
  needed: number,
): Promise<string> {
  return run({ kind: 'workflow', name: 'market-report', pattern: 'parallel' }, async (op) => {
    const settled = await Promise.allSettled(
      sources.map((source, index) => searchIn(source, question, { index, of: sources.length })),
    );
    const branches = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const failed = settled.length - branches.length;
    if (failed > 0) {
      op.emit({ type: 'partial', ok: branches.length, failed, policy: `at least ${needed}` });
      op.set({ outcome: 'partial' });
    }
    if (branches.length < needed)
      throw new TooFewResultsError(`${branches.length} of ${needed} needed results`);
    return merge(question, branches);
  });
}

const searchIn = (
  { name, search }: Source,
  question: string,
  place: { readonly index: number; readonly of: number },
): Promise<Branch> =>
  run({ kind: 'step', name, type: 'branch', ...place }, async (op) => ({
    trace: op.carrier(),
    notes: await search(question),
  }));

const merge = (question: string, branches: readonly Branch[]): Promise<string> =>
  run(
    {
      kind: 'step',
      name: 'merge',
      type: 'aggregate',
      links: branches.map(({ trace }) => ({ to: trace, rel: 'fan_in' })),
    },
    () => ask([question, ...branches.flatMap(({ notes }) => notes)].join('\n')),
  );

class TooFewResultsError extends Error {}
class UnavailableError extends Error {}

/** A source that answers after a while, or does not. */
function source(name: string, delayMs: number, notes: readonly string[] | undefined): Source {
  const find = async (_question: string) => {
    await sleep(delayMs);
    if (notes === undefined) throw new UnavailableError(`${name} does not answer`);
    return notes;
  };
  const search = observe(find, { kind: 'tool', name: `search-${name}`, in: (q) => ({ args: q }) });
  return { name, search };
}

const news = source('news', 20, ['demand rises', 'two new rivals']);
const filings = source('filings', 60, ['margins fall']);
const forum = source('forum', 10, undefined);
const patents = source('patents', 5, undefined);

console.log(await report('Who buys heat pumps?', [news, filings, forum], 2));
await report('Who buys heat pumps?', [news, forum, patents], 2).catch((error: Error) =>
  console.log(`no report: ${error.message}`),
);
