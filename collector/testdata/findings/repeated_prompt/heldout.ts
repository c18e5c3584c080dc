/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { each, failed, repeat, tell, work, type Scope } from '../heldout-traffic.ts';

const found: readonly FindingCase[] = [
  {
    name: 'five agents, one after the other, first ask for the same summary of the brief',
    finds: [{}],
    spans: tell('orchescope', 'campaign', (run) => {
      repeat(5, (n) => {
        run.agent(`copywriter ${n}`, (agent) => {
          agent.ask({
            prompt: 'sum up the brief',
            answer: 'the summary',
            input: 3000,
            output: 150,
            digests: same('the summary'),
          });
          agent.round({ tools: [['find_slogans']] });
          agent.round({ output: 300 });
        });
      });
    }),
  },
  {
    name: 'a loop over twelve rows that asks the same question about each, having forgotten to put the row in',
    finds: [{}],
    spans: tell('openllmetry', 'rows', (run) => {
      repeat(12, () => {
        run.step('row', (step) => {
          step.span({ kind: 'retrieval', name: 'SELECT rows' });
          step.ask({ input: 210, digests: same('please give me the row') });
        });
      });
    }),
  },
  {
    name: 'a router that classifies one and the same mail before each of four tools',
    finds: [{}],
    spans: tell('ai-sdk', 'inbox', (run) => {
      run.agent('router', (agent) => {
        repeat(4, () => {
          agent.round({ input: 800, output: 4, digests: same('invoice'), tools: [['lookup']] });
        });
      });
      work('writer', { rounds: 5 })(run);
    }),
  },
  {
    name: 'eight answers to the same question, one after the other and all different: nobody says it is a vote',
    finds: [{}],
    spans: tell('pydantic-ai', 'names', (run) => {
      work('reader', { rounds: 5 })(run);
      run.agent('namer', (agent) =>
        repeat(8, (n) => void agent.ask({ input: 400, output: 12, digests: same(`name ${n}`) })),
      );
    }),
  },
  {
    name: 'LangGraph runs a node four times for one state, and the model says the same each time',
    finds: [{}],
    spans: tell('openinference', 'graph', (run) => {
      work('scout', { rounds: 4 })(run);
      repeat(4, () => {
        run.step(
          'grade',
          (node) => void node.ask({ input: 1200, output: 3, digests: same('yes') }),
        );
        run.step('rewrite', (node) => node.idle(30));
      });
      work('writer', { rounds: 2 })(run);
    }),
  },
];

function same(answer: string) {
  return [
    { slot: 'system_instructions' as const, hash: 11 },
    { slot: 'input_messages' as const, hash: 12 },
    {
      slot: 'output_messages' as const,
      hash: [...answer].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) % 4294967296, 7),
    },
  ];
}

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'nobody captures content, and twenty prompts have 900 tokens each',
    finds: [],
    spans: tell('openllmetry', 'batch', (run) =>
      repeat(20, () => void run.ask({ prompt: false, input: 900, output: 20, digests: [] })),
    ),
  },
  {
    name: 'five answers to one question side by side, and a judge',
    finds: [],
    spans: tell('orchescope', 'best of five', (run) => {
      work('reader', { rounds: 6 })(run);
      run.beside(
        ...each(
          5,
          (n) => (side: Scope) => void side.ask({ input: 700, digests: same(`draft ${n}`) }),
        ),
      );
      run.ask({ output: 20 });
    }),
  },
  {
    name: 'a provider that answers at the fourth try of one question',
    finds: [],
    spans: tell('orchescope', 'answer', (run) => {
      run.agent('answerer', (agent) => {
        repeat(4, (n) => {
          agent.ask({
            input: 700,
            attempt: n + 1,
            digests: same('ok'),
            ...(n < 3 ? failed('overloaded') : {}),
          });
          agent.idle(1000);
        });
      });
      work('sender', { rounds: 8 })(run);
    }),
  },
  {
    name: 'thirty products with the same instructions, and a question about each',
    finds: [],
    spans: tell('crewai', 'catalogue', (run) => {
      run.agent('describer', (agent) =>
        repeat(30, (n) => void agent.ask({ prompt: `product ${n}`, input: 640, output: 90 })),
      );
    }),
  },
  {
    name: 'six times "go on" to a server that keeps the history',
    finds: [],
    spans: tell('openai-agents', 'story', (run) => {
      run.agent('narrator', (agent) =>
        repeat(
          6,
          (n) =>
            void agent.ask({ input: 300 + 400 * n, output: 400, digests: same(`chapter ${n}`) }),
        ),
      );
      work('printer', { rounds: 5 })(run);
    }),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];
