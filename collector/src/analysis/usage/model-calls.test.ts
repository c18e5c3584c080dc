import { array, assert, boolean, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sketchSpans, toTestSpanId, type Sketch } from '../../run-spans.testing.ts';
import { toRunTree } from '../tree/run-tree.ts';
import { toModelCalls } from './model-calls.ts';

const told = { inputTokens: 320, outputTokens: 40 };
const client = 3;
const server = 2;
const longId = 'chatcmpl-AbCdEfGhIjKlMnOpQrSt';

/** `chat` spans that tell usage, unless the case says something else. */
const call = (id: string, more: Partial<Sketch> = {}): Sketch => ({
  id,
  kind: 'llm',
  otelKind: client,
  ...told,
  ...more,
});

const silent = { inputTokens: null, outputTokens: null };

const cases: readonly [string, readonly Sketch[], string][] = [
  [
    'every call of a model, and of an embedding',
    [call('a'), call('b', { kind: 'embedding', at: 1 })],
    'a b',
  ],
  [
    'not the sum that a wrapper repeats, but each call in it',
    [
      call('sum', { until: 9 }),
      call('a', { parent: 'sum', at: 1 }),
      call('b', { parent: 'sum', at: 5 }),
    ],
    'a b',
  ],
  [
    'not the wrapper around an instrumented client, however many spans lie between',
    [
      call('wrapper', { otelKind: 1, dialect: 'openinference' }),
      { id: 'http', parent: 'wrapper', at: 1 },
      call('client', { parent: 'http', at: 2 }),
    ],
    'client',
  ],
  [
    'the wrapper, where what it wraps tells no usage',
    [call('wrapper'), call('client', { parent: 'wrapper', at: 1, ...silent })],
    'wrapper',
  ],
  [
    'the innermost, where nobody tells any usage',
    [call('wrapper', silent), call('client', { parent: 'wrapper', at: 1, ...silent })],
    'client',
  ],
  [
    'the failed try beside the one that told its usage',
    [
      call('wrapper', { until: 9 }),
      call('refused', { parent: 'wrapper', at: 1, status: 'error', ...silent }),
      call('again', { parent: 'wrapper', at: 3 }),
    ],
    'refused again',
  ],
  [
    'the half of the client, not that of the provider',
    [
      call('sdk', { responseId: longId }),
      call('api', { parent: 'sdk', at: 1, otelKind: server, responseId: longId }),
    ],
    'sdk',
  ],
  [
    'the half of the provider, where the client tells no usage',
    [call('sdk', silent), call('api', { parent: 'sdk', at: 1, otelKind: server })],
    'api',
  ],
  [
    'the call of a gateway, not that of the application nor what the gateway was asked',
    [
      call('app', { until: 9, serviceName: 'app' }),
      call('asked', { parent: 'app', at: 1, otelKind: server, serviceName: 'gateway' }),
      call('upstream', { parent: 'asked', at: 2, serviceName: 'gateway' }),
    ],
    'upstream',
  ],
  [
    'a gateway and an application that share no trace, by the id of the answer',
    [
      call('app', { until: 9, serviceName: 'app', responseId: longId }),
      call('gateway', {
        traceId: 'two',
        at: 1,
        otelKind: server,
        serviceName: 'gateway',
        responseId: longId,
      }),
    ],
    'app',
  ],
  [
    'wrapper and client side by side, by the id of the answer',
    [
      call('wrapper', { until: 4, otelKind: 1, dialect: 'openllmetry', responseId: 'msg_1' }),
      call('client', { at: 1, dialect: 'anthropic', responseId: 'msg_1' }),
    ],
    'client',
  ],
  [
    'the copy that tells usage',
    [
      call('app', { responseId: longId, ...silent }),
      call('gateway', { traceId: 'two', at: 1, otelKind: server, responseId: longId }),
    ],
    'gateway',
  ],
  [
    'a retry, which has an answer of its own',
    [call('first', { responseId: longId }), call('again', { at: 5, responseId: `${longId}2` })],
    'first again',
  ],
  [
    'a replayed call once',
    [call('first', { responseId: longId }), call('replayed', { at: 5, responseId: longId })],
    'first',
  ],
  [
    'calls after each other whose server counts its answers from one',
    [
      call('first', { responseId: 'chatcmpl-7' }),
      call('second', { at: 5, responseId: 'chatcmpl-7' }),
    ],
    'first second',
  ],
  [
    'calls at one time of one sender whose server counts its answers',
    [
      call('first', { until: 9, responseId: 'chatcmpl-7' }),
      call('second', { at: 5, until: 9, responseId: 'chatcmpl-7' }),
    ],
    'first second',
  ],
  [
    'both calls of Google ADK that lie around an agent, for a tool hands over inside of the call',
    [
      call('concierge', { until: 9 }),
      { id: 'forecaster', parent: 'concierge', kind: 'agent', at: 1, until: 8 },
      call('inner', { parent: 'forecaster', at: 2 }),
    ],
    'concierge inner',
  ],
  [
    'one of the two spans that Google ADK has of one call',
    [call('call_llm'), call('generate_content', { parent: 'call_llm', at: 1 })],
    'generate_content',
  ],
  [
    'the call of a tool inside of a call',
    [
      call('outer', { until: 9 }),
      { id: 'tool', parent: 'outer', kind: 'tool', at: 1, until: 8 },
      call('judge', { parent: 'tool', at: 2 }),
    ],
    'outer judge',
  ],
  [
    'not the sum of an agent over its calls',
    [{ id: 'agent', kind: 'agent', ...told }, call('a', { parent: 'agent', at: 1 })],
    'a',
  ],
  [
    'the sum of an agent that nobody tells the calls of',
    [
      { id: 'boss', kind: 'workflow', until: 9, ...told },
      { id: 'remote', parent: 'boss', kind: 'agent', at: 1, ...told },
      call('broken', { parent: 'remote', at: 2, status: 'error', ...silent }),
    ],
    'remote broken',
  ],
  ['no agent that tells nothing', [{ id: 'agent', kind: 'agent' }], ''],
  [
    'the only price there is, where no tokens are told',
    [
      call('wrapper', { ...silent, costTrillionths: 5n }),
      call('client', { parent: 'wrapper', at: 1, ...silent }),
    ],
    'wrapper',
  ],
];

