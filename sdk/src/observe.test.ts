import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { record, type Recording } from './test/record.ts';
import { emit, observe, run, start, traced, within, type AnySpec, type Kind } from './index.ts';
import { settings } from './settings.ts';

let recording: Recording;

beforeEach(() => {
  recording = record();
});
afterEach(() => recording.stop());

test('six kinds nest as they were called', async () => {
  const search = observe((query: string) => [query], { kind: 'tool', name: 'search' });
  await run({ kind: 'workflow', name: 'support' }, async () => {
    await run({ kind: 'step', name: 'triage', type: 'stage', index: 0, of: 2 }, async () => {
      await run({ kind: 'agent', name: 'router' }, async () => {
        await run({ kind: 'llm', name: 'decide', model: 'm-1' }, async () => {});
        search('refund');
      });
    });
    await run({ kind: 'handoff', name: 'to billing', to: 'billing' }, async () => {});
  });
  expect(recording.tree()).toBe(
    [
      'invoke_workflow support',
      '  step triage',
      '    invoke_agent router',
      '      chat m-1',
      '      execute_tool search',
      '  handoff billing',
    ].join('\n'),
  );
});

const kinds: [AnySpec, string, SpanKind, string | undefined][] = [
  [{ kind: 'workflow', name: 'w' }, 'invoke_workflow w', SpanKind.INTERNAL, 'invoke_workflow'],
  [{ kind: 'agent', name: 'a' }, 'invoke_agent a', SpanKind.INTERNAL, 'invoke_agent'],
  [{ kind: 'llm', name: 'l', model: 'm' }, 'chat m', SpanKind.CLIENT, 'chat'],
  [{ kind: 'llm', name: 'l' }, 'chat l', SpanKind.CLIENT, 'chat'],
  [{ kind: 'embedding', name: 'e', model: 'm' }, 'embeddings m', SpanKind.CLIENT, 'embeddings'],
  [{ kind: 'tool', name: 't' }, 'execute_tool t', SpanKind.INTERNAL, 'execute_tool'],
  [{ kind: 'retrieval', name: 'r', source: 'faq' }, 'retrieval faq', SpanKind.CLIENT, 'retrieval'],
  [{ kind: 'plan', name: 'p' }, 'plan p', SpanKind.INTERNAL, 'plan'],
  [{ kind: 'step', name: 's', type: 'stage' }, 'step s', SpanKind.INTERNAL, undefined],
  [{ kind: 'route', name: 'r' }, 'route r', SpanKind.INTERNAL, undefined],
  [{ kind: 'handoff', name: 'h', to: 'b' }, 'handoff b', SpanKind.INTERNAL, undefined],
  [
    { kind: 'send', name: 's', system: 'inproc', destination: 'jobs' },
    'send jobs',
    SpanKind.PRODUCER,
    undefined,
  ],
  [
    { kind: 'process', name: 'p', system: 'inproc', destination: 'jobs' },
    'process jobs',
    SpanKind.CONSUMER,
    undefined,
  ],
  [{ kind: 'guardrail', name: 'g' }, 'guardrail g', SpanKind.INTERNAL, undefined],
];

test.each(kinds)('%j is a span named %s', (spec, name, spanKind, operation) => {
  observe(() => {}, spec)();
  const span = recording.span(name);
  expect(span.kind).toBe(spanKind);
  expect(span.attributes['orchescope.kind']).toBe(spec.kind satisfies Kind);
  expect(span.attributes['gen_ai.operation.name']).toBe(operation);
});

test('what is known at the start is on the span at its start', () => {
  settings().capture = 'full';
  const ask = observe((model: string, question: string) => `${model}: ${question}`, {
    kind: 'llm',
    name: 'ask',
    provider: 'openai',
    in: (model, question) => ({ model, input: question }),
    out: (answer) => ({ output: answer, usage: { inputTokens: 3, outputTokens: 5 } }),
  });
  ask('gpt-6', 'why?');
  expect(recording.started.get('chat gpt-6')).toEqual({
    'orchescope.kind': 'llm',
    'orchescope.name': 'ask',
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-6',
    'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"why?"}]}]',
  });
  expect(recording.span('chat gpt-6').attributes).toMatchObject({
    'gen_ai.output.messages':
      '[{"role":"assistant","parts":[{"type":"text","content":"gpt-6: why?"}]}]',
    'gen_ai.usage.input_tokens': 3,
    'gen_ai.usage.output_tokens': 5,
  });
});

