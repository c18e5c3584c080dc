/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { failed, repeat, tell, work } from '../heldout-traffic.ts';

const found: readonly FindingCase[] = [
  {
    name: 'three agents write a report, and the run is lost because the upload answers 503',
    finds: [{}],
    spans: tell(
      'orchescope',
      'weekly report',
      (run) => {
        work('researcher', { rounds: 6 })(run);
        work('writer', { rounds: 4 })(run);
        run.agent(
          'publisher',
          (agent) => {
            agent.round({ tools: [['render']] });
            agent.round({ tools: [['upload', failed('ServiceUnavailable', '503')]] });
          },
          failed('ServiceUnavailable', '503'),
        );
      },
      failed('ServiceUnavailable', '503'),
    ),
  },
  {
    name: 'a LangGraph run dies of a rate limit in its seventh node',
    finds: [{}],
    spans: tell(
      'openinference',
      'contract review',
      (run) => {
        repeat(6, (n) => void run.step(`clause ${n}`, (node) => void node.ask({ output: 200 })));
        run.step(
          'clause 6',
          (node) => void node.ask(failed('RateLimitError', '429')),
          failed('RateLimitError', '429'),
        );
      },
      failed('RateLimitError', '429'),
    ),
  },
  {
    name: 'an AI SDK agent whose tool throws in the sixth step, and generateText with it',
    finds: [{}],
    spans: tell(
      'ai-sdk',
      'support',
      (run) => {
        run.agent(
          'support',
          (agent) => {
            repeat(5, () => agent.round({ tools: [['findOrder']] }));
            agent.step(
              'step',
              (step) => {
                step.ask({ finish: 'tool_calls' });
                step.tool('refund', failed('TypeError', 'cannot read id of undefined'));
              },
              failed('TypeError', 'cannot read id of undefined'),
            );
          },
          failed('TypeError', 'cannot read id of undefined'),
        );
      },
      failed('TypeError', 'cannot read id of undefined'),
    ),
  },
  {
    name: 'a vector store is down at the fourth question, and the three answers are lost',
    finds: [{}],
    spans: tell(
      'openllmetry',
      'faq',
      (run) => {
        repeat(4, (n) => {
          run.span({
            kind: 'embedding',
            name: 'embed',
            model: 'text-embedding-3',
            inputTokens: 12,
          });
          run.span({
            kind: 'retrieval',
            name: 'query docs',
            ...(n === 3 ? failed('ConnectionError') : {}),
          });
          if (n < 3) run.ask({ output: 150 });
        });
      },
      failed('ConnectionError'),
    ),
  },
  {
    name: 'an MCP server hangs up on one agent, while another one retries something of its own',
    finds: [{}],
    spans: tell(
      'pydantic-ai',
      'audit',
      (run) => {
        run.beside(
          (side) =>
            void side.agent('poster', (agent) => {
              repeat(2, (n) => {
                agent.tool('post_note', { attempt: n + 1, ...(n === 0 ? failed('502') : {}) });
              });
              agent.round();
            }),
          (side) =>
            void side.agent(
              'auditor',
              (agent) => {
                repeat(9, () => agent.round({ tools: [['read_ledger']] }));
                agent.ask({ finish: 'tool_calls' });
                agent.span({
                  kind: 'mcp',
                  name: 'tools/call export',
                  toolName: 'export',
                  ...failed('ConnectionResetError'),
                });
              },
              failed('ConnectionResetError'),
            ),
        );
      },
      failed('ConnectionResetError'),
    ),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'a guardrail stops an answer at the end of a long run',
    finds: [],
    spans: tell(
      'openai-agents',
      'support',
      (run) => {
        const trip = failed('OutputGuardrailTripwireTriggered', 'output guardrail pii triggered');
        work('triage', { rounds: 5 })(run);
        run.agent(
          'answerer',
          (agent) => {
            agent.round({ output: 200 });
            agent.span({
              kind: 'guardrail',
              name: 'guardrail pii',
              attributes: { 'orchescope.guardrail.triggered': true },
              ...trip,
            });
          },
          trip,
        );
      },
      failed('OutputGuardrailTripwireTriggered', 'output guardrail pii triggered'),
    ),
  },
  {
    name: 'a payment that was tried three times, and failed for good',
    finds: [],
    spans: tell(
      'orchescope',
      'checkout',
      (run) => {
        const down = failed('GatewayTimeout');
        work('cart', { rounds: 5 })(run);
        run.agent(
          'cashier',
          (agent) =>
            repeat(3, (n) => {
              agent.tool('charge', {
                ...down,
                attempt: n + 1,
                attributes: { 'orchescope.retry.attempt': n + 1 },
              });
              if (n < 2)
                agent.event('retry', {
                  'orchescope.retry.attempt': n + 1,
                  'orchescope.retry.limit': 3,
                });
              agent.idle(1000 * (n + 1));
            }),
          down,
        );
      },
      failed('GatewayTimeout'),
    ),
  },
  {
    name: 'tools fail again and again, the model is told, and the run completes',
    finds: [],
    spans: tell('ai-sdk', 'research', (run) => {
      run.agent('researcher', (agent) => {
        repeat(10, (n) =>
          agent.round({ tools: [['fetchPage', n % 3 === 0 ? failed('HTTPError', '404') : {}]] }),
        );
        agent.round({ output: 800 });
      });
    }),
  },
  {
    name: 'the key is wrong: the first question fails, and nothing is lost',
    finds: [],
    spans: tell(
      'crewai',
      'blog',
      (run) =>
        void run.agent(
          'writer',
          (agent) => void agent.ask(failed('AuthenticationError', '401')),
          failed('AuthenticationError', '401'),
        ),
      failed('AuthenticationError', '401'),
    ),
  },
  {
    name: 'the user closes the window during the twentieth call',
    finds: [],
    spans: tell(
      'orchescope',
      'chat',
      (run) => {
        work('helper', { rounds: 9 })(run);
        run.agent(
          'answerer',
          (agent) =>
            void agent.ask({
              ...failed('AbortError', 'aborted'),
              attributes: { 'orchescope.outcome': 'cancelled' },
            }),
          {
            ...failed('AbortError', 'aborted'),
            attributes: { 'orchescope.outcome': 'cancelled' },
          },
        );
      },
      { attributes: { 'orchescope.run.outcome': 'cancelled' } },
    ),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];
