import { describe, expect, test } from 'vitest';
import { sketchSpans, type Sketch } from '../../run-spans.testing.ts';
import { sketchFacts, toFacts } from './facts.testing.ts';
import type { RunFacts } from './to-run.ts';

const flow: Sketch = { id: 'flow', kind: 'workflow', until: 1_000 };
const boss: Sketch = { id: 'boss', parent: 'flow', kind: 'agent', agentName: 'boss', until: 900 };
const failed = { status: 'error', errorType: 'TimeoutError' } as const;

const event = (
  type: string,
  at: number,
  attributes: Readonly<Record<string, string | number>>,
): NonNullable<Sketch['events']>[number] => ({
  name: `orchescope.${type}`,
  at,
  attributes: Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [`orchescope.${key}`, value]),
  ),
});

type Case = readonly [string, readonly Sketch[], unknown];

describe('calls of agents', () => {
  test.each<Case>([
    ['are every span of an agent', [boss, { ...boss, id: 'again', at: 5 }], ['boss', 'boss']],
    [
      'count an agent once that a wrapper tells of too',
      [
        boss,
        { id: 'node', parent: 'boss', kind: 'step', at: 1 },
        { ...boss, id: 'graph', parent: 'node', at: 2 },
      ],
      ['boss'],
    ],
    [
      'count an agent twice that calls itself by a tool',
      [
        boss,
        { id: 'ask', parent: 'boss', kind: 'tool', at: 1 },
        { ...boss, id: 'self', parent: 'ask', at: 2 },
      ],
      ['boss', 'boss'],
    ],
    [
      'count an agent inside of another',
      [boss, { ...boss, id: 'worker', parent: 'boss', agentName: 'worker', at: 2 }],
      ['boss', 'worker'],
    ],
    [
      'are not those that are only made',
      [boss, { ...boss, id: 'make', rawKind: 'create_agent', at: 1 }],
      ['boss'],
    ],
    [
      'have the name of what was invoked, where no agent is named',
      [{ id: 'a', kind: 'agent', name: 'invoke_agent gpt-5-mini' }],
      ['gpt-5-mini'],
    ],
  ])('%s', (_, sketches, expected) => {
    const read = ({ agentCalls }: RunFacts): unknown => agentCalls.map(({ agent }) => agent);
    expect(read(sketchFacts(sketches))).toEqual(expected);
  });
});

describe('tries after the first', () => {
  test.each<Case>([
    ['are none when everything went well', [flow, { ...boss, attempt: 1 }], 0],
    [
      'are known by their number',
      [
        flow,
        ...[1, 2, 3].map((attempt) => ({
          id: `try ${attempt}`,
          parent: 'flow',
          attempt,
          at: attempt,
        })),
      ],
      2,
    ],
    [
      'are known by a link',
      [
        flow,
        { id: 'a', parent: 'flow' },
        { id: 'b', parent: 'flow', at: 2, links: [{ to: 'a', rel: 'retries' }] },
      ],
      1,
    ],
    [
      'are known by an event of what tries',
      [
        {
          ...flow,
          events: [
            event('retry', 1, { 'retry.attempt': 1 }),
            event('retry', 2, { 'retry.attempt': 2 }),
          ],
        },
      ],
      2,
    ],
    [
      'count once when number, link and event tell of them',
      [
        { ...flow, events: [event('retry', 1, { 'retry.attempt': 1 })] },
        { id: 'a', parent: 'flow', attempt: 1 },
        { id: 'b', parent: 'flow', attempt: 2, at: 2, links: [{ to: 'a', rel: 'retries' }] },
      ],
      1,
    ],
    [
      'count once when the failed try tells of the next',
      [
        { ...flow, runId: 'r' },
        {
          id: 'a',
          traceId: 'two',
          kind: 'queue',
          runId: 'r',
          attempt: 1,
          at: 1,
          events: [event('retry', 2, {})],
        },
        { id: 'b', traceId: 'three', kind: 'queue', runId: 'r', attempt: 2, at: 5 },
      ],
      1,
    ],
    [
      'count once when the supervisor around them tells of them',
      [
        { ...flow, events: [event('retry', 1, { 'retry.attempt': 1 })] },
        boss,
        { id: 'a', parent: 'boss', attempt: 1, at: 1 },
        { id: 'b', parent: 'boss', attempt: 2, at: 3 },
      ],
      1,
    ],
    [
      'count beside those that only events tell of',
      [
        { ...flow, events: [event('retry', 1, {}), event('retry', 2, {})] },
        { id: 'b', parent: 'flow', attempt: 2, at: 3 },
      ],
      2,
    ],
    [
      'count once when a wrapper bears the number too',
      [
        flow,
        { id: 'step', parent: 'flow', attempt: 2, at: 1, until: 9 },
        { id: 'call', parent: 'step', kind: 'llm', attempt: 2, at: 2 },
      ],
      1,
    ],
    [
      'are requests that were sent again',
      [
        flow,
        { id: 'call', parent: 'flow', kind: 'llm', attributes: { 'http.request.resend_count': 1 } },
      ],
      1,
    ],
  ])('%s', (_, sketches, expected) => {
    const read = ({ retryCount }: RunFacts): unknown => retryCount;
    expect(read(sketchFacts(sketches))).toEqual(expected);
  });
});

