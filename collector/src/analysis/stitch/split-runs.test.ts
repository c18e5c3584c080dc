import { assert, property, shuffledSubarray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunSpans } from '../../run-span.ts';
import { sketchSpans, toTestSpanId, toTestTraceId, type Sketch } from '../../run-spans.testing.ts';
import { splitRuns } from './split-runs.ts';

/** Run id -> the words of its spans, in order of start. */
function split(sketches: readonly Sketch[]): Record<string, string> {
  return toWords(splitRuns(sketchSpans(sketches)), sketches);
}

function toWords(
  runs: readonly { readonly runId: string; readonly spans: RunSpans }[],
  sketches: readonly Sketch[],
): Record<string, string> {
  const words = new Map(sketches.map(({ id }) => [toTestSpanId(id), id]));
  return Object.fromEntries(
    runs.map(({ runId, spans }) => [
      runId,
      spans.spans.map(({ spanId }) => words.get(spanId)).join(' '),
    ]),
  );
}

const byTrace = (word: string): string => `trace:${toTestTraceId(word)}`;

const cases: readonly [string, readonly Sketch[], Record<string, string>][] = [
  [
    'a trace without an id is one run, named after it',
    [
      { id: 'agent', kind: 'agent' },
      { id: 'call', parent: 'agent', kind: 'llm', at: 1 },
    ],
    { [byTrace('trace')]: 'agent call' },
  ],
  ['spans of any other program are no run', [{ id: 'a' }, { id: 'b', kind: 'queue', at: 1 }], {}],
  [
    'an agent that is made does not run',
    [{ id: 'make', kind: 'agent', rawKind: 'create_agent' }],
    {},
  ],
  [
    'spans below and above a run id belong to it',
    [
      { id: 'request', otelKind: 2 },
      { id: 'flow', parent: 'request', kind: 'workflow', runId: 'r', at: 1 },
      { id: 'call', parent: 'flow', kind: 'llm', at: 2 },
    ],
    { r: 'request flow call' },
  ],
  [
    'two runs below a request are two',
    [
      { id: 'request', otelKind: 2 },
      { id: 'first', parent: 'request', kind: 'workflow', runId: 'r1', at: 1 },
      { id: 'second', parent: 'request', kind: 'workflow', runId: 'r2', at: 3 },
      { id: 'call', parent: 'second', kind: 'llm', at: 4 },
    ],
    { r1: 'request first', r2: 'second call' },
  ],
  [
    'two runs below an agent without an id are its own',
    [
      { id: 'boss', kind: 'agent' },
      { id: 'first', parent: 'boss', kind: 'agent', runId: 'r1', at: 1 },
      { id: 'second', parent: 'boss', kind: 'agent', runId: 'r2', at: 3 },
    ],
    { r1: 'boss first second' },
  ],
  [
    'a run inside of a run is part of it',
    [
      { id: 'outer', kind: 'workflow', runId: 'r1', at: 5 },
      { id: 'inner', parent: 'outer', kind: 'workflow', runId: 'r0', at: 6 },
    ],
    { r1: 'outer inner' },
  ],
  [
    'a run that names its parent is part of it, in another trace too',
    [
      { id: 'outer', kind: 'workflow', runId: 'r1', at: 5 },
      {
        id: 'inner',
        kind: 'workflow',
        runId: 'r0',
        traceId: 'two',
        attributes: { 'orchescope.run.parent.id': 'r1' },
      },
    ],
    { r1: 'inner outer' },
  ],
  [
    'a run that names a parent nobody saw stands alone',
    [
      {
        id: 'inner',
        kind: 'workflow',
        runId: 'r0',
        attributes: { 'orchescope.run.parent.id': 'r1' },
      },
    ],
    { r0: 'inner' },
  ],
  [
    'traces with the same run id are one run',
    [
      { id: 'before', kind: 'workflow', runId: 'r' },
      { id: 'after', kind: 'workflow', runId: 'r', traceId: 'two', at: 9 },
    ],
    { r: 'before after' },
  ],
  [
    'a consumer belongs to the run whose message it took',
    [
      { id: 'flow', kind: 'workflow', runId: 'r' },
      { id: 'send', parent: 'flow', kind: 'queue', at: 1 },
      {
        id: 'process',
        kind: 'queue',
        traceId: 'two',
        at: 2,
        links: [{ to: 'send', trace: 'trace', rel: 'caused_by' }],
      },
      { id: 'packer', parent: 'process', kind: 'agent', traceId: 'two', at: 3 },
    ],
    { r: 'flow send process packer' },
  ],
  [
    'a link to a span that did not arrive joins its trace',
    [
      { id: 'flow', kind: 'workflow', runId: 'r' },
      {
        id: 'process',
        kind: 'queue',
        traceId: 'two',
        at: 2,
        links: [{ to: 'lost', trace: 'trace', rel: 'caused_by' }],
      },
    ],
    { r: 'flow process' },
  ],
  [
    'runs that are linked are one, under the id of the earlier',
    [
      { id: 'first', kind: 'workflow', runId: 'r2' },
      {
        id: 'again',
        kind: 'workflow',
        runId: 'r1',
        traceId: 'two',
        at: 9,
        links: [{ to: 'first', trace: 'trace', rel: 'retries' }],
      },
    ],
    { r2: 'first again' },
  ],
  [
    'traces without ids that are linked are one run, named after the first root',
    [
      {
        id: 'late',
        kind: 'agent',
        traceId: 'two',
        at: 9,
        links: [{ to: 'a', trace: 'one', rel: 'caused_by' }],
      },
      { id: 'lost-parent', parent: 'nobody', kind: 'llm', traceId: 'one' },
      { id: 'a', kind: 'agent', traceId: 'one', at: 1 },
    ],
    { [byTrace('one')]: 'lost-parent a late' },
  ],
  [
    'traces that have nothing in common are runs of their own',
    [
      { id: 'a', kind: 'agent', traceId: 'one' },
      { id: 'b', kind: 'agent', traceId: 'two', at: 1 },
    ],
    { [byTrace('one')]: 'a', [byTrace('two')]: 'b' },
  ],
  [
    'a paused thread goes on in another trace',
    ['one', 'two'].map((traceId, at) => ({
      id: traceId,
      kind: 'workflow' as const,
      traceId,
      at,
      attributes: {
        'langsmith.metadata.thread_id': 'thread-7',
        'langsmith.metadata.langgraph_step': 3,
        'langsmith.metadata.langgraph_checkpoint_ns': 'approve:33',
      },
    })),
    { [byTrace('one')]: 'one two' },
  ],
  [
    'a stray span of a trace belongs to its run',
    [
      { id: 'flow', kind: 'workflow', runId: 'r' },
      { id: 'stray', parent: 'nobody', kind: 'tool', at: 1 },
    ],
    { r: 'flow stray' },
  ],
];

