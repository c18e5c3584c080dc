import assert from 'node:assert/strict';
import { trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emit, observe, run } from './index.ts';
import { expectRun, record, type Recording, type RunExpectation } from './testing.ts';

let recording: Recording;

beforeEach(() => {
  recording = record();
});
afterEach(() => recording.stop());

const lookUp = observe((order: string) => ({ order, state: 'sent' }), {
  kind: 'tool',
  name: 'look_up',
  in: (order) => ({ args: { order } }),
});

const support = () =>
  run({ kind: 'workflow', name: 'support' }, async () => {
    run({ kind: 'agent', name: 'triage' }, () => {
      emit({ type: 'retry', attempt: 1, max: 3, delayMs: 500 });
      run({ kind: 'handoff', name: 'orders' }, () => {});
    });
    await run({ kind: 'agent', name: 'orders' }, async () => {
      run({ kind: 'llm', name: 'answer', model: 'm' }, (op) =>
        op.set({ usage: { inputTokens: 30, outputTokens: 4 }, costUsd: 0.01 }),
      );
      emit({ type: 'fallback', from: 'fast', to: 'slow' });
      lookUp('4711');
    });
  });

test('a run is compared with what it should have done', async () => {
  await support();
  expectRun(recording)
    .toHaveHandedOff('triage', 'orders')
    .toHaveCalledTool('look_up')
    .toHaveCalledTool('look_up', 1)
    .toHaveRunAgents('triage', 'orders')
    .toHaveRetried()
    .toHaveRetried(1)
    .toHaveFallenBack('fast', 'slow')
    .toHaveEmitted('retry', { attempt: 1, limit: 3 })
    .toHaveEnded('completed')
    .toHaveNoErrors()
    .toHaveNoLoops()
    .toStayWithin({ tokens: 34, usd: 0.01, ms: 10_000, modelCalls: 1, toolCalls: 1 }).toMatchTree(`
      invoke_workflow support
        invoke_agent triage
          handoff orders
        invoke_agent orders
          chat m
          execute_tool look_up
    `);
});

const wrong: readonly (readonly [string, (run: RunExpectation) => unknown, string])[] = [
  ['a handoff', (run) => run.toHaveHandedOff('orders', 'triage'), 'got triage -> orders'],
  ['a tool', (run) => run.toHaveCalledTool('refund'), 'expected refund, got look_up'],
  ['calls', (run) => run.toHaveCalledTool('look_up', 2), 'look_up: expected 2, got 1'],
  ['agents', (run) => run.toHaveRunAgents('orders'), 'got triage, orders'],
  ['retries', (run) => run.toHaveRetried(2), 'retries: expected 2, got 1'],
  ['a fallback', (run) => run.toHaveFallenBack('a', 'b'), 'got fast -> slow'],
  ['an event', (run) => run.toHaveEmitted('retry', { attempt: 2 }), 'expected {"attempt":2}'],
  ['an absent event', (run) => run.toHaveEmitted('vote'), 'an event vote: expected {}, got none'],
  ['an outcome', (run) => run.toHaveEnded('failed'), 'expected failed, got completed'],
  ['tokens', (run) => run.toStayWithin({ tokens: 33 }), 'tokens: expected at most 33, got 34'],
  ['a tree', (run) => run.toMatchTree('invoke_workflow other'), 'expected invoke_workflow other'],
];

test.each(wrong)('a difference in %s is told with the tree', async (_, claim, message) => {
  await support();
  expect(() => claim(expectRun(recording))).toThrow(message);
  expect(() => claim(expectRun(recording))).toThrow('    * retry attempt=1 limit=3 delay=0.5');
});

test('errors and loops are found', () => {
  const failing = () =>
    run({ kind: 'tool', name: 'broken' }, () => {
      emit({ type: 'loop', kind: 'repeat', repeats: 3 });
      throw new TypeError('no');
    });
  expect(failing).toThrow('no');
  expect(() => expectRun(recording).toHaveNoErrors()).toThrow('execute_tool broken ! TypeError');
  expect(() => expectRun(recording).toHaveNoLoops()).toThrow('"orchescope.loop.repeats":3');
});

test('the error is an AssertionError, as node:assert and runners expect', () => {
  try {
    expectRun(recording).toHaveRetried();
    assert.fail('did not throw');
  } catch (error) {
    assert.equal((error as Error).name, 'AssertionError');
    assert.equal((error as { expected?: unknown }).expected, 'at least one');
  }
});

test('the tree shows attributes, events and links when asked', async () => {
  await support();
  run({ kind: 'step', name: 's', type: 'attempt' }, (op) =>
    op.link(
      { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
      'caused_by',
    ),
  );
  expect(recording.printTree({ events: true, links: true, attributes: ['gen_ai.request.model'] }))
    .toBe(`invoke_workflow support
  invoke_agent triage
      * retry attempt=1 limit=3 delay=0.5
    handoff orders
  invoke_agent orders
      * fallback from=fast to=slow
    chat m gen_ai.request.model=m
    execute_tool look_up
step s
    -> caused_by (elsewhere)`);
});

test('spans, events and metrics are there as data', async () => {
  await support();
  run({ kind: 'workflow', name: 'other' }, () => {});
  expect(recording.run('other').map((span) => span.name)).toEqual(['invoke_workflow other']);
  expect(recording.span('execute_tool look_up')).toMatchObject({
    kind: 'tool',
    status: 'unset',
    attributes: { 'gen_ai.tool.call.arguments': '{"order":"4711"}' },
  });
  expect(recording.events('fallback')).toHaveLength(1);
  expect(await recording.points('orchescope.handoffs')).toMatchObject([{ value: 1 }]);
  expect([...(await recording.metrics()).keys()]).toContain('gen_ai.workflow.duration');
  expect(() => recording.span('nowhere')).toThrow('no span "nowhere" among:\ninvoke_workflow');
  recording.clear();
  expect(recording.spans()).toEqual([]);
});

test('afterwards OpenTelemetry is unregistered, and a second recording works', async () => {
  await recording.stop();
  expect(trace.getTracer('x').startSpan('x').isRecording()).toBe(false);
  recording = record({ capture: 'off' });
  lookUp('4711');
  expect(recording.span('execute_tool look_up').attributes).not.toHaveProperty(
    'gen_ai.tool.call.arguments',
  );
});
