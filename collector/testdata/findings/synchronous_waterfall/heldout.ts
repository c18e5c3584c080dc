/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { each, repeat, tell, work } from '../heldout-traffic.ts';

const found: readonly FindingCase[] = [
  {
    name: 'an AI SDK agent asks for five searches in one answer, and they run one by one',
    finds: [{ variant: 'tools' }],
    spans: tell('ai-sdk', 'trip', (run) => {
      run.agent('planner', (agent) => {
        repeat(3, () => agent.round({ tools: [['getWeather']] }));
        agent.round({ tools: each(5, () => ['searchHotels', { ms: 900 }] as const) });
        agent.round({ output: 500 });
      });
      work('booker', { rounds: 4 })(run);
    }),
  },
  {
    name: 'a tool node of LangGraph gets four quotes in a row',
    finds: [{ variant: 'tools' }],
    spans: tell('openinference', 'portfolio', (run) => {
      work('news', { rounds: 5 })(run);
      run.agent('analyst', (agent) => {
        agent.round({ tools: each(4, () => ['get_quote', { ms: 1200 }] as const) });
        agent.round({ output: 300 });
      });
    }),
  },
  {
    name: 'forty chunks of a document, a request for an embedding each',
    finds: [{ variant: 'embeddings' }],
    spans: tell('openllmetry', 'ingest', (run) => {
      run.step('split', (step) => step.idle(300));
      repeat(40, () => {
        run.span({
          kind: 'embedding',
          name: 'embeddings text-embedding-3',
          model: 'text-embedding-3',
          otelKind: 3,
          inputTokens: 500,
          ms: 180,
        });
      });
      run.step('store', (step) => step.idle(900));
    }),
  },
  {
    name: 'five branches of a fan-out, each with an agent, that wait for each other',
    finds: [{ variant: 'steps' }],
    spans: tell('orchescope', 'regions', (run) => {
      repeat(5, (n) => {
        run.step(`region ${n}`, (step) => void work(`reporter ${n}`, { rounds: 3 })(step), {
          stepIndex: n,
          attributes: {
            'orchescope.step.type': 'branch',
            'orchescope.step.index': n,
            'orchescope.step.of': 5,
          },
        });
      });
    }),
  },
];

function node(id: string, dependsOn: readonly string[]) {
  return {
    attributes: {
      'orchescope.step.type': 'node',
      'orchescope.step.id': id,
      'orchescope.step.depends_on': dependsOn,
    },
  };
}

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'twelve searches in three answers, those of each answer at once',
    finds: [],
    spans: tell('ai-sdk', 'trip', (run) => {
      run.agent('planner', (agent) => {
        repeat(3, () =>
          agent.round({
            beside: true,
            tools: each(4, () => ['searchHotels', { ms: 900 }] as const),
          }),
        );
        agent.round({ output: 500 });
      });
    }),
  },
  {
    name: 'ten searches, each after a look at what the last one brought',
    finds: [],
    spans: tell('pydantic-ai', 'research', (run) => {
      run.agent('researcher', (agent) => {
        repeat(10, () => agent.round({ tools: [['search', { ms: 1500 }]] }));
        agent.round({ output: 700 });
      });
    }),
  },
  {
    name: 'a basket is filled, a voucher is used and the order is sent: the order matters',
    finds: [],
    spans: tell('openai-agents', 'shop', (run) => {
      work('adviser', { rounds: 5 })(run);
      run.agent('buyer', (agent) => {
        agent.round({
          tools: [
            ['add_to_cart', { ms: 900 }],
            ['add_to_cart', { ms: 900 }],
            ['apply_voucher', { ms: 900 }],
            ['set_address', { ms: 900 }],
            ['place_order', { ms: 900 }],
          ],
        });
        agent.round();
      });
    }),
  },
  {
    name: 'a plan of eight tasks, each of which waits for the one before it',
    finds: [],
    spans: tell('orchescope', 'migration', (run) => {
      repeat(8, (n) => {
        run.step(
          `task ${n}`,
          (step) =>
            step.agent('migrator', (agent) => agent.round({ tools: [['run_sql', { ms: 2000 }]] })),
          node(`task ${n}`, n === 0 ? [] : [`task ${n - 1}`]),
        );
      });
    }),
  },
  {
    name: 'questions that build on each other: embed, look up, think, eight times',
    finds: [],
    spans: tell('openllmetry', 'multi hop', (run) => {
      repeat(8, () => {
        run.span({
          kind: 'embedding',
          name: 'embed',
          model: 'text-embedding-3',
          otelKind: 3,
          ms: 200,
        });
        run.span({ kind: 'retrieval', name: 'query docs', ms: 500 });
        run.ask({ output: 60 });
      });
    }),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];

/** Came out wrong when first judged; a rule was changed after them, and they hold nothing out any more. */
export const usedUp: readonly FindingCase[] = [
  {
    name: 'four tasks of a plan that all depend on one, and run one after the other',
    finds: [{ variant: 'steps' }],
    spans: tell('orchescope', 'launch', (run) => {
      run.step('collect', (step) => void step.ask(), node('collect', []));
      for (const name of ['prices', 'texts', 'images', 'legal']) {
        run.step(
          name,
          (step) =>
            void step.agent(`${name} agent`, (agent) => {
              agent.round({ tools: [['lookup', { ms: 3000 }]] });
              agent.round({ output: 200 });
            }),
          node(name, ['collect']),
        );
      }
      run.step(
        'publish',
        (step) => void step.ask(),
        node('publish', ['prices', 'texts', 'images', 'legal']),
      );
    }),
  },
];
