/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { failed, repeat, tell, tellBare, work } from '../heldout-traffic.ts';

const hour = 3_600_000;

const found: readonly FindingCase[] = [
  {
    name: 'three agents did their work, the fourth began, and nothing came for six hours',
    finds: [{}],
    spans: tell(
      'orchescope',
      'report',
      (run) => {
        work('researcher', { rounds: 6 })(run);
        work('writer', { rounds: 4 })(run);
        run.agent('publisher', (agent) => void agent.tool('upload', { open: true }), {
          open: true,
        });
      },
      { open: true },
    ),
    nowMs: 6 * hour,
  },
  {
    name: 'a worker was killed: its calls are there, the agents around them never came',
    finds: [{}],
    spans: tell(
      'orchescope',
      'crawl',
      (run) => {
        run.agent(
          'crawler',
          (agent) => repeat(15, () => agent.round({ tools: [['fetch_page']] })),
          { open: true },
        );
      },
      { open: true },
    ),
    nowMs: 30 * hour,
  },
  {
    name: 'a Mastra workflow with one branch that never came back, silent since yesterday',
    finds: [{}],
    spans: tell(
      'mastra',
      'claims',
      (run) => {
        run.beside(
          work('reader', { rounds: 5 }),
          work('checker', { rounds: 5 }),
          (side) =>
            void side.agent('caller', (agent) => void agent.ask({ open: true }), { open: true }),
        );
      },
      { open: true },
    ),
    nowMs: 24 * hour,
  },
  {
    name: 'a person approved, the agent went on for two calls, and then nothing for three hours',
    finds: [{}],
    spans: tell(
      'orchescope',
      'payout',
      (run) => {
        run.agent(
          'clerk',
          (agent) => {
            repeat(4, () => agent.round({ tools: [['check']] }));
            agent.span({
              kind: 'approval',
              name: 'approval payout',
              ms: 60_000,
              flags: 16,
              attributes: { 'orchescope.approval.decision': 'approved' },
            });
            agent.round({ tools: [['prepare']] });
            agent.round({ tools: [['pay', { open: true }]] });
          },
          { open: true },
        );
      },
      { open: true },
    ),
    nowMs: 3 * hour,
  },
  {
    name: 'messages of a run are handled in two traces, and the one with the root never ended',
    finds: [{}],
    spans: tellBare('orchescope', (bare) => {
      bare.span({ kind: 'workflow', name: 'orders', workflowName: 'orders', open: true }, (run) =>
        work('taker', { rounds: 4 })(run),
      );
      bare.span(
        {
          kind: 'queue',
          rawKind: 'process',
          otelKind: 5,
          name: 'process orders',
          traceId: 'second',
        },
        (run) => work('packer', { rounds: 4 })(run),
      );
    }),
    nowMs: 5 * hour,
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'a long run that goes on: a call ended two minutes ago',
    finds: [],
    spans: tell(
      'orchescope',
      'migration',
      (run) => {
        run.agent(
          'migrator',
          (agent) =>
            repeat(20, () => {
              agent.idle(600_000);
              agent.round({ tools: [['run_sql']] });
            }),
          { open: true },
        );
      },
      { open: true },
    ),
    nowMs: 12_150_000,
  },
  {
    name: 'done last week',
    finds: [],
    spans: tell('crewai', 'blog', (run) => {
      work('Researcher', { rounds: 5 })(run);
      work('Writer', { rounds: 3 })(run);
    }),
    nowMs: 168 * hour,
  },
  {
    name: 'a person was asked on Friday, and it is Monday',
    finds: [],
    spans: tell(
      'orchescope',
      'contract',
      (run) => {
        work('drafter', { rounds: 6 })(run);
        run.agent(
          'lawyer',
          (agent) => {
            agent.round({ tools: [['compare']] });
            agent.span({
              kind: 'approval',
              name: 'approval contract',
              flags: 16,
              open: true,
              attributes: { 'orchescope.approval.decider.type': 'human' },
            });
          },
          { open: true },
        );
      },
      { open: true },
    ),
    nowMs: 66 * hour,
  },
  {
    name: 'suspended until somebody sends the signed form',
    finds: [],
    spans: tell(
      'orchescope',
      'onboarding',
      (run) => {
        work('greeter', { rounds: 5 })(run);
        run.event('interrupt', { 'orchescope.interrupt.reason': 'the signed form is missing' });
      },
      {
        attributes: {
          'orchescope.run.outcome': 'suspended',
          'orchescope.run.reason': 'the signed form is missing',
        },
      },
    ),
    nowMs: 200 * hour,
  },
  {
    name: 'failed two hours ago, and a helper of it never ended',
    finds: [],
    spans: tell(
      'openai-agents',
      'search',
      (run) => {
        run.beside(
          work('reader', { rounds: 6 }),
          (side) =>
            void side.agent('helper', (agent) => void agent.tool('search', { open: true }), {
              open: true,
            }),
        );
      },
      failed('TimeoutError'),
    ),
    nowMs: 2 * hour,
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];
