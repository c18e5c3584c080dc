import {
  Agent,
  addTraceProcessor,
  createCustomSpan,
  getGlobalTraceProvider,
  run as runAgent,
  setTraceProcessors,
  tool,
  withTrace,
  type Model,
} from '@openai/agents';
import { assistantMessage, functionCall, ScriptedModel } from '@openai/agents/testing';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { asks, scripted, taking, traceAgents } from '../test/openai-agents.ts';
import { record, type Recording } from '../test/record.ts';
import { openaiAgents } from './openai-agents.ts';

let recording: Recording;
beforeAll(traceAgents);
beforeEach(() => {
  recording = record();
});
afterEach(() => recording.stop());

const attributesOf = (name: string) => recording.span(name).attributes;

/** A trace that throws is over a moment later: the library does not tell. */
const whole = () => vi.waitFor(() => recording.span('invoke_workflow Agent workflow'));

test('a failure that the user catches is none of the trace', async () => {
  const away = scripted('away', { type: 'error', error: new TypeError('away') });
  const result = await withTrace('day', async () => {
    await runAgent(away, 'hello').catch(() => {});
    await new Promise((resolve) => setImmediate(resolve));
    return runAgent(scripted('clerk', [assistantMessage('hi')]), 'hello');
  });
  expect(result.finalOutput).toBe('hi');
  expect(recording.span('invoke_workflow day').status.code).toBe(0);
  expect(recording.tree()).toBe(
    [
      'invoke_workflow day',
      '  invoke_agent away',
      '    step turn',
      '  invoke_agent clerk',
      '    step turn',
    ].join('\n'),
  );
});

test('a run that is aborted was cancelled', async () => {
  const controller = new AbortController();
  const started = Promise.withResolvers<void>();
  const model: Model = {
    getResponse: ({ signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
        started.resolve();
      }),
    getStreamedResponse: () => [] as never,
  };
  const running = runAgent(asks(model), 'hello', { signal: controller.signal });
  await started.promise;
  controller.abort();
  await expect(running).rejects.toThrow('aborted');
  expect((await whole()).attributes['orchescope.run.outcome']).toBe('cancelled');
  expect(attributesOf('invoke_agent clerk')['orchescope.outcome']).toBe('cancelled');
});

test('an interrupted run goes on as the same run, linked to what it was', async () => {
  const risky = tool({
    name: 'risky',
    description: 'must be approved',
    parameters: taking(),
    needsApproval: true,
    execute: async () => 'done',
  });
  const agent = new Agent({
    name: 'clerk',
    tools: [risky],
    model: new ScriptedModel([
      [functionCall('risky', {}, { callId: 'c1' })],
      [assistantMessage('ok')],
    ]),
  });
  const { state, interruptions } = await runAgent(agent, 'hello');
  for (const asked of interruptions) state.approve(asked);
  expect((await runAgent(agent, state)).finalOutput).toBe('ok');
  const [before, after, ...more] = recording
    .spans()
    .filter(({ name }) => name.startsWith('invoke_workflow'));
  expect(more).toEqual([]);
  expect(before?.attributes['orchescope.run.id']).toMatch(/^trace_/);
  expect(after?.attributes['orchescope.run.id']).toBe(before?.attributes['orchescope.run.id']);
  expect(after?.links.map(({ context, attributes }) => [context.spanId, attributes])).toEqual([
    [before?.spanContext().spanId, { 'orchescope.link.rel': 'resumes' }],
  ]);
});

test('a span that nobody ends is abandoned when its trace is over', async () => {
  await withTrace('day', async () =>
    createCustomSpan({ data: { name: 'left', data: {} } }).start(),
  );
  expect(recording.spans().map(({ name }) => name)).toEqual(['invoke_workflow day']);
  await getGlobalTraceProvider().forceFlush();
  expect(attributesOf('step left')['orchescope.outcome']).toBe('abandoned');
});

test('a span that ends a moment after its trace has not been abandoned', async () => {
  const late = await withTrace('day', async () => {
    const span = createCustomSpan({ data: { name: 'late', data: {} } });
    span.start();
    return span;
  });
  late.end();
  await vi.waitFor(() => recording.span('step late'));
  expect(attributesOf('step late')).not.toHaveProperty('orchescope.outcome');
});

test('given twice it makes one span, and set anew it stays', async () => {
  addTraceProcessor(openaiAgents());
  setTraceProcessors([]);
  await runAgent(scripted('clerk', [assistantMessage('hi')]), 'hello');
  expect(recording.tree()).toBe(
    'invoke_workflow Agent workflow\n  invoke_agent clerk\n    step turn',
  );
});

const throwing = new Proxy(
  {},
  {
    get: () => {
      throw new Error('hostile');
    },
  },
);

test.each([
  undefined,
  null,
  7,
  {},
  throwing,
  { traceId: 't', spanId: 's', spanData: throwing, error: throwing },
])('whatever it is told, it does not throw (%#)', async (given) => {
  const processor = openaiAgents();
  await processor.onTraceStart(given);
  await processor.onSpanStart(given);
  await processor.onSpanEnd(given);
  await processor.onTraceEnd(given);
  await processor.forceFlush();
  expect(recording.spans().length).toBeLessThanOrEqual(2);
});
