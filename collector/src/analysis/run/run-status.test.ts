import { describe, expect, test } from 'vitest';
import type { Sketch } from '../../run-spans.testing.ts';
import { sketchFacts } from './facts.testing.ts';

const flow = (more: Partial<Sketch> = {}): Sketch => ({
  id: 'flow',
  kind: 'workflow',
  runId: 'r',
  until: 10,
  ...more,
});

const outcome = (word: string, reason = ''): Partial<Sketch> => ({
  attributes: {
    'orchescope.run.outcome': word,
    ...(reason !== '' && { 'orchescope.run.reason': reason }),
  },
});

const agent = (more: Partial<Sketch> = {}): Sketch => ({
  id: 'agent',
  kind: 'agent',
  dialect: 'openinference',
  until: 10,
  ...more,
});

const failed = { status: 'error', statusMessage: 'no answer', errorType: 'TimeoutError' } as const;

const minutes = 60_000;

const approval = (more: Partial<Sketch> = {}): Sketch => ({
  id: 'approval',
  parent: 'flow',
  kind: 'approval',
  at: 5,
  until: null,
  attributes: { 'orchescope.approval.subject': 'a refund of 90 USD' },
  ...more,
});

const step = (id: string, at: number, state: string): Sketch => ({
  id,
  parent: 'mastra',
  kind: 'step',
  at,
  attributes: { 'mastra.workflow_step.step_id': 'ask', 'mastra.workflow_step.status': state },
});

const resumes = (): NonNullable<Sketch['links']> => [
  { to: 'flow', trace: 'trace', rel: 'resumes' },
];

