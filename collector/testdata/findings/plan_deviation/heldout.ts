/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { failed, repeat, tell, work, type Fields, type Scope } from '../heldout-traffic.ts';

type Task = readonly [id: string, dependsOn?: readonly string[]];

function plan(run: Scope, tasks: readonly Task[], version = 1): void {
  run.span(
    {
      kind: 'plan',
      name: 'plan',
      attributes: {
        'orchescope.plan.version': version,
        'orchescope.plan.tasks': JSON.stringify(
          tasks.map(([id, dependsOn = []]) => ({ id, dependsOn })),
        ),
      },
    },
    (span) => void span.ask({ output: 200 }),
  );
}

function task(run: Scope, id: string, fields: Fields = {}): void {
  run.step(
    id,
    (step) =>
      void step.agent(`${id} agent`, (agent) => {
        agent.round({ tools: [['work']] });
        agent.round();
      }),
    {
      ...fields,
      attributes: {
        'orchescope.step.type': 'node',
        'orchescope.step.id': id,
        ...fields.attributes,
      },
    },
  );
}

const launch: readonly Task[] = [
  ['research'],
  ['prices', ['research']],
  ['texts', ['research']],
  ['images'],
  ['legal', ['texts']],
  ['page', ['texts', 'images']],
  ['mail', ['legal']],
  ['publish', ['page', 'legal']],
];

const found: readonly FindingCase[] = [
  {
    name: 'eight tasks are planned, legal and mail are forgotten, and all is called a success',
    finds: [{ variant: 'never_run' }],
    spans: tell(
      'orchescope',
      'launch',
      (run) => {
        plan(run, launch);
        for (const id of ['research', 'prices', 'texts', 'images', 'page', 'publish'])
          task(run, id);
      },
      { attributes: { 'orchescope.run.outcome': 'completed' } },
    ),
  },
  {
    name: 'two steps with ids that no plan has ever had',
    finds: [{ variant: 'unplanned' }],
    spans: tell(
      'orchescope',
      'launch',
      (run) => {
        plan(run, launch);
        for (const [id] of launch.slice(0, 5)) task(run, id);
        task(run, 'discount');
        task(run, 'newsletter');
        for (const [id] of launch.slice(5)) task(run, id);
      },
      { attributes: { 'orchescope.run.outcome': 'completed' } },
    ),
  },
  {
    name: 'the release goes out while its tests are still running',
    finds: [{ variant: 'out_of_order' }],
    spans: tell(
      'orchescope',
      'release',
      (run) => {
        plan(run, [['build'], ['test', ['build']], ['deploy', ['test']], ['announce', ['deploy']]]);
        task(run, 'build');
        run.beside(
          (side) =>
            void side.step('test', (step) => work('tester', { rounds: 5 })(step), {
              attributes: { 'orchescope.step.type': 'node', 'orchescope.step.id': 'test' },
            }),
          (side) => {
            side.idle(500);
            task(side, 'deploy');
          },
        );
        task(run, 'announce');
      },
      { attributes: { 'orchescope.run.outcome': 'completed' } },
    ),
  },
  {
    name: 'another sender with our attributes, whose second plan has a review that nobody does',
    finds: [{ variant: 'never_run' }],
    spans: tell('mastra', 'essay', (run) => {
      plan(run, [['outline'], ['draft', ['outline']], ['polish', ['draft']]]);
      task(run, 'outline');
      plan(
        run,
        [['outline'], ['draft', ['outline']], ['review', ['draft']], ['polish', ['draft']]],
        2,
      );
      task(run, 'draft');
      task(run, 'polish');
      work('sender', { rounds: 4 })(run);
    }),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'eight tasks, as planned, some of them side by side',
    finds: [],
    spans: tell(
      'orchescope',
      'launch',
      (run) => {
        plan(run, launch);
        task(run, 'research');
        run.beside(...['prices', 'texts', 'images'].map((id) => (side: Scope) => task(side, id)));
        run.beside(...['legal', 'page'].map((id) => (side: Scope) => task(side, id)));
        run.beside(...['mail', 'publish'].map((id) => (side: Scope) => task(side, id)));
      },
      { attributes: { 'orchescope.run.outcome': 'completed' } },
    ),
  },
  {
    name: 'the second plan drops two tasks, and the rest is done',
    finds: [],
    spans: tell(
      'orchescope',
      'launch',
      (run) => {
        plan(run, launch);
        for (const id of ['research', 'prices', 'texts']) task(run, id);
        plan(
          run,
          launch
            .filter(([id]) => id !== 'mail' && id !== 'images')
            .map(([id, needs = []]): Task => [id, needs.filter((need) => need !== 'images')]),
          2,
        );
        for (const id of ['legal', 'page', 'publish']) task(run, id);
      },
      { attributes: { 'orchescope.run.outcome': 'completed' } },
    ),
  },
  {
    name: 'a task fails, and those that need it are left out',
    finds: [],
    spans: tell(
      'orchescope',
      'launch',
      (run) => {
        plan(run, launch);
        for (const id of ['research', 'prices', 'images']) task(run, id);
        task(run, 'texts', failed('ContentPolicy'));
      },
      { attributes: { 'orchescope.run.outcome': 'completed' } },
    ),
  },
  {
    name: 'the run fails in the middle of its plan',
    finds: [],
    spans: tell(
      'orchescope',
      'launch',
      (run) => {
        plan(run, launch);
        for (const id of ['research', 'prices', 'texts']) task(run, id);
      },
      { ...failed('QuotaExceeded'), attributes: { 'orchescope.run.outcome': 'failed' } },
    ),
  },
  {
    name: 'a run that goes on after a pause: three tasks were done before it, one is tried twice',
    finds: [],
    spans: tell(
      'orchescope',
      'launch',
      (run) => {
        run.event('checkpoint', {
          'orchescope.checkpoint.op': 'load',
          'orchescope.checkpoint.id': 'c',
        });
        plan(run, launch);
        for (const step of ['research', 'prices', 'texts'])
          run.event('checkpoint', {
            'orchescope.checkpoint.op': 'skip',
            'orchescope.checkpoint.id': `c-${step}`,
            'orchescope.checkpoint.step': step,
          });
        task(run, 'images', { ...failed('Timeout'), attempt: 1 });
        task(run, 'images', { attempt: 2 });
        for (const id of ['legal', 'page', 'mail', 'publish']) task(run, id);
      },
      { attributes: { 'orchescope.run.outcome': 'completed' } },
    ),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];

/** Came out wrong when first judged; a rule was changed after them, and they hold nothing out any more. */
export const usedUp: readonly FindingCase[] = [
  {
    name: 'a planner that makes five plans, a task after each',
    finds: [{ variant: 'replanned' }],
    spans: tell(
      'orchescope',
      'trip',
      (run) => {
        repeat(5, (n) => {
          plan(
            run,
            Array.from({ length: 5 }, (_, k): Task => [k <= n ? `done ${k}` : `maybe ${n} ${k}`]),
            n + 1,
          );
          task(run, `done ${n}`);
        });
      },
      { attributes: { 'orchescope.run.outcome': 'completed' } },
    ),
  },
];
