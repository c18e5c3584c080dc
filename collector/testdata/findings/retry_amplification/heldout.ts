/** Labelled by somebody who had read the page of the detector, and neither its rule nor its other runs. */
import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { each, failed, repeat, tell, work, type Scope } from '../heldout-traffic.ts';

const attempt = (n: number): { attempt: number; attributes: Record<string, string | number> } => ({
  attempt: n,
  attributes: { 'orchescope.step.type': 'attempt', 'orchescope.retry.attempt': n },
});
const overloaded = failed('overloaded_error', '529 overloaded');

/** Requests of an HTTP client that sends again by itself. */
function requests(scope: Scope, count: number, ok: boolean): void {
  repeat(count, (n) => {
    const good = ok && n === count - 1;
    scope.span({
      name: 'POST',
      kind: 'other',
      otelKind: 3,
      dialect: 'as-sent',
      ms: 400,
      attributes: {
        'http.response.status_code': good ? 200 : 529,
        ...(n === 0 ? {} : { 'http.request.resend_count': n }),
      },
      ...(good ? {} : failed('529')),
    });
    scope.idle(500);
  });
}

const found: readonly FindingCase[] = [
  {
    name: 'a step tried three times, over a client that sends each question four times',
    finds: [{}],
    spans: tell('orchescope', 'summaries', (run) => {
      work('reader', { rounds: 5 })(run);
      run.agent('summariser', (agent) => {
        repeat(3, (n) => {
          agent.step(
            'summarise',
            (step) =>
              void step.span({ kind: 'llm', name: 'chat', model: 'gpt-5', ...overloaded }, (llm) =>
                requests(llm, 4, false),
              ),
            { ...attempt(n + 1), ...overloaded },
          );
          agent.idle(1000);
        });
        agent.round({ output: 300 });
      });
      work('sender', { rounds: 2 })(run);
    }),
  },
  {
    name: 'an agent is begun twice, and calls its tool four times each time',
    finds: [{}],
    spans: tell('orchescope', 'billing', (run) => {
      work('clerk', { rounds: 4 })(run);
      repeat(2, (n) => {
        run.agent(
          'invoicer',
          (agent) => {
            agent.round();
            repeat(4, (k) => {
              const good = n === 1 && k === 3;
              agent.tool('create_invoice', {
                args: 'order 7',
                attempt: k + 1,
                attributes: { 'orchescope.retry.attempt': k + 1 },
                ...(good ? {} : failed('ETIMEDOUT')),
              });
              agent.idle(800);
            });
          },
          { ...attempt(n + 1), ...(n === 0 ? failed('ETIMEDOUT') : {}) },
        );
      });
    }),
  },
  {
    name: 'workflow, agent and model are each tried twice',
    finds: [{}],
    spans: tell('orchescope', 'nightly', (run) => {
      work('collector', { rounds: 3 })(run);
      repeat(2, (a) => {
        run.step(
          'report',
          (outer) =>
            repeat(2, (b) => {
              outer.agent(
                'reporter',
                (agent) =>
                  repeat(2, (c) => {
                    const good = a + b + c === 3;
                    agent.ask({ prompt: 'report', ...attempt(c + 1), ...(good ? {} : overloaded) });
                    agent.idle(400);
                  }),
                { ...attempt(b + 1), ...(a + b === 2 ? {} : overloaded) },
              );
            }),
          { ...attempt(a + 1), ...(a === 1 ? {} : overloaded) },
        );
      });
    }),
  },
  {
    name: 'a message is delivered three times, and each delivery tries the payment three times',
    finds: [{}],
    spans: tell('orchescope', 'orders', (run) => {
      const order = run.span({
        kind: 'queue',
        rawKind: 'send',
        name: 'send orders',
        otelKind: 4,
        attributes: queue('o-1'),
      });
      work('shop', { rounds: 3 })(run);
      repeat(3, (n) => {
        run.span(
          {
            kind: 'queue',
            rawKind: 'process',
            name: 'process orders',
            otelKind: 5,
            attempt: n + 1,
            attributes: { ...queue('o-1'), 'orchescope.retry.attempt': n + 1 },
            links: [{ to: order, rel: 'caused_by' }],
            ...failed('GatewayTimeout'),
          },
          (delivery) =>
            void delivery.agent(
              'cashier',
              (agent) =>
                repeat(3, (k) => {
                  agent.step(
                    'charge',
                    (step) =>
                      void step.tool('charge_card', { args: 'o-1', error: 'GatewayTimeout' }),
                    { ...attempt(k + 1), ...failed('GatewayTimeout') },
                  );
                  agent.idle(600);
                }),
              failed('GatewayTimeout'),
            ),
        );
        run.idle(5000);
      });
    }),
  },
  {
    name: 'three tries of a step, and the SDK of the model reports two retries within each',
    finds: [{}],
    spans: tell('orchescope', 'tagging', (run) => {
      run.agent('tagger', (agent) => {
        repeat(3, (n) => {
          agent.step(
            'tag',
            (step) =>
              void step.span(
                { kind: 'llm', name: 'chat', model: 'gpt-5', ...(n < 2 ? overloaded : {}) },
                (llm) =>
                  repeat(2, (k) => {
                    llm.idle(900);
                    llm.event('retry', {
                      'orchescope.retry.attempt': k + 1,
                      'orchescope.retry.reason': '529',
                    });
                    llm.idle(900);
                  }),
              ),
            { ...attempt(n + 1), ...(n < 2 ? overloaded : {}) },
          );
        });
      });
      work('filer', { rounds: 8 })(run);
    }),
  },
];

