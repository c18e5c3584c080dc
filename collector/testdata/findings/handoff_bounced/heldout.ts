/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { failed, tell, work, type Scope } from '../heldout-traffic.ts';

/** One agent gets the work, says a few words and gives it back. */
function bounce(scope: Scope, from: string, to: string, output = 15): void {
  scope.agent(from, (agent) => void agent.handTo(to));
  scope.agent(to, (agent) => void agent.handTo(from, { ask: { output } }));
}

const found: readonly FindingCase[] = [
  {
    name: 'billing gives a customer back to triage at once, who asks shipping',
    finds: [{}],
    spans: tell('openai-agents', 'support', (run) => {
      work('greeter', { rounds: 3 })(run);
      bounce(run, 'triage', 'billing');
      run.agent('triage', (agent) => void agent.handTo('shipping'));
      work('shipping', { rounds: 5 })(run);
    }),
  },
  {
    name: 'ADK: a transfer to visa and back within each other',
    finds: [{}],
    spans: tell('google-adk', 'travel', (run) => {
      run.agent('coordinator', (a) => {
        a.round({ tools: [['find_customer']] });
        a.handTo('visa');
        a.agent('visa', (b) => {
          b.handTo('coordinator', { ask: { output: 20 } });
          b.agent('coordinator', (c) => {
            c.round({ tools: [['find_flights']] });
            c.round({ output: 300 });
          });
        });
      });
      work('booker', { rounds: 4 })(run);
    }),
  },
  {
    name: 'two desks in turn give the work back before a third takes it',
    finds: [{}, {}],
    spans: tell('orchescope', 'help desk', (run) => {
      bounce(run, 'triage', 'network');
      bounce(run, 'triage', 'hardware');
      run.agent('triage', (agent) => void agent.handTo('accounts'));
      work('accounts', { rounds: 6 })(run);
    }),
  },
  {
    name: 'the other tries a tool that fails, and gives it back',
    finds: [{}],
    spans: tell('openinference', 'clinic', (run) => {
      work('intake', { rounds: 4 })(run);
      run.agent('nurse', (agent) => void agent.handTo('lab'));
      run.agent('lab', (agent) => {
        agent.round({ output: 18, tools: [['find_sample', failed('NotFound')]] });
        agent.handTo('nurse', { ask: { output: 20 } });
      });
      work('nurse', { rounds: 3 })(run);
    }),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'billing finds the invoice, and hands back',
    finds: [],
    spans: tell('openai-agents', 'support', (run) => {
      run.agent('triage', (agent) => void agent.handTo('billing'));
      run.agent('billing', (agent) => {
        agent.round({ tools: [['find_invoice']] });
        agent.handTo('triage');
      });
      work('triage', { rounds: 8 })(run);
    }),
  },
  {
    name: 'the lawyer writes an opinion, and hands back',
    finds: [],
    spans: tell('google-adk', 'contract', (run) => {
      work('clerk', { rounds: 5 })(run);
      bounce(run, 'clerk', 'lawyer', 260);
      work('clerk', { rounds: 2 })(run);
    }),
  },
  {
    name: 'a LangGraph supervisor whose framework hands back by itself',
    finds: [],
    spans: tell('openinference', 'team', (run) => {
      for (const name of ['math', 'search', 'writer']) {
        run.agent('supervisor', (agent) => void agent.handTo(name));
        run.agent(name, (agent) => {
          agent.ask({ output: 40, finish: 'stop' });
          agent.handTo('supervisor', {
            ask: false,
            name: 'transfer_back_to_supervisor',
            toolName: 'transfer_back_to_supervisor',
          });
        });
      }
      work('supervisor', { rounds: 3 })(run);
    }),
  },
  {
    name: 'the other answers in forty tokens, says it is done, and the caller has it back',
    finds: [],
    spans: tell('openai-agents', 'quiz', (run) => {
      work('host', { rounds: 6 })(run);
      run.agent('host', (agent) => void agent.handTo('expert'));
      run.agent('expert', (agent) => {
        agent.ask({ output: 40, finish: 'stop' });
        agent.handTo('host', { ask: false });
      });
      work('host', { rounds: 2 })(run);
    }),
  },
  {
    name: 'speakers of a chat that says it is one',
    finds: [],
    spans: tell(
      'autogen',
      'panel',
      (run) => {
        bounce(run, 'ann', 'bob');
        run.agent('ann', (agent) => void agent.handTo('cem'));
        bounce(run, 'cem', 'bob');
        work('cem', { rounds: 5 })(run);
      },
      { attributes: { 'orchescope.workflow.pattern': 'group_chat' } },
    ),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];

/** Came out wrong when first judged; a rule was changed after them, and they hold nothing out any more. */
export const usedUp: readonly FindingCase[] = [
  {
    name: 'a bounce in one branch, while three others search for all they are worth',
    finds: [{}],
    spans: tell('orchescope', 'market', (run) => {
      run.beside(
        (side) => {
          bounce(side, 'lead', 'pricing');
          work('lead', { rounds: 3 })(side);
        },
        work('scout', { rounds: 8 }),
        work('analyst', { rounds: 8 }),
        work('reader', { rounds: 8 }),
      );
    }),
  },
];