describe('a run is', () => {
  test.each<[string, readonly Sketch[], readonly [string, string, string]]>([
    ['completed when its root ended', [flow()], ['completed', '', '']],
    ['completed when it says so', [flow(outcome('completed'))], ['completed', '', '']],
    [
      'completed although a part of it failed',
      [flow(outcome('completed')), agent({ parent: 'flow', ...failed })],
      ['completed', '', ''],
    ],
    ['failed with its root', [flow(failed)], ['failed', 'no answer', 'TimeoutError']],
    [
      'failed when it stopped itself before its end',
      [flow(outcome('terminated', 'still handed on after 4 hops'))],
      ['failed', 'still handed on after 4 hops', 'terminated'],
    ],
    [
      'partial, with the reason it tells',
      [flow(outcome('partial', 'fallback agent'))],
      ['partial', 'fallback agent', ''],
    ],
    ['cancelled when it says so', [flow(outcome('cancelled'))], ['cancelled', '', '']],
    [
      'cancelled when its root was aborted',
      [agent({ status: 'error', errorType: 'AbortError' })],
      ['cancelled', '', ''],
    ],
    [
      'failed when the request around the agent failed after it',
      [{ id: 'request', otelKind: 2, until: 20, ...failed }, agent({ parent: 'request' })],
      ['failed', 'no answer', 'TimeoutError'],
    ],
    [
      'failed when the agent failed, whatever the request answered',
      [{ id: 'request', otelKind: 2, until: 20 }, agent({ parent: 'request', ...failed })],
      ['failed', 'no answer', 'TimeoutError'],
    ],
    ['running while its root is open', [flow({ until: null })], ['running', '', '']],
    [
      'running while its root has not arrived',
      [{ id: 'call', parent: 'flow', kind: 'llm', runId: 'r' }],
      ['running', '', ''],
    ],
    [
      'running when an agent ended and what called it did not',
      [agent({ parent: 'flow', dialect: 'orchescope', runId: 'r' })],
      ['running', '', ''],
    ],
    [
      'completed when only the caller in another system is missing',
      [
        { id: 'request', parent: 'elsewhere', otelKind: 2, until: 20 },
        agent({ parent: 'request' }),
      ],
      ['completed', '', ''],
    ],
    [
      'completed when the caller of a workflow sends its spans to somebody else',
      [flow({ parent: 'elsewhere' })],
      ['completed', '', ''],
    ],
    [
      'running when a workflow inside of another ended',
      [flow({ parent: 'outer', attributes: { 'orchescope.run.parent.id': 'outer' } })],
      ['running', '', ''],
    ],
    [
      'completed although a span lost its parent',
      [flow(), { id: 'stray', parent: 'lost', kind: 'tool', at: 3 }],
      ['completed', '', ''],
    ],
    [
      'suspended when it says so',
      [flow(outcome('suspended', 'a person must approve'))],
      ['suspended', 'a person must approve', ''],
    ],
    [
      'suspended while an approval waits',
      [flow({ until: null }), approval()],
      ['suspended', 'a refund of 90 USD', ''],
    ],
    [
      'running while an approval waits and another branch works',
      [flow({ until: null }), approval(), agent({ parent: 'flow', at: 6, until: null })],
      ['running', '', ''],
    ],
    [
      'running once the approval was given',
      [flow({ until: null }), approval({ until: 8 })],
      ['running', '', ''],
    ],
    [
      'completed when it was suspended, resumed and then completed',
      [
        flow(outcome('suspended', 'a person must approve')),
        flow({
          id: 'again',
          traceId: 'two',
          at: 90,
          until: 99,
          links: resumes(),
          ...outcome('completed'),
        }),
      ],
      ['completed', '', ''],
    ],
    [
      'suspended again when it was resumed and suspended again',
      [
        flow(outcome('suspended', 'the first question')),
        flow({
          id: 'again',
          traceId: 'two',
          at: 90,
          until: 99,
          ...outcome('suspended', 'the second'),
        }),
      ],
      ['suspended', 'the second', ''],
    ],
    [
      'completed when its process died and another went on with it',
      [
        flow({ until: null }),
        flow({ id: 'again', traceId: 'two', at: 90, until: 99, links: resumes() }),
      ],
      ['completed', '', ''],
    ],
    [
      'completed when a failed try was tried again',
      [
        flow(failed),
        flow({
          id: 'again',
          traceId: 'two',
          at: 20,
          until: 30,
          links: [{ to: 'flow', trace: 'trace', rel: 'retries' }],
        }),
      ],
      ['completed', '', ''],
    ],
    [
      'suspended when LangGraph was interrupted in a node',
      [
        { id: 'graph', kind: 'workflow', dialect: 'openinference', until: 9 },
        {
          id: 'ask a person',
          parent: 'graph',
          kind: 'step',
          at: 3,
          status: 'error',
          events: [
            { name: 'exception', at: 4, attributes: { 'exception.type': 'GraphInterrupt' } },
          ],
        },
      ],
      ['suspended', 'ask a person', ''],
    ],
    [
      'suspended when the latest state of a step of Mastra is',
      [
        { id: 'mastra', kind: 'workflow', dialect: 'mastra', until: 9 },
        step('first', 1, 'success'),
        step('second', 3, 'suspended'),
      ],
      ['suspended', 'second', ''],
    ],
    [
      'completed when a suspended step of Mastra then went on',
      [
        { id: 'mastra', kind: 'workflow', dialect: 'mastra', until: 9 },
        step('first', 1, 'suspended'),
        step('second', 3, 'success'),
      ],
      ['completed', '', ''],
    ],
    [
      'suspended when an agent without a workflow was interrupted',
      [
        agent({
          events: [
            {
              name: 'orchescope.interrupt',
              at: 9,
              attributes: { 'orchescope.interrupt.reason': 'which city?' },
            },
          ],
        }),
      ],
      ['suspended', 'which city?', ''],
    ],
    [
      'what the last agent says where no workflow holds them',
      [agent({ id: 'a', ...failed }), agent({ id: 'b', at: 11, until: 20 })],
      ['completed', '', ''],
    ],
    [
      'completed when parents form a ring',
      [agent({ id: 'a', parent: 'b' }), agent({ id: 'b', parent: 'a' }), flow()],
      ['completed', '', ''],
    ],
  ])('%s', (_, sketches, [status, reason, errorType]) => {
    const facts = sketchFacts(sketches);
    expect([facts.status, facts.statusReason, facts.errorType]).toEqual([
      status,
      reason,
      errorType,
    ]);
  });

  test.each([
    ['completed a quarter of an hour after an agent whose caller is kept out', 'openinference', 15],
    ['running a minute after it: the caller may still come', 'openinference', 1],
    ['running for ever where our own SDK began it', 'orchescope', 900],
  ])('%s', (title, dialect, later) => {
    const { status } = sketchFacts([agent({ parent: 'request', dialect })], later * minutes + 10);
    expect(status).toBe(title.split(' ')[0]);
  });
});

describe('the root of a run', () => {
  test('is empty until it arrives', () => {
    const { rootSpanId, rootName } = sketchFacts([agent({ parent: 'flow' })]);
    expect([rootSpanId, rootName]).toEqual(['', 'agent']);
  });
});