function queue(id: string): Record<string, string> {
  return {
    'orchescope.queue.system': 'inproc',
    'orchescope.queue.name': 'orders',
    'orchescope.queue.message.id': id,
  };
}

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'six tries of one question with a pause before each',
    finds: [],
    spans: tell('orchescope', 'chat', (run) => {
      work('triage')(run);
      run.agent('answerer', (agent) => {
        repeat(6, (n) => {
          agent.step('try', (step) => void step.ask(n < 5 ? overloaded : {}), {
            ...attempt(n + 1),
            ...(n < 5 ? overloaded : {}),
          });
          agent.step('backoff', (wait) => wait.idle(1000 * n), { flags: 16 });
        });
      });
    }),
  },
  {
    name: 'ten branches side by side that each need a second try',
    finds: [],
    spans: tell('orchescope', 'pages', (run) => {
      run.beside(
        ...each(10, (b) => (side: Scope) => {
          side.agent(`reader ${b}`, (agent) => {
            repeat(2, (n) => {
              agent.tool('fetch_page', {
                args: `page ${b}`,
                ...attempt(n + 1),
                ...(n === 0 ? failed('503') : {}),
              });
            });
            agent.round();
          });
        }),
      );
    }),
  },
  {
    name: 'the first try of a step used up three tries inside, the second went well at once',
    finds: [],
    spans: tell('orchescope', 'quote', (run) => {
      work('desk', { rounds: 6 })(run);
      repeat(2, (n) => {
        run.step(
          'quote',
          (step) => {
            repeat(
              n === 0 ? 3 : 1,
              (k) =>
                void step.ask({ prompt: 'q', ...attempt(k + 1), ...(n === 0 ? overloaded : {}) }),
            );
          },
          { ...attempt(n + 1), ...(n === 0 ? overloaded : {}) },
        );
      });
    }),
  },
  {
    name: 'a chain of four providers, each asked twice before the next',
    finds: [],
    spans: tell('orchescope', 'translate', (run) => {
      run.agent('translator', (agent) => {
        for (const [index, model] of [
          'gpt-5',
          'claude-sonnet-4-5',
          'gemini-3-flash',
          'mistral-large',
        ].entries()) {
          repeat(2, (n) => {
            const good = index === 3 && n === 1;
            agent.ask({
              model,
              name: `chat ${model}`,
              ...attempt(n + 1),
              ...(good ? {} : overloaded),
            });
          });
          if (index < 3) agent.event('fallback', { 'orchescope.fallback.from': model });
        }
      });
      work('checker', { rounds: 5 })(run);
    }),
  },
  {
    name: 'an extraction asked for again four times with the error in it, one of which the client sent twice',
    finds: [],
    spans: tell('pydantic-ai', 'invoices', (run) => {
      run.agent('extractor', (agent) => {
        repeat(4, (n) => {
          agent.span(
            { kind: 'llm', name: 'chat', model: 'gpt-5', inputTokens: 900 + 200 * n },
            (llm) => requests(llm, n === 2 ? 2 : 1, true),
          );
          agent.tool('validate', n < 3 ? { error: 'ValidationError' } : {});
        });
      });
    }),
  },
];

export const heldOut: readonly FindingCase[] = [...found, ...lookAlikes];
