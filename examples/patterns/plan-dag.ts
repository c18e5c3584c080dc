/**
 * Plan first, then work: a planner draws up tasks and what each waits for, and they run as soon as they can.
 *
 * When a task fails, those that wait for it cannot start. The planner is told what is done and what failed, and makes a
 * new plan; what is done is not done again. After `plansAtMost` plans the run gives up.
 *
 * You will see a span `plan` with its version and tasks, then a step `node` a task with `depends_on`. The first plan
 * fails at the stock: the event `replan` counts what came and went, `plan` version 2 follows, and `read-sales` ran once.
 * The second run fails twice and ends in error.
 */
import { init, run } from '@orchescope/sdk';
import { createFakeModel } from './fake-model.ts';

init({ serviceName: 'plan-dag' });

type Task = { readonly id: string; readonly dependsOn: readonly string[] };
type Results = Map<string, string>;

const plansAtMost = 2;

/** Knows one way around a missing stock, and none around anything else. */
const askPlanner = createFakeModel((prompt) => {
  const stock = prompt.includes('read-stock failed')
    ? { id: 'estimate-stock', dependsOn: ['read-sales'] }
    : { id: 'read-stock', dependsOn: [] };
  const tasks: Task[] = [
    { id: 'read-sales', dependsOn: [] },
    stock,
    { id: 'forecast', dependsOn: ['read-sales', stock.id] },
    { id: 'order-goods', dependsOn: ['forecast'] },
  ];
  return JSON.stringify(tasks);
}, 'gpt-5');

const plan = (goal: string, version: number, news: string): Promise<readonly Task[]> =>
  run({ kind: 'plan', name: 'restock', version }, async (op) => {
    const tasks = JSON.parse(await askPlanner(`${goal}. ${news}`)) as readonly Task[];
    checkOrder(tasks);
    op.set({ tasks });
    return tasks;
  });

/** A task may wait for earlier ones only, so a plan has no circles. */
function checkOrder(tasks: readonly Task[]): void {
  const known = new Set<string>();
  for (const { id, dependsOn } of tasks) {
    const unknown = dependsOn.find((each) => !known.has(each));
    if (unknown !== undefined) throw new RangeError(`${id} waits for ${unknown}, which is not yet`);
    known.add(id);
  }
}

/** Runs all that can run, and tells what failed. A task whose dependency failed never starts. */
async function execute(
  tasks: readonly Task[],
  done: Results,
  goal: string,
): Promise<readonly string[]> {
  const failed: string[] = [];
  const running = new Map<string, Promise<boolean>>();
  for (const task of tasks) {
    const before = Promise.all(task.dependsOn.map((id) => running.get(id)));
    const work = async () => {
      if (done.has(task.id)) return true;
      if ((await before).includes(false)) return false;
      return doTask(task, done, goal).catch(() => {
        failed.push(task.id);
        return false;
      });
    };
    running.set(task.id, work());
  }
  await Promise.all(running.values());
  return failed;
}

const doTask = ({ id, dependsOn }: Task, done: Results, goal: string): Promise<boolean> =>
  run({ kind: 'step', name: id, type: 'node', id, dependsOn }, async () => {
    const worker = workers[id];
    if (!worker) throw new RangeError(`nobody can ${id}`);
    const result = await worker([goal, ...dependsOn.map((each) => done.get(each))].join('; '));
    done.set(id, result);
    return true;
  });

const reach = (goal: string): Promise<string> =>
  run({ kind: 'workflow', name: 'restock', pattern: 'plan_execute' }, async (op) => {
    const done: Results = new Map();
    let tasks: readonly Task[] = [];
    let news = '';
    for (let version = 1; version <= plansAtMost; version++) {
      const before = tasks.map(({ id }) => id);
      tasks = await plan(goal, version, news);
      const now = tasks.map(({ id }) => id);
      if (version > 1) {
        const added = now.filter((id) => !before.includes(id)).length;
        const removed = before.filter((id) => !now.includes(id)).length;
        op.emit({ type: 'replan', version, added, removed });
      }
      const failed = await execute(tasks, done, goal);
      if (failed.length === 0) return done.get(tasks.at(-1)?.id ?? '') ?? '';
      news = `Done: ${[...done.keys()].join(', ')}. ${failed.join(', ')} failed.`;
    }
    throw new PlanError(`no plan worked: ${news}`);
  });

class PlanError extends Error {}
class OfflineError extends Error {}

const workers: Readonly<Record<string, (input: string) => Promise<string>>> = {
  'read-sales': createFakeModel((input) => `sales of ${input}`),
  'read-stock': () => Promise.reject(new OfflineError('the warehouse is offline')),
  'estimate-stock': async (input) => {
    if (input.includes('moons')) throw new OfflineError('no such thing was ever sold');
    return 'about 40 left';
  },
  forecast: createFakeModel(() => 'they last three weeks'),
  'order-goods': createFakeModel(() => 'ordered 100, they arrive in two weeks'),
};

console.log(await reach('lamps'));
await reach('moons').catch((error: Error) => console.log(error.message));
