/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { failed, repeat, tell, work, type Scope } from '../heldout-traffic.ts';

const spent = (scope: Scope, used: number, limit: number, unit = 'tokens'): void =>
  scope.event('budget', {
    'orchescope.budget.unit': unit,
    'orchescope.budget.used': used,
    'orchescope.budget.limit': limit,
  });

const found: readonly FindingCase[] = [
  {
    name: 'a researcher is warned twice, and its next question is refused',
    finds: [{}],
    spans: tell(
      'orchescope',
      'report',
      (run) => {
        work('planner', { rounds: 3 })(run);
        run.agent('researcher', (agent) => {
          repeat(6, (n) => {
            agent.round({ input: 4000, tools: [['search']] });
            if (n === 3) spent(agent, 20_000, 40_000);
            if (n === 5) spent(agent, 33_000, 40_000);
          });
          agent.span(
            {
              kind: 'llm',
              name: 'chat',
              model: 'gpt-5',
              ...failed('budget_exceeded', '38900 of 40000 tokens used'),
            },
            (llm) =>
              llm.event('rejected', {
                'orchescope.rejected.by': 'budget',
                'orchescope.rejected.target': 'chat',
              }),
          );
          agent.event('terminate', { 'orchescope.terminate.reason': 'budget' });
        });
      },
      { attributes: { 'orchescope.run.outcome': 'terminated', 'orchescope.run.reason': 'budget' } },
    ),
  },
  {
    name: 'five dollars were given, and six were spent before anybody looked',
    finds: [{}],
    spans: tell('orchescope', 'video', (run) => {
      run.agent('director', (agent) => {
        repeat(8, (n) => {
          agent.round({ tools: [['render']] });
          spent(agent, 0.75 * (n + 1), 5, 'usd');
        });
      });
    }),
  },
  {
    name: 'LangGraph: the recursion limit of 25 is reached',
    finds: [{}],
    spans: tell(
      'openinference',
      'agent',
      (run) => {
        run.agent('solver', (agent) => repeat(12, () => agent.round({ tools: [['python']] })));
      },
      failed(
        'GraphRecursionError',
        'Recursion limit of 25 reached without hitting a stop condition.',
      ),
    ),
  },
  {
    name: 'the account of the provider is empty in the middle of the night',
    finds: [{}],
    spans: tell('ai-sdk', 'nightly', (run) => {
      run.agent(
        'tagger',
        (agent) => {
          repeat(9, () => agent.round({ tools: [['readItem']] }));
          agent.ask(
            failed(
              'insufficient_quota',
              'You exceeded your current quota, please check your plan and billing details.',
            ),
          );
        },
        failed(
          'insufficient_quota',
          'You exceeded your current quota, please check your plan and billing details.',
        ),
      );
    }),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'three agents with a budget each, the thriftiest of which uses a third and the others four fifths',
    finds: [],
    spans: tell('orchescope', 'report', (run) => {
      for (const [n, name] of ['reader', 'writer', 'editor'].entries()) {
        run.agent(name, (agent) => {
          repeat(4, () => agent.round({ tools: [['search']] }));
          spent(agent, n === 0 ? 7000 : 16_000, 20_000);
        });
      }
    }),
  },
  {
    name: 'an answer is cut at its longest, and goes on in a second one',
    finds: [],
    spans: tell('ai-sdk', 'essay', (run) => {
      work('researcher', { rounds: 7 })(run);
      run.agent('writer', (agent) => {
        agent.ask({ output: 4096, finish: 'length' });
        agent.ask({ output: 900, finish: 'stop' });
      });
    }),
  },
  {
    name: 'forty calls, five of which are refused by the rate limit for a minute',
    finds: [],
    spans: tell('orchescope', 'tags', (run) => {
      run.agent('tagger', (agent) =>
        repeat(40, (n) => {
          if (n % 8 === 3) {
            agent.ask(
              failed(
                'rate_limit_exceeded',
                'Rate limit reached for gpt-5-mini: limit 200000 tokens per minute',
              ),
            );
            agent.event('rejected', {
              'orchescope.rejected.by': 'rate_limit',
              'orchescope.rejected.target': 'openai',
            });
            agent.idle(4000);
          }
          agent.ask();
        }),
      );
    }),
  },
  {
    name: 'an AutoGen team of three that ends after its twelfth message, as it was told to',
    finds: [],
    spans: tell('autogen', 'panel', (run) => {
      repeat(
        12,
        (n) =>
          void run.agent(
            ['ann', 'bob', 'cem'][n % 3] ?? '',
            (agent) => void agent.ask({ output: 120 }),
          ),
      );
      run.event('terminate', {
        'orchescope.terminate.reason': 'Maximum number of messages 12 reached',
      });
    }),
  },
  {
    name: 'a prompt that is too long for the model, and is cut and asked again',
    finds: [],
    spans: tell('pydantic-ai', 'contract', (run) => {
      work('reader', { rounds: 6 })(run);
      run.agent('lawyer', (agent) => {
        agent.ask({
          input: 200_000,
          ...failed('context_length_exceeded', 'maximum context length is 128000 tokens'),
        });
        agent.ask({ input: 90_000, output: 700 });
      });
    }),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];

/** Came out wrong when first judged; a rule was changed after them, and they hold nothing out any more. */
export const usedUp: readonly FindingCase[] = [
  {
    name: 'OpenAI Agents: a runner gives up after its tenth turn',
    finds: [{}],
    spans: tell(
      'openai-agents',
      'browse',
      (run) => {
        run.agent('surfer', (agent) => {
          repeat(10, () => agent.round({ tools: [['click']] }));
          agent.mark(failed('MaxTurnsExceeded', 'Max turns (10) exceeded'));
        });
      },
      failed('MaxTurnsExceeded', 'Max turns (10) exceeded'),
    ),
  },
];