describe('runs among connected traces', () => {
  test.each(cases)('%s', (_, sketches, runs) => {
    expect(split(sketches)).toEqual(runs);
  });

  test.each(cases)('in any order and repetition: %s', (_, sketches, runs) => {
    const { baseUnixNano, leftOut, spans } = sketchSpans(sketches);
    const twice = [...spans, ...spans];
    assert(
      property(shuffledSubarray(twice, { minLength: twice.length }), (shuffled) => {
        const again = splitRuns({ baseUnixNano, leftOut, spans: shuffled });
        expect(toWords(again, sketches)).toEqual(runs);
      }),
      { numRuns: 20 },
    );
  });

  test('what lies above in another run is no parent to wait for', () => {
    const [, second] = splitRuns(
      sketchSpans([
        { id: 'request' },
        { id: 'first', parent: 'request', kind: 'workflow', runId: 'r1', at: 1 },
        { id: 'second', parent: 'request', kind: 'workflow', runId: 'r2', at: 3 },
      ]),
    );
    expect(second?.spans.spans.map(({ parentSpanId }) => parentSpanId)).toEqual(['']);
  });

  test('of two copies of a span the one that ended is kept', () => {
    const running = sketchSpans([{ id: 'a', kind: 'agent', until: null }]);
    const ended = sketchSpans([{ id: 'a', kind: 'agent', until: 7 }]);
    const [run] = splitRuns({ ...running, spans: [...ended.spans, ...running.spans] });
    expect(run?.spans.spans.map(({ endNs }) => endNs)).toEqual([7_000_000]);
  });
});