test('this, the name, the arity and a sync result stay as they are', () => {
  class Counter {
    private readonly step = 2;
    add = observe(
      function addTo(this: Counter, n: number, _m?: number) {
        return this.step + n;
      },
      { kind: 'tool', name: 'add' },
    );
  }
  const counter = new Counter();
  expect(counter.add(3)).toBe(5);
  expect([counter.add.name, counter.add.length]).toEqual(['addTo', 2]);
});

test('a method can be decorated', () => {
  class Weather {
    private readonly city = 'Oslo';
    forecast(day: string): string {
      return `${this.city} ${day}`;
    }
  }
  const decorate = traced<Weather, [string], string>({ kind: 'tool', name: 'forecast' });
  const forecast = decorate(Weather.prototype.forecast, {} as ClassMethodDecoratorContext<Weather>);
  expect(forecast.call(new Weather(), 'today')).toBe('Oslo today');
  expect(recording.tree()).toBe('execute_tool forecast');
});

test('a thrown error is the same object outside, and its type is on the span', () => {
  const error = new RangeError('too far');
  const fail = observe(
    (): never => {
      throw error;
    },
    { kind: 'tool', name: 'jump' },
  );
  expect(fail).toThrow(error);
  const span = recording.span('execute_tool jump');
  expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'too far' });
  expect(span.attributes['error.type']).toBe('RangeError');
  expect(span.events.map((event) => event.name)).toEqual(['exception']);
});

test('an error that rises through spans is told once, on the innermost', async () => {
  const error = new Error('deep');
  const outer = run({ kind: 'agent', name: 'a' }, () =>
    run({ kind: 'tool', name: 't' }, () => Promise.reject(error)),
  );
  await expect(outer).rejects.toBe(error);
  expect(recording.span('execute_tool t').events).toHaveLength(1);
  expect(recording.span('invoke_agent a').events).toHaveLength(0);
  expect(recording.span('invoke_agent a').status.code).toBe(SpanStatusCode.ERROR);
});

test.each<[string, unknown, string]>([
  ['undefined', undefined, '_OTHER'],
  ['a string', 'no', '_OTHER'],
  ['an error with a code', Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'ECONNRESET'],
  ['a timeout', new DOMException('late', 'TimeoutError'), 'TimeoutError'],
])('throwing %s marks the span failed', async (_, thrown, type) => {
  const fail = run({ kind: 'tool', name: 't' }, () => Promise.reject(thrown));
  await expect(fail).rejects.toBe(thrown);
  const span = recording.span('execute_tool t');
  expect([span.status.code, span.attributes['error.type']]).toEqual([SpanStatusCode.ERROR, type]);
});

test('an abort is a cancellation, not an error', async () => {
  const aborted = run({ kind: 'workflow', name: 'w' }, () =>
    run({ kind: 'tool', name: 't' }, async () => AbortSignal.abort().throwIfAborted()),
  );
  await expect(aborted).rejects.toThrow('aborted');
  expect(recording.span('execute_tool t').status.code).toBe(SpanStatusCode.UNSET);
  expect(recording.span('execute_tool t').attributes['orchescope.outcome']).toBe('cancelled');
  expect(recording.span('invoke_workflow w').attributes['orchescope.run.outcome']).toBe(
    'cancelled',
  );
});

test('a result that is not ok fails the span and nothing else', () => {
  const accepted = run(
    { kind: 'handoff', name: 'x', to: 'b', from: 'a', ok: (result: boolean) => result },
    () => false as boolean,
  );
  expect(accepted).toBe(false);
  const { attributes, status } = recording.span('handoff b');
  expect(status.code).toBe(SpanStatusCode.ERROR);
  expect(attributes).toMatchObject({
    'orchescope.handoff.accepted': false,
    'orchescope.handoff.outcome': 'refused',
    'error.type': 'refused',
  });
});

test('a handoff knows the agent it leaves', () => {
  run({ kind: 'agent', name: 'front desk' }, () =>
    run({ kind: 'handoff', name: 'billing' }, () => {}),
  );
  expect(recording.span('handoff billing').attributes).toMatchObject({
    'orchescope.handoff.from': 'front desk',
    'orchescope.handoff.to': 'billing',
    'orchescope.handoff.accepted': true,
  });
});

test.each([
  [undefined, 'completed'],
  ['completed', 'completed'],
  ['partial', 'partial'],
  ['interrupted', 'suspended'],
  ['terminated', 'terminated'],
] as const)('a workflow that says %s ends %s', (outcome, written) => {
  run({ kind: 'workflow', name: 'w' }, (op) => void (outcome && op.set({ outcome })));
  expect(recording.span('invoke_workflow w').attributes['orchescope.run.outcome']).toBe(written);
});

