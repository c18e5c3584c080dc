/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { each, repeat, tell, work, type Round, type Scope } from '../heldout-traffic.ts';

/** An agent that sends all it has seen with every question. */
function grow(scope: Scope, name: string, inputs: readonly number[], more: Round = {}): void {
  scope.agent(name, (agent) => {
    for (const input of inputs) agent.round({ input, output: 90, tools: [['read_file']], ...more });
    agent.ask({ input: (inputs.at(-1) ?? 0) + 500, output: 400 });
  });
}

const found: readonly FindingCase[] = [
  {
    name: 'a coder whose prompt grows from three to sixty thousand tokens in fifteen calls',
    finds: [{ subject: 'coder' }],
    spans: tell('openai-agents', 'fix', (run) => {
      work('planner')(run);
      grow(
        run,
        'coder',
        each(15, (n) => 3000 + 4000 * n),
      );
      work('reviewer')(run);
    }),
  },
  {
    name: 'a LangGraph researcher that keeps every page it has read',
    finds: [{ subject: 'researcher' }],
    spans: tell('openinference', 'report', (run) => {
      run.beside(
        (side) =>
          grow(
            side,
            'researcher',
            each(12, (n) => Math.round(1500 * 1.3 ** n)),
          ),
        work('illustrator', { rounds: 6 }),
      );
    }),
  },
  {
    name: 'an AI SDK agent without a name for its model, ten steps',
    finds: [{}],
    spans: tell('ai-sdk', 'support', (run) =>
      grow(
        run,
        'support',
        each(10, (n) => 2000 + 2600 * n),
        { cacheReadTokens: 0 },
      ),
    ),
  },
  {
    name: 'a tenth of each prompt comes from the cache, the rest does not',
    finds: [{}],
    spans: tell('pydantic-ai', 'audit', (run) => {
      run.agent('auditor', (agent) => {
        repeat(14, (n) => {
          const input = 4000 + 3000 * n;
          agent.round({ input, cacheReadTokens: Math.round(input / 10), tools: [['read_ledger']] });
        });
      });
    }),
  },
  {
    name: 'two workers side by side that both keep all answers of their tools',
    finds: [{}, {}],
    spans: tell('orchescope', 'due diligence', (run) => {
      run.beside(
        (side) =>
          grow(
            side,
            'finance',
            each(9, (n) => 2500 + 3500 * n),
          ),
        (side) =>
          grow(
            side,
            'law',
            each(11, (n) => 2000 + 2500 * n),
          ),
        work('press', { rounds: 5 }),
      );
    }),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'the same growth, and nine tenths of each prompt come from the cache',
    finds: [],
    spans: tell('ai-sdk', 'fix', (run) => {
      run.agent('coder', (agent) => {
        repeat(15, (n) => {
          const input = 3000 + 4000 * n;
          agent.round({
            input,
            cacheReadTokens: n === 0 ? 0 : Math.round(0.9 * (input - 4000)),
            tools: [['readFile']],
          });
        });
      });
    }),
  },
  {
    name: 'a contract of 60,000 tokens that is asked about twelve times',
    finds: [],
    spans: tell('openllmetry', 'contract', (run) => {
      run.agent('lawyer', (agent) =>
        repeat(12, (n) => void agent.ask({ input: 60_000 + 300 * n, output: 200 })),
      );
    }),
  },
  {
    name: 'a history that is summed up after every fifth call',
    finds: [],
    spans: tell('mastra', 'companion', (run) => {
      run.agent('companion', (agent) =>
        repeat(20, (n) => agent.round({ input: 3000 + 3500 * (n % 5), tools: [['remember']] })),
      );
    }),
  },
  {
    name: 'twenty texts of ever more words, each read by itself, side by side',
    finds: [],
    spans: tell('orchescope', 'batch', (run) => {
      run.beside(
        ...each(
          20,
          (n) => (side: Scope) =>
            void side.agent(
              'reader',
              (agent) => void agent.ask({ input: 1000 + 1800 * n, output: 80 }),
            ),
        ),
      );
    }),
  },
  {
    name: 'a chat that grows from one to nine thousand tokens over thirty questions',
    finds: [],
    spans: tell('openai-agents', 'chat', (run) =>
      grow(
        run,
        'helper',
        each(30, (n) => 1000 + 270 * n),
      ),
    ),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];
