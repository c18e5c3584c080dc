import { models } from '../models.ts';
import type { Run } from '../run.ts';
import { talk } from '../talk.ts';
import { agent, plan, step, workflow, type Task } from '../verbs.ts';
import type { Workflow } from './workflow.ts';

/** A campaign is planned as a graph of tasks and worked off; when a task cannot be done the plan is made anew. */
export const planExecute: Workflow = {
  name: 'launch-campaign',
  service: 'marketing-crew',
  weight: 5,
  hours: 'office',
  talksTo: 'people',
  tell: ({ random, begin }) => {
    const run = begin();
    const product = random.pick([
      'the autumn tariff',
      'the new mobile app',
      'the partner programme',
    ]);
    const replans = random.chance(0.35);
    workflow(
      run,
      'launch-campaign',
      { pattern: 'plan_execute', input: `Launch ${product}` },
      () => {
        agent(run, 'planner', 'planner', () => {
          makePlan(run, 1, firstPlan, `Launch ${product} within 4,000 EUR.`);
        });
        const done = execute(run, firstPlan, replans ? 'book-ads' : '');
        if (!replans) return;
        run.emit('replan', { version: 2, added: 1, removed: 1 });
        agent(run, 'planner', 'planner', () => {
          makePlan(
            run,
            2,
            secondPlan,
            'The ad slots are sold out. Plan what is left without them.',
          );
        });
        execute(
          run,
          secondPlan.filter(({ id }) => !done.includes(id)),
          '',
        );
      },
    );
  },
};

const firstPlan: readonly Task[] = [
  { id: 'audience', dependsOn: [] },
  { id: 'budget', dependsOn: [] },
  { id: 'texts', dependsOn: ['audience'] },
  { id: 'pictures', dependsOn: ['audience'] },
  { id: 'book-ads', dependsOn: ['budget', 'texts', 'pictures'] },
  { id: 'report', dependsOn: ['book-ads'] },
];

const secondPlan: readonly Task[] = [
  ...firstPlan.slice(0, 4),
  { id: 'newsletter', dependsOn: ['budget', 'texts'] },
  { id: 'report', dependsOn: ['newsletter'] },
];

function makePlan(run: Run, version: number, tasks: readonly Task[], wish: string): void {
  plan(run, version, tasks, () => {
    const model = talk(run, {
      model: models.gpt,
      system: 'Make a plan: tasks as JSON, with what each waits for.',
      hiddenTokens: 1100,
    });
    model.user(wish);
    model.says(JSON.stringify(tasks));
  });
}

/** Works the graph off in waves: whatever waits for nothing runs side by side. Returns what got done. */
function execute(run: Run, tasks: readonly Task[], failing: string): string[] {
  const done: string[] = [];
  const ids = new Set(tasks.map(({ id }) => id));
  let open = [...tasks];
  while (open.length > 0) {
    const ready = open.filter(({ dependsOn }) =>
      dependsOn.every((id) => done.includes(id) || !ids.has(id)),
    );
    run.parallel(ready.map((task) => () => runTask(run, task, task.id === failing)));
    if (ready.some(({ id }) => id === failing)) return done;
    done.push(...ready.map(({ id }) => id));
    open = open.filter(({ id }) => !done.includes(id));
  }
  return done;
}

function runTask(run: Run, task: Task, fails: boolean): void {
  step(run, 'node', task.id, { dependsOn: task.dependsOn }, (span) => {
    agent(run, `${task.id}-worker`, 'worker', () => {
      const model = talk(run, {
        model: run.random.pick([models.haiku, models.gptMini]),
        system: `Do the task "${task.id}".`,
      });
      model.user('Here is what the tasks before you found.');
      const soldOut = { errorType: 'sold_out', message: 'no slots left before 12 December' };
      const result = fails ? soldOut : { ok: true, [task.id]: 'done' };
      model.calls({ name: toolOf(task.id), args: { task: task.id }, result, ms: 1600 });
      model.says(fails ? 'It cannot be done: the slots are sold out.' : `${task.id} is done.`);
    });
    if (fails) span.fail('sold_out', 'no slots left before 12 December');
  });
}

function toolOf(task: string): string {
  return task === 'pictures' ? 'render_image' : task === 'book-ads' ? 'book_slot' : 'crm_query';
}
