import { assert, property, shuffledSubarray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sketchSpans, toTestTraceId, type Sketch } from '../../run-spans.testing.ts';
import { maxTraceKeys, toTraceKeys } from './trace-keys.ts';

const checkpoint = '1ef4f797-8335-6428-8001-8a1503f9b875';

const saved = (id: string): NonNullable<Sketch['events']> => [
  {
    name: 'orchescope.checkpoint',
    at: 1,
    attributes: { 'orchescope.checkpoint.id': id, 'orchescope.checkpoint.op': 'save' },
  },
];

const langgraph = (
  step: number,
  task: string,
  thread = 'thread-7',
): NonNullable<Sketch['attributes']> => ({
  'langsmith.metadata.thread_id': thread,
  'langsmith.metadata.langgraph_step': step,
  'langsmith.metadata.langgraph_checkpoint_ns': task,
});

const openInference = (metadata: unknown): NonNullable<Sketch['attributes']> => ({
  metadata: JSON.stringify(metadata),
});

describe('a trace is found by', () => {
  test.each<[string, readonly Sketch[], readonly string[]]>([
    ['nothing, when it stands alone', [{ id: 'a' }, { id: 'b', parent: 'a' }], []],
    [
      'the ids of its runs, each once',
      [
        { id: 'a', runId: 'run-2' },
        { id: 'b', runId: 'run-1' },
        { id: 'c', runId: 'run-2' },
      ],
      ['run:run-1', 'run:run-2'],
    ],
    ['no conversation, which has many runs', [{ id: 'a', conversationId: 'thread-7' }], []],
    [
      'every trace that it goes on with',
      ['resumes', 'retries', 'fan_in', 'caused_by', 'replies_to', 'compensates', 'projects'].map(
        (rel, i) => ({ id: rel, at: i, links: [{ to: 'x', trace: 'other', rel }] }),
      ),
      [`trace:${toTestTraceId('other')}`],
    ],
    ['no link within the trace', [{ id: 'a', links: [{ to: 'b', rel: 'retries' }] }], []],
    [
      'no link of a relation that means something else',
      [{ id: 'a', links: [{ to: 'x', trace: 'other', rel: 'similar_to' }] }],
      [],
    ],
    [
      'the sender of a message that a consumer took',
      [{ id: 'a', otelKind: 5, links: [{ to: 'x', trace: 'other', rel: '' }] }],
      [`trace:${toTestTraceId('other')}`],
    ],
    [
      'no plain link of a span that takes no message',
      [{ id: 'a', kind: 'step', links: [{ to: 'x', trace: 'other', rel: '' }] }],
      [],
    ],
    [
      'none of the senders of a batch, which belong to several runs',
      [
        {
          id: 'a',
          otelKind: 5,
          links: [
            { to: 'x', trace: 'one', rel: '' },
            { to: 'y', trace: 'two', rel: '' },
          ],
        },
      ],
      [],
    ],
    [
      'a checkpoint with an id of its own',
      [{ id: 'a', events: saved(checkpoint) }],
      [`thread:${checkpoint}`],
    ],
    ['no checkpoint that every run names alike', [{ id: 'a', events: saved('draft') }], []],
    [
      'the first and the last task of a thread of LangGraph, none between',
      [
        { id: 'a', attributes: langgraph(1, 'plan:11') },
        { id: 'b', attributes: langgraph(2, 'write:22') },
        { id: 'c', attributes: langgraph(3, 'approve:33|ask:44') },
      ],
      ['thread:thread-7/approve:33', 'thread:thread-7/plan:11'],
    ],
    [
      'the same as OpenInference writes it',
      [
        {
          id: 'a',
          attributes: openInference({
            thread_id: 'thread-7',
            langgraph_step: 3,
            langgraph_checkpoint_ns: 'approve:33',
          }),
        },
      ],
      ['thread:thread-7/approve:33'],
    ],
    ['no node without the id of its task', [{ id: 'a', attributes: langgraph(1, 'plan') }], []],
    [
      'no metadata that was cut',
      [{ id: 'a', attributes: { metadata: '{"langgraph_checkpoint_ns":"plan:11","thread' } }],
      [],
    ],
  ])('%s', (_, sketches, keys) => {
    expect(toTraceKeys(sketchSpans(sketches).spans)).toEqual(keys);
  });

  test('at most a thousand keys, those of runs first', () => {
    const many = Array.from({ length: 2_000 }, (_, i) => ({
      id: `s${i}`,
      runId: i === 1_999 ? 'the-run' : '',
      links: [{ to: 'x', trace: `t${i}`, rel: 'caused_by' }],
    }));
    const keys = toTraceKeys(sketchSpans(many).spans);
    expect([keys.length, keys[0]]).toEqual([maxTraceKeys, 'run:the-run']);
  });

  test('the same keys in any order and repetition of its spans', () => {
    const { spans } = sketchSpans([
      { id: 'a', runId: 'run-1', attributes: langgraph(1, 'plan:11') },
      { id: 'b', events: saved(checkpoint), attributes: langgraph(2, 'write:22') },
      { id: 'c', links: [{ to: 'x', trace: 'other', rel: 'resumes' }] },
    ]);
    const keys = toTraceKeys(spans);
    assert(
      property(shuffledSubarray([...spans, ...spans], { minLength: 6 }), (shuffled) => {
        expect(toTraceKeys(shuffled)).toEqual(keys);
      }),
    );
  });
});
