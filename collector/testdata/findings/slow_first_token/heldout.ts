/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { each, failed, repeat, tell, work, type Ask, type Scope } from '../heldout-traffic.ts';

/** A streamed answer. */
const stream = (firstMs: number, ms: number, more: Ask = {}): Ask => ({
  timeToFirstChunk: firstMs / 1000,
  ms,
  output: 400,
  ...more,
});

const found: readonly FindingCase[] = [
  {
    name: 'a chat in which one of ten answers begins after fourteen seconds',
    finds: [{}],
    spans: tell('ai-sdk', 'chat', (run) => {
      run.agent('helper', (agent) => {
        repeat(10, (n) =>
          agent.round({
            ...stream(n === 6 ? 14_000 : 700, n === 6 ? 19_000 : 5000),
            tools: n % 2 === 0 ? [['search']] : [],
          }),
        );
      });
    }),
  },
  {
    name: 'a prompt of 180,000 tokens takes 25 seconds to be read',
    finds: [{}],
    spans: tell('openllmetry', 'contract', (run) => {
      work('loader', { rounds: 6 })(run);
      run.ask(stream(25_000, 40_000, { input: 180_000 }));
    }),
  },
  {
    name: 'two models behind one gateway that are both slow to begin',
    finds: [{}, {}],
    spans: tell('orchescope', 'compare', (run) => {
      run.beside(
        (side) =>
          void side.agent(
            'ann',
            (agent) =>
              void agent.ask(stream(11_000, 15_000, { model: 'gpt-5', name: 'chat gpt-5' })),
          ),
        (side) =>
          void side.agent(
            'bob',
            (agent) =>
              void agent.ask(
                stream(16_000, 22_000, {
                  model: 'claude-sonnet-4-5',
                  name: 'chat claude-sonnet-4-5',
                  provider: 'anthropic',
                }),
              ),
          ),
      );
      work('judge', { rounds: 5 })(run);
    }),
  },
  {
    name: 'a model that reasons for a minute and a half before its first word',
    finds: [{}],
    spans: tell('pydantic-ai', 'proof', (run) => {
      work('reader', { rounds: 4 })(run);
      run.agent(
        'prover',
        (agent) =>
          void agent.ask(
            stream(90_000, 110_000, { reasoningTokens: 6000, output: 7000, model: 'gpt-5' }),
          ),
      );
    }),
  },
  {
    name: 'a regional outage: every answer of an hour begins after nine to twelve seconds',
    finds: [{}],
    spans: tell('openai-agents', 'hotline', (run) => {
      repeat(
        6,
        (n) =>
          void run.agent(`call ${n}`, (agent) =>
            repeat(3, (k) =>
              agent.round({
                ...stream(9000 + 500 * n + 100 * k, 14_000),
                tools: k < 2 ? [['find_order']] : [],
              }),
            ),
          ),
      );
    }),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'long answers of forty seconds that begin within a second',
    finds: [],
    spans: tell(
      'ai-sdk',
      'essay',
      (run) =>
        void run.agent('writer', (agent) =>
          repeat(8, () =>
            agent.round({ ...stream(800, 40_000, { output: 3000 }), tools: [['saveDraft']] }),
          ),
        ),
    ),
  },
  {
    name: 'answers that came whole after twelve seconds: nothing was streamed',
    finds: [],
    spans: tell('openllmetry', 'batch', (run) => {
      repeat(10, () => void run.ask({ ms: 12_000 }));
      repeat(4, () => void run.ask({ ms: 12_000, timeToFirstChunk: 12 }));
      work('sender', { rounds: 3 })(run);
    }),
  },
  {
    name: 'a model that reasons for twenty to forty seconds before it writes',
    finds: [],
    spans: tell('orchescope', 'maths', (run) => {
      run.agent('solver', (agent) =>
        repeat(9, (n) =>
          agent.round({
            ...stream(20_000 + 2400 * n, 45_000 + 2000 * n, {
              reasoningTokens: 3000,
              output: 3600,
            }),
            tools: [['python']],
          }),
        ),
      );
    }),
  },
  {
    name: 'twelve calls that failed after thirty seconds, and quick ones between',
    finds: [],
    spans: tell('mastra', 'flaky', (run) => {
      run.agent('asker', (agent) =>
        repeat(12, () => {
          agent.ask({ ...failed('TimeoutError'), ms: 30_000, timeToFirstChunk: 29 });
          agent.ask(stream(600, 3000));
        }),
      );
    }),
  },
  {
    name: 'twenty chats side by side that all begin within six seconds',
    finds: [],
    spans: tell('orchescope', 'load test', (run) =>
      run.beside(
        ...each(
          20,
          (n) => (side: Scope) =>
            void side.agent(`chat ${n}`, (agent) => void agent.ask(stream(1000 + 250 * n, 9000))),
        ),
      ),
    ),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];
