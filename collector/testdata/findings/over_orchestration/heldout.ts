/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { each, repeat, tell, work, type Scope } from '../heldout-traffic.ts';

/** Agents within each other, each of which asks a model who should do it; the last one does. */
function chain(scope: Scope, names: readonly string[], last: (scope: Scope) => void): void {
  const [name, ...rest] = names;
  if (name === undefined) {
    last(scope);
    return;
  }
  scope.agent(name, (agent) => {
    agent.ask({ input: 400, output: 18, finish: 'tool_calls' });
    chain(agent, rest, last);
  });
}

const found: readonly FindingCase[] = [
  {
    name: 'chief, head, manager and lead each hand one task down to a worker',
    finds: [{ variant: 'passing_on' }],
    spans: tell('orchescope', 'company', (run) => {
      chain(run, ['chief', 'head', 'manager', 'lead'], (scope) => {
        work('worker', { rounds: 6 })(scope);
      });
    }),
  },
  {
    name: 'a crew in which three of four agents only delegate',
    finds: [{ variant: 'passing_on' }],
    spans: tell('crewai', 'crew', (run) => {
      chain(run, ['Crew Manager', 'Delegator', 'Coordinator'], (scope) => {
        scope.agent('Analyst', (agent) => {
          repeat(9, () => agent.round({ tools: [['query']] }));
          agent.round({ output: 500 });
        });
      });
    }),
  },
  {
    name: 'reception, triage, dispatch and coordination hand a customer on, and one agent looks something up',
    finds: [{ variant: 'passing_on' }],
    spans: tell('openai-agents', 'hotline', (run) => {
      const desks = ['reception', 'triage', 'dispatch', 'coordination', 'specialist'];
      repeat(
        4,
        (n) =>
          void run.agent(
            desks[n] ?? '',
            (agent) => void agent.handTo(desks[n + 1] ?? '', { ask: { input: 500, output: 20 } }),
          ),
      );
      work('specialist', { rounds: 5 })(run);
    }),
  },
  {
    name: 'twelve decisions about who does what, and two calls of tools',
    finds: [{ variant: 'little_work' }],
    spans: tell('orchescope', 'ticket', (run) => {
      repeat(6, (n) => {
        run.span(
          { kind: 'plan', name: `plan ${n}` },
          (plan) => void plan.ask({ input: 500, output: 40 }),
        );
        run.span(
          { kind: 'route', name: `route ${n}` },
          (route) => void route.ask({ input: 300, output: 8 }),
        );
      });
      run.agent(
        'clerk',
        (agent) =>
          void agent.round({ input: 500, output: 20, tools: [['find_order'], ['close_ticket']] }),
      );
    }),
  },
  {
    name: 'a supervisor sends a task to workers fourteen times, who each answer with a line',
    finds: [{ variant: 'little_work' }],
    spans: tell('openinference', 'team', (run) => {
      repeat(14, (n) => {
        run.agent(
          'supervisor',
          (agent) => void agent.handTo(`worker ${n % 3}`, { ask: { input: 600, output: 15 } }),
        );
        run.agent(`worker ${n % 3}`, (agent) => void agent.ask({ input: 500, output: 20 }));
      });
      run.agent(
        'supervisor',
        (agent) => void agent.round({ input: 700, output: 50, tools: [['save']] }),
      );
    }),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'a triage desk in front of four experts with tools',
    finds: [],
    spans: tell('openai-agents', 'hotline', (run) => {
      run.agent('triage', (agent) => void agent.handTo('billing'));
      work('billing', { rounds: 4 })(run);
      run.agent('triage', (agent) => void agent.handTo('shipping'));
      work('shipping', { rounds: 4 })(run);
    }),
  },
  {
    name: 'thirty long documents, read by an agent each that says relevant or not',
    finds: [],
    spans: tell('pydantic-ai', 'screening', (run) => {
      run.beside(
        ...each(
          30,
          (n) => (side: Scope) =>
            void side.agent(`reader ${n}`, (agent) => void agent.ask({ input: 9000, output: 3 })),
        ),
      );
      run.agent('editor', (agent) => void agent.ask({ output: 900 }));
    }),
  },
  {
    name: 'four debaters, five rounds, and a judge',
    finds: [],
    spans: tell(
      'orchescope',
      'debate',
      (run) => {
        repeat(5, () => {
          run.beside(
            ...each(
              4,
              (n) => (side: Scope) =>
                void side.agent(
                  `debater ${n}`,
                  (agent) => void agent.ask({ input: 1200, output: 90 }),
                ),
            ),
          );
        });
        run.agent('judge', (agent) => void agent.ask({ input: 1800, output: 60 }));
      },
      { attributes: { 'orchescope.workflow.pattern': 'debate' } },
    ),
  },
  {
    name: 'a lead who gives twelve tasks to workers who each use two tools',
    finds: [],
    spans: tell('orchescope', 'catalogue', (run) => {
      run.agent('lead', (lead) => {
        repeat(12, (n) => {
          lead.ask({ input: 500, output: 20, finish: 'tool_calls' });
          work(`worker ${n % 4}`, { rounds: 2 })(lead);
        });
        lead.round({ output: 300 });
      });
    }),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];

/** Came out wrong when first judged; a rule was changed after them, and they hold nothing out any more. */
export const usedUp: readonly FindingCase[] = [
  {
    name: 'twelve tasks given to agents of another company, which nobody traces inside',
    finds: [],
    spans: tell('google-adk', 'partners', (run) => {
      run.agent('broker', (broker) => {
        repeat(12, (n) => {
          broker.ask({ input: 500, output: 20, finish: 'tool_calls' });
          broker.agent(`partner ${n % 5}`, (agent) => agent.idle(6000), { otelKind: 3 });
        });
        broker.round({ output: 400 });
      });
    }),
  },
];
