/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { repeat, tell, tellBare, work, type Scope, type Round } from '../heldout-traffic.ts';

/** Each asks a model, which says who is next; nobody does a thing. */
function round(scope: Scope, names: readonly string[], hops: number, ask: Round = {}): void {
  repeat(hops, (n) => {
    const name = names[n % names.length] ?? '';
    const next = names[(n + 1) % names.length] ?? '';
    scope.agent(name, (agent) => void agent.handTo(next, { ask: { output: 22, ...ask } }));
  });
}

const found: readonly FindingCase[] = [
  {
    name: 'triage, billing and accounts send a customer round three times, and then somebody answers',
    finds: [{}],
    spans: tell('openai-agents', 'hotline', (run) => {
      round(run, ['triage', 'billing', 'accounts'], 9);
      work('triage', { rounds: 4 })(run);
    }),
  },
  {
    name: 'a team of four in ADK that transfers nine times',
    finds: [{}],
    spans: tell('google-adk', 'concierge', (run) => {
      work('greeter', { rounds: 3 })(run);
      round(run, ['coordinator', 'flights', 'hotels', 'visa'], 9);
      run.agent('flights', (agent) => void agent.ask({ output: 300, finish: 'stop' }));
    }),
  },
  {
    name: 'a swarm in which each tries a tool that is down, and passes it on',
    finds: [{}],
    spans: tell('openinference', 'swarm', (run) => {
      repeat(8, (n) => {
        const names = ['ann', 'bob', 'cem', 'dia'];
        run.agent(names[n % 4] ?? '', (agent) => {
          agent.round({ output: 20, tools: [['crm_lookup', { error: 'ConnectTimeout' }]] });
          agent.handTo(names[(n + 1) % 4] ?? '');
        });
      });
      work('ann', { rounds: 2 })(run);
    }),
  },
  {
    name: 'ten good calls, then seven handoffs in a row, then work again',
    finds: [{}],
    spans: tell('orchescope', 'claims', (run) => {
      work('assessor', { rounds: 10 })(run);
      run.agent('assessor', (agent) => void agent.handTo('clerk'));
      round(run, ['clerk', 'lawyer', 'desk'], 6);
      work('clerk', { rounds: 5 })(run);
    }),
  },
  {
    name: 'five polite agents pass it on with a sentence, while a watchman writes a log beside them',
    finds: [{}],
    spans: tell('orchescope', 'office', (run) => {
      run.beside(
        (side) => {
          round(side, ['ann', 'bob', 'cem', 'dia', 'eve'], 12, { output: 55 });
          work('ann', { rounds: 2 })(side);
        },
        (side) =>
          void side.agent('watchman', (agent) => repeat(12, () => void agent.tool('write_log'))),
      );
    }),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'an assembly line: eight agents, each with two tools before it hands on',
    finds: [],
    spans: tell('openai-agents', 'onboarding', (run) => {
      repeat(8, (n) => {
        run.agent(`station ${n}`, (agent) => {
          repeat(2, () => agent.round({ tools: [['update_record']] }));
          agent.handTo(`station ${n + 1}`);
        });
      });
      work('station 8', { rounds: 2 })(run);
    }),
  },
  {
    name: 'four handoffs to the right desk, which does a lot',
    finds: [],
    spans: tell('openai-agents', 'hotline', (run) => {
      round(run, ['reception', 'triage', 'billing', 'refunds'], 4);
      work('reception', { rounds: 8 })(run);
    }),
  },
  {
    name: 'two agents who send each other the work ten times',
    finds: [],
    spans: tell('google-adk', 'pair', (run) => {
      round(run, ['planner', 'doer'], 10);
      work('planner', { rounds: 3 })(run);
    }),
  },
  {
    name: 'a group chat of four that says it is one',
    finds: [],
    spans: tell(
      'autogen',
      'panel',
      (run) => round(run, ['ann', 'bob', 'cem', 'dia'], 16, { output: 90 }),
      { attributes: { 'orchescope.workflow.pattern': 'group_chat' } },
    ),
  },
  {
    name: 'eight handoffs among authors who each write a chapter',
    finds: [],
    spans: tellBare('pydantic-ai', (bare) => {
      bare.span({ kind: 'workflow', name: 'book', workflowName: 'book' }, (run) =>
        round(run, ['ann', 'bob', 'cem'], 8, { output: 700 }),
      );
    }),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];