describe('calls of tools', () => {
  test.each<Case>([
    [
      'are counted, and those that failed',
      [
        flow,
        { id: 'a', parent: 'flow', kind: 'tool', toolName: 'search' },
        { id: 'b', parent: 'flow', kind: 'tool', toolName: 'search', at: 2, ...failed },
      ],
      [2, 1, ['search']],
    ],
    [
      'count once when a tool is called through MCP',
      [
        flow,
        { id: 'tool', parent: 'flow', kind: 'tool', toolName: 'search', until: 9 },
        {
          id: 'client',
          parent: 'tool',
          kind: 'mcp',
          toolName: 'search',
          at: 1,
          until: 8,
          otelKind: 3,
        },
        { id: 'server', parent: 'client', kind: 'mcp', toolName: 'search', at: 2, otelKind: 2 },
      ],
      [1, 0, ['search']],
    ],
    [
      'are none when a server is asked what tools it has',
      [
        flow,
        { id: 'a', parent: 'flow', kind: 'mcp', attributes: { 'mcp.method.name': 'tools/list' } },
      ],
      [0, 0, []],
    ],
    [
      'are none when an agent hands over by a tool',
      [
        flow,
        { id: 'a', parent: 'flow', kind: 'handoff', toolName: 'transfer_to_b', handoffTo: 'b' },
      ],
      [0, 0, []],
    ],
  ])('%s', (_, sketches, expected) => {
    const read = ({ toolCallCount, failedToolCallCount, tools }: RunFacts): unknown => [
      toolCallCount,
      failedToolCallCount,
      tools,
    ];
    expect(read(sketchFacts(sketches))).toEqual(expected);
  });
});

describe('messages taken from queues', () => {
  test.each<Case>([
    [
      'are those that are worked on, with their wait',
      [
        flow,
        {
          id: 'send',
          parent: 'flow',
          kind: 'queue',
          rawKind: 'send',
          attributes: { 'orchescope.queue.name': 'orders' },
          events: [event('queue', 0, { 'queue.name': 'orders', 'queue.depth': 1 })],
        },
        {
          id: 'process',
          parent: 'flow',
          kind: 'queue',
          rawKind: 'process',
          at: 5,
          attributes: { 'orchescope.queue.name': 'orders', 'orchescope.queue.wait': 0.25 },
          events: [event('queue', 5, { 'queue.name': 'orders', 'queue.wait': 0.25 })],
          ...failed,
        },
      ],
      [['orders', 250, true]],
    ],
    [
      'waited since their sender sent them, where they do not say',
      [
        flow,
        { id: 'send', parent: 'flow', kind: 'queue', rawKind: 'publish', otelKind: 4 },
        {
          id: 'process',
          kind: 'queue',
          rawKind: 'process',
          otelKind: 5,
          traceId: 'two',
          at: 30,
          links: [{ to: 'send', trace: 'trace', rel: '' }],
          attributes: { 'messaging.destination.name': 'orders' },
        },
      ],
      [['orders', 30, false]],
    ],
    [
      'are not those that are only received or acknowledged',
      [flow, { id: 'ack', parent: 'flow', kind: 'queue', rawKind: 'receive', otelKind: 5 }],
      [],
    ],
    [
      'within a process are told by events',
      [{ ...flow, events: [event('queue', 7, { 'queue.name': 'writers', 'queue.wait': 0.65 })] }],
      [['writers', 650, false]],
    ],
  ])('%s', (_, sketches, expected) => {
    const read = ({ queueTakes }: RunFacts): unknown =>
      queueTakes.map(({ queue, waitNs, failed }) => [
        queue,
        waitNs === null ? null : waitNs / 1e6,
        failed,
      ]);
    expect(read(sketchFacts(sketches))).toEqual(expected);
  });
});

