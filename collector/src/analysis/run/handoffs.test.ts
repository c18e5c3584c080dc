import { describe, expect, test } from 'vitest';
import type { Sketch } from '../../run-spans.testing.ts';
import { sketchFacts } from './facts.testing.ts';

const flow: Sketch = { id: 'flow', kind: 'workflow', until: 1_000 };

const agent = (agentName: string, at: number, more: Partial<Sketch> = {}): Sketch => ({
  id: `${agentName} ${at}`,
  parent: 'flow',
  kind: 'agent',
  agentName,
  at,
  until: at + 10,
  ...more,
});

const handoff = (from: string, to: string, at: number, more: Partial<Sketch> = {}): Sketch => ({
  id: `${from} to ${to} ${at}`,
  parent: 'flow',
  kind: 'handoff',
  handoffFrom: from,
  handoffTo: to,
  at,
  ...more,
});

const call = (parent: string, at: number, inputTokens: number): Sketch => ({
  id: `call ${at}`,
  parent,
  kind: 'llm',
  at,
  inputTokens,
  outputTokens: 1,
});

const outcome = (word: string): Partial<Sketch> => ({
  attributes: {
    'orchescope.handoff.outcome': word,
    'orchescope.handoff.accepted': word === 'accepted',
  },
});

const failed = { status: 'error', errorType: 'TimeoutError' } as const;

/** `from -> to outcome, latency in ms, tokens` */
function handoffsOf(sketches: readonly Sketch[]): string[] {
  return sketchFacts([flow, ...sketches]).handoffs.map(
    ({ from, to, outcome, latencyNs, contextTokens }) =>
      `${from} -> ${to} ${outcome}, ${latencyNs === null ? '-' : latencyNs / 1e6}, ${contextTokens ?? '-'}`,
  );
}

describe('a handoff is', () => {
  test.each<[string, readonly Sketch[], readonly string[]]>([
    [
      'accepted when its target took over and did not fail',
      [
        agent('a', 1),
        handoff('a', 'b', 5),
        agent('b', 20),
        call('b 20', 22, 300),
        call('b 20', 25, 900),
      ],
      ['a -> b accepted, 15, 300'],
    ],
    [
      'failed when its target failed',
      [handoff('a', 'b', 5, outcome('accepted')), agent('b', 20, failed)],
      ['a -> b failed, 15, -'],
    ],
    ['failed when it failed itself', [handoff('a', 'b', 5, failed)], ['a -> b failed, -, -']],
    [
      'refused when it was not allowed',
      [handoff('a', 'b', 5, { ...outcome('refused'), status: 'error', errorType: 'refused' })],
      ['a -> b refused, -, -'],
    ],
    [
      'pending while its target is at work',
      [handoff('a', 'b', 5), agent('b', 20, { until: null })],
      ['a -> b pending, 15, -'],
    ],
    [
      'pending when its target never began, though it began before',
      [agent('b', 1), agent('a', 12), handoff('a', 'b', 20, outcome('accepted'))],
      ['a -> b pending, -, -'],
    ],
    [
      'accepted on the word of its sender when it goes to somebody without spans',
      [agent('a', 1), handoff('a', 'a person', 5, outcome('accepted'))],
      ['a -> a person accepted, -, -'],
    ],
    [
      'taken over by the agent inside of it',
      [handoff('a', 'b', 5, { until: 50 }), agent('b', 7, { parent: 'a to b 5' })],
      ['a -> b accepted, 2, -'],
    ],
    [
      'found by a name that was made a tool of',
      [handoff('a', 'billing_desk', 5), agent('Billing desk', 9)],
      ['a -> billing_desk accepted, 4, -'],
    ],
    [
      'taken over by a step where agents have none of their own',
      [handoff('supervisor', 'writer', 5), { id: 'writer', parent: 'flow', kind: 'step', at: 9 }],
      ['supervisor -> writer accepted, 4, -'],
    ],
    [
      'each taken over by the next of its target',
      [
        handoff('a', 'b', 5),
        agent('b', 10),
        handoff('b', 'a', 25),
        agent('a', 30),
        handoff('a', 'b', 45),
        agent('b', 60),
      ],
      ['a -> b accepted, 5, -', 'b -> a accepted, 5, -', 'a -> b accepted, 15, -'],
    ],
    [
      'not taken over twice: the last before the target is',
      [handoff('a', 'b', 5), handoff('c', 'b', 8), agent('b', 10)],
      ['a -> b pending, -, -', 'c -> b accepted, 2, -'],
    ],
    [
      'from the agent it lies in, where it does not say',
      [agent('a', 1), handoff('', 'b', 5, { parent: 'a 1' }), agent('b', 9)],
      ['a -> b accepted, 4, -'],
    ],
    [
      'joined with its target by a link, where it names nobody',
      [
        { id: 'executor', parent: 'flow', kind: 'step', at: 1, until: 30 },
        agent('forecaster', 2, { parent: 'executor' }),
        handoff('', '', 20, { id: 'message', parent: 'executor' }),
        {
          id: 'next executor',
          parent: 'flow',
          kind: 'step',
          at: 40,
          until: 60,
          links: [{ to: 'message', rel: '' }],
        },
        agent('writer', 45, { parent: 'next executor' }),
      ],
      ['forecaster -> writer accepted, 25, -'],
    ],
    ['none when its message went to nobody', [handoff('a', '', 5)], []],
    [
      'one when a wrapper tells of it too',
      [
        handoff('a', 'b', 5, { until: 9 }),
        handoff('a', 'b', 6, { parent: 'a to b 5' }),
        agent('b', 10),
      ],
      ['a -> b accepted, 5, -'],
    ],
  ])('%s', (_, sketches, handoffs) => {
    expect(handoffsOf(sketches)).toEqual(handoffs);
  });
});
