/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { failed, repeat, tell, work } from '../heldout-traffic.ts';

const outcome = (
  value: string,
  more: Record<string, string | boolean | readonly string[]> = {},
) => ({
  'orchescope.handoff.outcome': value,
  'orchescope.handoff.accepted': value === 'accepted',
  ...more,
});

const found: readonly FindingCase[] = [
  {
    name: 'triage wants to hand over to legal, and may only hand over to billing and returns',
    finds: [{ variant: 'not_allowed' }],
    spans: tell('orchescope', 'support', (run) => {
      run.agent('triage', (agent) => {
        agent.round({ tools: [['find_customer']] });
        agent.handTo('legal', {
          attributes: outcome('refused', { 'orchescope.handoff.allowed': ['billing', 'returns'] }),
          ...failed('HandoffNotAllowed', 'triage may not hand over to legal'),
        });
        agent.handTo('billing', { attributes: outcome('accepted') });
      });
      work('billing', { rounds: 7 })(run);
    }),
  },
  {
    name: 'the night shift declines three times to take over from the day shift',
    finds: [{ variant: 'declined' }],
    spans: tell('orchescope', 'plant', (run) => {
      run.agent('day shift', (agent) => {
        repeat(3, () => {
          agent.round({ tools: [['read_meter']] });
          agent.handTo('night shift', { attributes: outcome('refused') });
        });
        agent.round({ output: 300 });
      });
    }),
  },
  {
    name: 'two agents are each refused by somebody else, in a long run',
    finds: [{}, {}],
    spans: tell('orchescope', 'newsroom', (run) => {
      work('reporter', { rounds: 8 })(run);
      run.agent(
        'reporter',
        (agent) =>
          void agent.handTo('printer', {
            attributes: outcome('refused', { 'orchescope.handoff.allowed': ['editor'] }),
          }),
      );
      work('editor', { rounds: 5 })(run);
      run.agent(
        'editor',
        (agent) => void agent.handTo('lawyer', { attributes: outcome('refused') }),
      );
      work('editor', { rounds: 2 })(run);
    }),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'billing takes over, and fails later of its own',
    finds: [],
    spans: tell('orchescope', 'support', (run) => {
      run.agent(
        'triage',
        (agent) => void agent.handTo('billing', { attributes: outcome('accepted') }),
      );
      run.agent(
        'billing',
        (agent) => {
          repeat(6, () => agent.round({ tools: [['find_invoice']] }));
          agent.tool('refund', failed('Forbidden', 'not allowed to refund above 100 EUR'));
        },
        failed('Forbidden', 'not allowed to refund above 100 EUR'),
      );
    }),
  },
  {
    name: 'the user hangs up while the customer is handed over',
    finds: [],
    spans: tell(
      'orchescope',
      'support',
      (run) => {
        work('triage', { rounds: 7 })(run);
        run.agent(
          'triage',
          (agent) =>
            void agent.handTo('billing', {
              attributes: { 'orchescope.handoff.outcome': 'cancelled' },
            }),
        );
      },
      { attributes: { 'orchescope.run.outcome': 'cancelled' } },
    ),
  },
  {
    name: 'a full queue refuses a task of the desk',
    finds: [],
    spans: tell('orchescope', 'newsroom', (run) => {
      run.agent('desk', (agent) => {
        repeat(6, () => agent.round({ tools: [['submit_task']] }));
        agent.event('rejected', {
          'orchescope.rejected.by': 'backpressure',
          'orchescope.rejected.target': 'writers',
        });
        agent.handTo('writer', { attributes: outcome('accepted') });
      });
      work('writer')(run);
    }),
  },
  {
    name: 'a person does not approve what an agent wants to do after a handoff',
    finds: [],
    spans: tell('openai-agents', 'payout', (run) => {
      run.agent('clerk', (agent) => void agent.handTo('cashier'));
      run.agent('cashier', (agent) => {
        repeat(6, () => agent.round({ tools: [['check_account']] }));
        agent.span({
          kind: 'approval',
          name: 'approval payout',
          ms: 9000,
          flags: 16,
          attributes: { 'orchescope.approval.decision': 'rejected' },
        });
        agent.round({ output: 80 });
      });
    }),
  },
  {
    name: 'the other agent runs elsewhere, and its host does not answer',
    finds: [],
    spans: tell('orchescope', 'partners', (run) => {
      work('broker', { rounds: 6 })(run);
      run.agent('broker', (agent) => {
        agent.handTo('partner', {
          attributes: { 'orchescope.handoff.outcome': 'failed' },
          ...failed('ConnectTimeout', 'connect to partner.example timed out'),
        });
        agent.round({ output: 90 });
      });
    }),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];

/** Came out wrong when first judged; a rule was changed after them, and they hold nothing out any more. */
export const usedUp: readonly FindingCase[] = [
  {
    name: 'a model makes up a refund specialist',
    finds: [{ variant: 'unknown_agent' }],
    spans: tell('openai-agents', 'shop', (run) => {
      work('adviser', { rounds: 6 })(run);
      run.agent('triage', (agent) => {
        agent.handTo(
          'refund_specialist',
          failed('ModelBehaviorError', 'Agent refund_specialist not found'),
        );
        agent.round({ tools: [['refund']] });
      });
    }),
  },
  {
    name: 'ADK: transfer to an agent that is not in the tree',
    finds: [{ variant: 'unknown_agent' }],
    spans: tell('google-adk', 'clinic', (run) => {
      work('nurse', { rounds: 5 })(run);
      run.agent('frontdesk', (agent) => {
        agent.handTo(
          'cardiology',
          failed('ValueError', 'Agent cardiology not found in the agent tree.'),
        );
        agent.handTo('nurse');
      });
      work('nurse', { rounds: 3 })(run);
    }),
  },
];