describe('changes of breakers', () => {
  test.each<Case>([
    [
      'come in the order they happened, whichever span tells of them',
      [
        {
          ...flow,
          events: [
            event('breaker', 3, { 'breaker.name': 'search', 'breaker.state': 'open' }),
            event('breaker', 9, { 'breaker.name': 'search', 'breaker.state': 'closed' }),
          ],
        },
        {
          ...boss,
          events: [event('breaker', 6, { 'breaker.name': 'search', 'breaker.state': 'half_open' })],
        },
      ],
      [
        ['search', 'open'],
        ['search', 'half_open'],
        ['search', 'closed'],
      ],
    ],
    [
      'are none in a state that no breaker has',
      [
        {
          ...flow,
          events: [event('breaker', 3, { 'breaker.name': 'x', 'breaker.state': 'melted' })],
        },
      ],
      [],
    ],
  ])('%s', (_, sketches, expected) => {
    const read = ({ breakerTransitions }: RunFacts): unknown =>
      breakerTransitions.map(({ breaker, state }) => [breaker, state]);
    expect(read(sketchFacts(sketches))).toEqual(expected);
  });
});

const call = (id: string, more: Partial<Sketch> = {}): Sketch => ({
  id,
  parent: 'flow',
  kind: 'llm',
  model: 'gpt-5-mini',
  ...more,
});

describe('cost', () => {
  test.each<Case>([
    [
      'is unknown, not nothing, when no call is priced',
      [flow, call('a', { inputTokens: 5 })],
      [null, 1],
    ],
    [
      'is that of the calls whose price is known',
      [flow, call('a', { costTrillionths: 7n }), call('b', { at: 2, inputTokens: 5 })],
      [7n, 1],
    ],
    ['is none of a call that failed before it used anything', [flow, call('a', failed)], [null, 0]],
  ])('%s', (_, sketches, expected) => {
    const read = ({ costTrillionths, unpricedCallCount }: RunFacts): unknown => [
      costTrillionths,
      unpricedCallCount,
    ];
    expect(read(sketchFacts(sketches))).toEqual(expected);
  });
});

describe('names', () => {
  test.each<Case>([
    [
      'come in the order of their first appearance, each once',
      [
        { ...flow, workflowName: 'support', attributes: { 'orchescope.tags': ['beta', 'eu'] } },
        { ...boss, at: 1, conversationId: 'c7', userId: 'ada' },
        { ...boss, id: 'b2', agentName: 'clerk', at: 2, serviceName: 'desk' },
        call('a', { parent: 'boss', at: 3, attributes: { 'orchescope.tags': ['eu'] } }),
        call('b', { parent: 'boss', at: 4, model: 'gpt-5' }),
      ],
      [
        'support',
        ['boss', 'clerk'],
        ['gpt-5-mini', 'gpt-5'],
        ['shop', 'desk'],
        'c7',
        'ada',
        ['beta', 'eu'],
      ],
    ],
    [
      'of the workflow are that of the agent it begins with, where there is none',
      [{ ...boss, parent: '' }],
      ['boss', ['boss'], [], ['shop'], '', '', []],
    ],
    [
      'of the workflow are none when a model is called alone',
      [call('a', { parent: '' })],
      ['', [], ['gpt-5-mini'], ['shop'], '', '', []],
    ],
  ])('%s', (_, sketches, expected) => {
    const read = ({
      workflow,
      agents,
      models,
      services,
      conversationId,
      userId,
      tags,
    }: RunFacts): unknown => [workflow, agents, models, services, conversationId, userId, tags];
    expect(read(sketchFacts(sketches))).toEqual(expected);
  });
});

test('the spans that an analysis leaves out are told', () => {
  const [run] = toFacts(sketchSpans([flow], { leftOut: 7 }));
  expect(run?.leftOutSpanCount).toBe(7);
});