function countedIn(spans: ReturnType<typeof sketchSpans>, sketches: readonly Sketch[]): string {
  const words = new Map(sketches.map(({ id }) => [toTestSpanId(id), id]));
  return toModelCalls(toRunTree(spans))
    .map(({ span }) => words.get(span.spanId))
    .join(' ');
}

describe('counted is', () => {
  test.each(cases)('%s', (_, sketches, counted) => {
    expect(countedIn(sketchSpans(sketches), sketches)).toBe(counted);
  });

  test('no token twice, whatever is told again around the calls', () => {
    const copies = record({
      agentTells: boolean(),
      wrapperTells: boolean(),
      hasHalfOfProvider: boolean(),
      hasGateway: boolean(),
    });
    assert(
      property(array(copies, { maxLength: 6 }), (calls) => {
        const tree = toRunTree(sketchSpans(calls.flatMap(sketchCall)));
        const sum = toModelCalls(tree).reduce((sum, { span }) => sum + (span.inputTokens ?? 0), 0);
        expect(sum).toBe(told.inputTokens * calls.length);
      }),
    );
  });
});

type Copies = {
  readonly agentTells: boolean;
  readonly wrapperTells: boolean;
  readonly hasHalfOfProvider: boolean;
  readonly hasGateway: boolean;
};

function sketchCall(copies: Copies, i: number): Sketch[] {
  const at = 10 * i;
  const responseId = `${longId}${i}`;
  const half = { parent: `client${i}`, at: at + 3, otelKind: server, responseId };
  const asked = {
    traceId: 'two',
    at: at + 3,
    otelKind: server,
    serviceName: 'gateway',
    responseId,
  };
  return [
    call(`agent${i}`, { kind: 'agent', at, until: at + 8, ...(copies.agentTells ? {} : silent) }),
    call(`wrapper${i}`, {
      parent: `agent${i}`,
      at: at + 1,
      otelKind: 1,
      ...(copies.wrapperTells ? {} : silent),
    }),
    call(`client${i}`, { parent: `wrapper${i}`, at: at + 2, responseId }),
    ...(copies.hasHalfOfProvider ? [call(`half${i}`, half)] : []),
    ...(copies.hasGateway ? [call(`gateway${i}`, asked)] : []),
  ];
}
