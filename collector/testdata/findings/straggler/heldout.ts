/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { each, failed, repeat, tell, tellBare, work, type Scope } from '../heldout-traffic.ts';

/** Reads, thinks and answers until so much time is over. */
const busy =
  (name: string, ms: number, fields = {}) =>
  (side: Scope): void =>
    void side.agent(
      name,
      (agent) => {
        agent.ask({ ms: ms * 0.3, finish: 'tool_calls' });
        agent.tool('search', { ms: ms * 0.4 });
        agent.ask({ ms: ms * 0.3, output: 300 });
      },
      fields,
    );

const found: readonly FindingCase[] = [
  {
    name: 'six researchers, five of which take some seconds and one a minute',
    finds: [{}],
    spans: tell('orchescope', 'market', (run) => {
      work('planner', { rounds: 3 })(run);
      run.beside(...each(6, (n) => busy(`researcher ${n}`, n === 4 ? 60_000 : 7000 + 500 * n)));
      work('writer', { rounds: 3 })(run);
    }),
  },
  {
    name: 'a LangGraph superstep of five nodes, one of which asks a model that takes 45 s',
    finds: [{}],
    spans: tell('openinference', 'review', (run) => {
      run.step('dispatch', (node) => void node.ask({ ms: 900 }));
      run.beside(
        ...each(5, (n) => (side: Scope) => {
          side.step(`check_${['style', 'facts', 'law', 'tone', 'links'][n]}`, (node) => {
            node.step('prepare', (inner) => inner.idle(40));
            node.ask({ ms: n === 2 ? 45_000 : 2500 + 300 * n });
          });
        }),
      );
      run.step('merge', (node) => void node.ask({ ms: 1500 }));
    }),
  },
  {
    name: 'five pages fetched at once in one step of the AI SDK, one of which hangs for half a minute',
    finds: [{}],
    spans: tell('ai-sdk', 'compare', (run) => {
      run.agent('buyer', (agent) => {
        repeat(3, () => agent.round({ tools: [['searchShops']] }));
        agent.round({
          beside: true,
          tools: each(5, (n) => ['fetchPage', { ms: n === 1 ? 30_000 : 800 + 200 * n }] as const),
        });
        agent.round({ output: 400 });
      });
    }),
  },
  {
    name: 'eight workers in traces of their own, and a step that joins them waits for one',
    finds: [{}],
    spans: tellBare('orchescope', (outer) => {
      let workers: readonly string[] = [];
      outer.span({ kind: 'workflow', workflowName: 'index', name: 'index' }, (run) => {
        run.ask();
        const ids: string[] = [];
        run.beside(
          ...each(8, (n) => (side: Scope) => {
            side.idle(20 * n);
          }),
        );
        const began = run.now;
        let last = began;
        repeat(8, (n) => {
          outer.now = began + 20 * n;
          const id = outer.span(
            { kind: 'agent', agentName: `indexer ${n}`, name: 'indexer', traceId: `w${n}` },
            (agent) => {
              agent.ask({ ms: n === 6 ? 70_000 : 5000 });
              agent.tool('store', { ms: 300 });
            },
          );
          ids.push(id);
          last = Math.max(last, outer.now);
        });
        workers = ids;
        run.now = last;
        run.span({
          kind: 'step',
          name: 'join',
          ms: 20,
          links: workers.map((to, n) => ({ to, trace: `w${n}`, rel: 'fan_in' })),
        });
        run.ask({ output: 500 });
      });
    }),
  },
  {
    name: 'twenty documents, ten at a time, and the last one takes ten times as long',
    finds: [{}],
    spans: tell('pydantic-ai', 'map reduce', (run) => {
      run.step('map', (map) => {
        map.beside(
          ...each(10, (lane) => (side: Scope) => {
            repeat(2, (n) => {
              const ms = lane === 9 && n === 1 ? 42_000 : 3500 + 100 * lane;
              side.agent(`summariser`, (agent) => void agent.ask({ ms, input: 6000, output: 300 }));
            });
          }),
        );
      });
      run.agent('reducer', (agent) => void agent.ask({ output: 800 }));
    }),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'eight researchers who take between eight and sixteen seconds',
    finds: [],
    spans: tell('orchescope', 'market', (run) => {
      run.beside(...each(8, (n) => busy(`researcher ${n}`, 8000 + 1100 * n)));
      work('writer')(run);
    }),
  },
  {
    name: 'four clerks at once, one of whom asks a person, who takes two minutes',
    finds: [],
    spans: tell('orchescope', 'claims', (run) => {
      run.beside(
        ...each(4, (n) => (side: Scope) => {
          side.agent(`clerk ${n}`, (agent) => {
            agent.round({ tools: [['read_claim']] });
            if (n === 2) {
              agent.span({
                kind: 'approval',
                name: 'approval payout',
                flags: 16,
                ms: 120_000,
                attributes: {
                  'orchescope.approval.decider.type': 'human',
                  'orchescope.approval.decision': 'approved',
                },
              });
            }
            agent.round({ output: 200 });
          });
        }),
      );
      work('sender')(run);
    }),
  },
  {
    name: 'a memory is written in the background, long after the answer is there',
    finds: [],
    spans: tell('mastra', 'chat', (run) => {
      const began = run.now;
      run.beside(...each(3, (n) => busy(`helper ${n}`, 3000 + 200 * n)));
      const answered = run.now;
      run.now = began;
      run.agent('memory', (agent) => void agent.ask({ ms: 60_000 }));
      run.now = answered;
      run.ask({ output: 300, ms: 2000 });
    }),
  },
  {
    name: 'four models race, the first answer wins, and the others are cancelled when it is there',
    finds: [],
    spans: tell('orchescope', 'race', (run) => {
      run.beside(
        ...each(4, (n) => (side: Scope) => {
          side.step(
            `runner ${n}`,
            (step) => void step.ask({ ms: n === 0 ? 9000 : 9100 }),
            n === 0
              ? {}
              : { ...failed('AbortError'), attributes: { 'orchescope.outcome': 'cancelled' } },
          );
        }),
      );
      work('writer', { rounds: 8 })(run);
    }),
  },
  {
    name: 'a coder runs the tests for 40 s, and reads four files meanwhile',
    finds: [],
    spans: tell('openai-agents', 'fix', (run) => {
      run.agent('coder', (agent) => {
        repeat(5, () => agent.round({ tools: [['edit_file']] }));
        agent.round({
          beside: true,
          tools: [
            ['run_tests', { ms: 40_000 }],
            ['read_file'],
            ['read_log'],
            ['grep'],
            ['git_status'],
          ],
        });
        agent.round();
      });
    }),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];