test('start is ended by hand, by using, and only once', () => {
  {
    using step = start({ kind: 'step', name: 'one', type: 'stage' });
    step.set({ index: 3 }).emit({ type: 'queue', name: 'q', depth: 4, waitMs: 1500 });
  }
  const two = start({ kind: 'tool', name: 'two' });
  two.end(new Error('first'));
  two.end();
  expect(recording.tree()).toBe('step one\nexecute_tool two');
  const one = recording.span('step one');
  expect(one.attributes['orchescope.step.index']).toBe(3);
  expect(one.events[0]).toMatchObject({
    name: 'orchescope.queue',
    attributes: {
      'orchescope.queue.name': 'q',
      'orchescope.queue.depth': 4,
      'orchescope.queue.wait': 1.5,
    },
  });
  expect(recording.span('execute_tool two').status.code).toBe(SpanStatusCode.ERROR);
});

test('usage is written on model calls alone', () => {
  const usage = { inputTokens: 10, outputTokens: 2, cacheReadTokens: 4, reasoningTokens: 1 };
  const stray: object = { usage, costUsd: 1 };
  run({ kind: 'agent', name: 'a' }, (agent) => {
    agent.set(stray);
    run({ kind: 'llm', name: 'l', model: 'm' }, (op) => op.set({ usage, costUsd: 0.25 }));
  });
  const told = (name: string) =>
    Object.keys(recording.span(name).attributes).filter((key) => /usage|cost/.test(key));
  expect(told('invoke_agent a')).toEqual([]);
  expect(told('chat m').sort()).toEqual([
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.reasoning.output_tokens',
    'orchescope.cost.usd',
  ]);
});

test.each([
  ['off', { reason: undefined, args: undefined, message: undefined }],
  ['metadata', { reason: 'angry', args: undefined, message: 'boom' }],
  ['full', { reason: 'angry', args: '{"q":"x"}', message: 'boom' }],
] as const)('capture %s', (capture, told) => {
  settings().capture = capture;
  const boom = () =>
    run({ kind: 'tool', name: 't', args: { q: 'x' } }, () => {
      throw new Error('boom');
    });
  run({ kind: 'handoff', name: 'h', reason: 'angry' }, () => {});
  expect(boom).toThrow('boom');
  const { attributes, status, events } = recording.span('execute_tool t');
  expect({
    reason: recording.span('handoff h').attributes['orchescope.handoff.reason'],
    args: attributes['gen_ai.tool.call.arguments'],
    message: status.message,
  }).toEqual(told);
  expect(JSON.stringify(events).includes('boom')).toBe(capture !== 'off');
});

test('a budget speaks at 50, 80 and 100 percent, once each', () => {
  within({ budget: { unit: 'tokens', limit: 100 } }, () => {
    for (const tokens of [40, 20, 15, 10, 30, 30])
      run({ kind: 'llm', name: `call ${tokens}` }, (op) =>
        op.set({ usage: { inputTokens: tokens } }),
      );
  });
  const told = recording
    .spans()
    .flatMap((span) => span.events.map((e) => e.attributes?.['orchescope.budget.used']));
  expect(told).toEqual([60, 85, 115]);
});

test('a retrieval tells its query and which documents it found, never their text', () => {
  settings().capture = 'full';
  const documents = [{ id: 'faq-1', score: 0.9, text: 'the whole page' }, { id: 'faq-2' }];
  run({ kind: 'retrieval', name: 'r', query: 'refund?', topK: 2 }, (op) => op.set({ documents }));
  expect(recording.span('retrieval r').attributes).toMatchObject({
    'gen_ai.retrieval.query.text': 'refund?',
    'gen_ai.retrieval.top_k': 2,
    'gen_ai.retrieval.documents': '[{"id":"faq-1","score":0.9},{"id":"faq-2"}]',
  });
});

test('an event lands on the active span', () => {
  run({ kind: 'step', name: 's', type: 'attempt' }, () =>
    emit({ type: 'retry', attempt: 1, max: 3, delayMs: 250, reason: 'rate_limited' }),
  );
  expect(recording.span('step s').events[0]).toMatchObject({
    name: 'orchescope.retry',
    attributes: {
      'orchescope.retry.attempt': 1,
      'orchescope.retry.limit': 3,
      'orchescope.retry.delay': 0.25,
      'orchescope.retry.reason': 'rate_limited',
    },
  });
});
