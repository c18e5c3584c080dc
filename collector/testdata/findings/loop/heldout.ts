/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { each, repeat, tell, work } from '../heldout-traffic.ts';

const found: readonly FindingCase[] = [
  {
    name: 'a coder opens the same file five times, while a tester and a reviewer do their work',
    finds: [{ variant: 'exact_repeat', subject: 'read_file' }],
    spans: tell('openai-agents', 'fix a bug', (run) => {
      work('planner', { rounds: 3 })(run);
      run.beside(
        (side) =>
          void side.agent('coder', (coder) => {
            coder.round({ tools: [['grep'], ['list_files']] });
            repeat(5, () =>
              coder.round({
                tools: [['read_file', { args: 'src/cart.ts', result: '(truncated)' }]],
              }),
            );
            coder.round({ tools: [['edit_file']] });
            coder.round();
          }),
        work('tester', { rounds: 6, tools: ['run_tests', 'read_log'] }),
      );
      work('reviewer')(run);
    }),
  },
  {
    name: 'a LangGraph researcher searches and opens the same page four times round',
    finds: [{ variant: 'cycle' }],
    spans: tell('openinference', 'market report', (run) => {
      work('scout', { rounds: 3 })(run);
      run.agent('researcher', (agent) => {
        agent.round({ tools: [['search', { args: 'lamps', result: '10 hits' }]] });
        repeat(4, () => {
          agent.round({ tools: [['search', { args: 'lamp prices 2026', result: 'hit 1' }]] });
          agent.round({ tools: [['open_page', { args: 'hit 1', result: 'please log in' }]] });
        });
        agent.round({ output: 500 });
      });
      work('writer', { rounds: 2 })(run);
    }),
  },
  {
    name: 'planner and executor of a Google ADK team transfer to each other four times, amid others who work',
    finds: [{ variant: 'ping_pong' }],
    spans: tell('google-adk', 'errand', (run) => {
      work('intake', { rounds: 3 })(run);
      repeat(4, () => {
        run.agent('planner', (agent) => void agent.handTo('executor'));
        run.agent('executor', (agent) => void agent.handTo('planner'));
      });
      work('closer', { rounds: 3 })(run);
    }),
  },
  {
    name: 'seven rounds of polishing that leave the score at 0.62, each with two critics',
    finds: [{ variant: 'no_progress', subject: 'polish' }],
    spans: tell('orchescope', 'brochure', (run) => {
      work('author', { rounds: 2 })(run);
      repeat(7, (n) => {
        run.step(
          'polish',
          (round) => {
            round.agent('editor', (agent) => void agent.ask({ output: 600 }));
            round.beside(
              (side) => void side.agent('critic', (agent) => void agent.ask()),
              (side) => void side.agent('lawyer', (agent) => void agent.ask()),
            );
          },
          {
            loopIteration: n + 1,
            attributes: {
              'orchescope.step.type': 'iteration',
              'orchescope.loop.name': 'polish',
              'orchescope.step.progress': 'score 0.62',
            },
          },
        );
      });
    }),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'fifteen pages of orders, each with a cursor of its own',
    finds: [],
    spans: tell('ai-sdk', 'export', (run) => {
      run.agent('exporter', (agent) => {
        for (const n of each(15, (page) => page)) {
          agent.round({ tools: [['listOrders', { args: `cursor ${n}`, result: `page ${n}` }]] });
        }
        agent.round();
      });
    }),
  },
  {
    name: 'a file that is read again after each of six edits',
    finds: [],
    spans: tell('openai-agents', 'refactor', (run) => {
      run.agent('coder', (agent) => {
        repeat(6, (n) => {
          agent.round({ tools: [['read_file', { args: 'a.ts', result: `version ${n}` }]] });
          agent.round({ tools: [['edit_file', { result: 'ok' }]] });
          agent.round({ tools: [['run_tests', { args: '', result: `${6 - n} failed` }]] });
        });
      });
      work('reviewer')(run);
    }),
  },
  {
    name: 'a batch that is looked at every half minute, with a wait between',
    finds: [],
    spans: tell('orchescope', 'nightly', (run) => {
      run.agent('operator', (agent) => {
        repeat(10, () => {
          agent.round({ tools: [['describe_batch', { args: 'b-7', result: 'in_progress' }]] });
          agent.step('wait', (wait) => wait.idle(30_000), {
            flags: 16,
            attributes: { 'orchescope.step.type': 'wait' },
          });
        });
        agent.round();
      });
    }),
  },
  {
    name: 'eight workers, each of which first reads the same settings',
    finds: [],
    spans: tell('pydantic-ai', 'regional reports', (run) => {
      run.beside(
        ...each(8, (n) => (side: typeof run) => {
          side.agent(`worker ${n}`, (agent) => {
            agent.round({ tools: [['get_settings', { args: '{}', result: '{"eur":1}' }]] });
            agent.round({ tools: [['query_sales']] });
            agent.round({ output: 300 });
          });
        }),
      );
    }),
  },
  {
    name: 'writer and editor pass a text back and forth five times, and each writes a page',
    finds: [],
    spans: tell('openai-agents', 'essay', (run) => {
      repeat(5, () => {
        run.agent('writer', (agent) => void agent.handTo('editor', { ask: { output: 900 } }));
        run.agent('editor', (agent) => void agent.handTo('writer', { ask: { output: 400 } }));
      });
      run.agent('writer', (agent) => void agent.ask({ output: 1100, finish: 'stop' }));
    }),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];

/** Came out wrong when first judged; a rule was changed after them, and they hold nothing out any more. */
export const usedUp: readonly FindingCase[] = [
  {
    name: 'the same search without a hit six times, and a scratch pad that says something else between',
    finds: [{}],
    spans: tell('ai-sdk', 'trip', (run) => {
      run.agent('concierge', (agent) => {
        repeat(6, () => {
          agent.round({
            tools: [['searchFlights', { args: 'HAM-LIS 24 Dec', result: '[]' }], ['think']],
          });
        });
        agent.round();
      });
    }),
  },
];
