/**
 * A hierarchy: a director splits a goal among managers, managers split theirs among workers, results go back up.
 *
 * Each level decides what a failure below means. A manager goes on without one worker and says what is missing; a
 * manager left with nothing fails; the director reports whatever departments came through.
 *
 * You will see agents inside agents: role `director`, then `manager`, then `worker`, so cost and time add up per level.
 * One worker fails and its manager does not; one department fails and the run ends partial.
 */
import { emit, init, run } from '@orchescope/sdk';
import { createFakeModel } from './fake-model.ts';

init({ serviceName: 'hierarchy' });

type Worker = { readonly name: string; readonly ask: (task: string) => Promise<string> };
type Department = { readonly manager: string; readonly workers: readonly Worker[] };

const summarise = createFakeModel((prompt) => `(${prompt.split('\n').join('; ')})`);

const direct = (goal: string, departments: readonly Department[]): Promise<string> =>
  run({ kind: 'workflow', name: 'launch', pattern: 'hierarchical' }, (op) =>
    run({ kind: 'agent', name: 'director', role: 'director', input: goal }, async () => {
      const { done, failed } = await settle(departments, (department) => manage(department, goal));
      if (failed > 0) {
        op.emit({ type: 'partial', ok: done.length, failed, policy: 'any department' });
        op.set({ outcome: 'partial' });
      }
      return summarise(done.join('\n'));
    }),
  );

const manage = ({ manager, workers }: Department, goal: string): Promise<string> =>
  run({ kind: 'agent', name: manager, role: 'manager', input: goal }, async () => {
    const { done, failed } = await settle(workers, (worker) => work(worker, goal));
    if (done.length === 0) throw new NothingDoneError(`${manager} has nothing to show`);
    if (failed > 0) emit({ type: 'partial', ok: done.length, failed, policy: 'any worker' });
    return summarise(done.join('\n'));
  });

const work = ({ name, ask }: Worker, task: string): Promise<string> =>
  run({ kind: 'agent', name, role: 'worker', input: task }, () => ask(task));

/** What came through, in the order of the parts, and how many did not. */
async function settle<T>(
  parts: readonly T[],
  doPart: (part: T) => Promise<string>,
): Promise<{ readonly done: readonly string[]; readonly failed: number }> {
  const settled = await Promise.allSettled(parts.map((part) => doPart(part)));
  const done = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  return { done, failed: parts.length - done.length };
}

class NothingDoneError extends Error {}
class RefusedError extends Error {}

const able = (name: string, result: string): Worker => ({
  name,
  ask: createFakeModel(() => result),
});

const refusing = (name: string): Worker => ({
  name,
  ask: () => Promise.reject(new RefusedError(`${name} refuses`)),
});

const launched = await direct('sell lamps', [
  {
    manager: 'marketing',
    workers: [able('copywriter', 'Light for everyone.'), refusing('designer')],
  },
  {
    manager: 'engineering',
    workers: [
      able('frontend', 'A page with a lamp that one can turn, a price and a button to buy it.'),
      able(
        'backend',
        'Orders go into one queue; the stock is checked before a card is charged, and twice at night when prices change.',
      ),
    ],
  },
  { manager: 'legal', workers: [refusing('lawyer')] },
]);
console.log(launched);
