import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sketchSpans, type Sketch } from '../../run-spans.testing.ts';
import { spanFlags, type SpanKind } from '../../span.ts';
import { toRunTree } from '../tree/run-tree.ts';
import { toRunTimes } from './run-times.ts';

const ms = 1_000_000;

function timesOf(sketches: readonly Sketch[]): readonly [durationMs: number, activeMs: number] {
  const { startNs, endNs, activeNs } = toRunTimes(toRunTree(sketchSpans(sketches)));
  return [(endNs - startNs) / ms, activeNs / ms];
}

const flow: Sketch = { id: 'flow', kind: 'workflow', until: 100 };

describe('a run is at work', () => {
  test.each<[string, readonly Sketch[], number, number]>([
    ['all the time when nothing waits', [flow, { id: 'a', parent: 'flow', kind: 'llm' }], 100, 100],
    [
      'not while it waits for a person',
      [flow, { id: 'ask', parent: 'flow', kind: 'approval', at: 20, until: 90 }],
      100,
      30,
    ],
    [
      'while another branch works, although one waits',
      [
        flow,
        { id: 'ask', parent: 'flow', kind: 'approval', at: 20, until: 90 },
        { id: 'call', parent: 'flow', kind: 'llm', at: 30, until: 60 },
      ],
      100,
      60,
    ],
    [
      'not while it waits before the next try',
      [
        flow,
        { id: 'backoff', parent: 'flow', kind: 'step', flags: spanFlags.wait, at: 10, until: 50 },
      ],
      100,
      60,
    ],
    [
      'not between a try and the next, where only an event tells of the pause',
      [
        {
          ...flow,
          events: [
            { name: 'orchescope.retry', at: 10, attributes: { 'orchescope.retry.delay': 0.03 } },
          ],
        },
        { id: 'try', parent: 'flow', kind: 'llm', at: 5, until: 10 },
        { id: 'again', parent: 'flow', kind: 'llm', at: 40, until: 60 },
      ],
      100,
      70,
    ],
    [
      'not while a message lies in a queue',
      [
        flow,
        {
          id: 'process',
          parent: 'flow',
          kind: 'queue',
          at: 60,
          until: 80,
          attributes: { 'orchescope.queue.wait': 0.05 },
        },
      ],
      100,
      50,
    ],
    [
      'not between two traces',
      [
        { id: 'before', kind: 'workflow', runId: 'r', until: 10 },
        { id: 'after', kind: 'workflow', runId: 'r', traceId: 'two', at: 90, until: 100 },
      ],
      100,
      20,
    ],
    [
      'up to what was seen last while it runs',
      [
        { ...flow, until: null },
        { id: 'call', parent: 'flow', kind: 'llm', at: 30, until: 60 },
      ],
      60,
      60,
    ],
    [
      'at no time that a clock without trust tells',
      [flow, { id: 'call', parent: 'flow', kind: 'llm', at: -1e9, flags: spanFlags.badTime }],
      100,
      100,
    ],
    ['for no time when it has no spans', [], 0, 0],
  ])('%s', (_, sketches, durationMs, activeMs) => {
    expect(timesOf(sketches)).toEqual([durationMs, activeMs]);
  });

  test('at most as long as it took, and no less than its calls of models', () => {
    const kinds: readonly SpanKind[] = ['workflow', 'agent', 'llm', 'tool', 'approval', 'step'];
    const spans = array(
      record({
        parent: integer({ min: -1, max: 20 }),
        kind: constantFrom(...kinds),
        at: integer({ min: 0, max: 100 }),
        takes: integer({ min: 0, max: 50 }),
      }),
      { minLength: 1, maxLength: 20 },
    );
    assert(
      property(spans, (told) => {
        const sketches = told.map(({ parent, kind, at, takes }, i) => ({
          id: `s${i}`,
          parent: parent < 0 ? '' : `s${parent}`,
          kind,
          at,
          until: at + takes,
        }));
        const [durationMs, activeMs] = timesOf(sketches);
        const leaves = sketches.filter(
          ({ id, kind }) => kind === 'llm' && sketches.every(({ parent }) => parent !== id),
        );
        const longest = Math.max(0, ...leaves.map(({ at, until }) => until - at));
        expect(activeMs).toBeLessThanOrEqual(durationMs);
        expect(activeMs).toBeGreaterThanOrEqual(longest);
      }),
    );
  });
});
