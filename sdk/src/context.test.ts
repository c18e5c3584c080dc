import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { record, type Recording } from './test/record.ts';
import { carrier, run, start, within } from './index.ts';

let recording: Recording;

beforeEach(() => {
  recording = record();
});
afterEach(() => recording.stop());

const told = (name: string, ...keys: string[]): unknown[] =>
  keys.map((key) => recording.span(name).attributes[key]);

test('what within says is on every span below, inner words added to outer ones', async () => {
  await within({ sessionId: 's', userId: 'u', tags: ['beta'], attributes: { plan: 'pro' } }, () =>
    run({ kind: 'agent', name: 'a' }, async () => {
      await within({ userId: 'v' }, () => run({ kind: 'llm', name: 'l' }, async () => {}));
    }),
  );
  const keys = ['session.id', 'user.id', 'orchescope.tags', 'plan'];
  expect(told('invoke_agent a', ...keys)).toEqual(['s', 'u', ['beta'], 'pro']);
  expect(told('chat l', ...keys)).toEqual(['s', 'v', ['beta'], 'pro']);
});

test('a workflow makes a run, and every span below carries it', () => {
  run({ kind: 'workflow', name: 'w' }, () =>
    run({ kind: 'workflow', name: 'inner' }, () => run({ kind: 'tool', name: 't' }, () => {})),
  );
  const [run1] = told('invoke_workflow w', 'orchescope.run.id');
  expect(run1).toMatch(/^[\da-f-]{36}$/);
  expect(told('invoke_workflow inner', 'orchescope.run.id', 'orchescope.run.parent.id')).toEqual([
    run1,
    undefined,
  ]);
  expect(told('execute_tool t', 'orchescope.run.id')).toEqual([run1]);
});

test('a workflow with a run of its own names the run around it', () => {
  run({ kind: 'workflow', name: 'w', runId: 'r1' }, () =>
    run({ kind: 'workflow', name: 'inner', runId: 'r2' }, () =>
      run({ kind: 'tool', name: 't' }, () => {}),
    ),
  );
  expect(told('invoke_workflow inner', 'orchescope.run.id', 'orchescope.run.parent.id')).toEqual([
    'r2',
    'r1',
  ]);
  expect(told('execute_tool t', 'orchescope.run.id')).toEqual(['r2']);
});

test('work for an agent names the agent', () => {
  run({ kind: 'agent', name: 'writer' }, () => {
    run({ kind: 'tool', name: 't' }, () => {});
    run({ kind: 'step', name: 's', type: 'stage' }, () => {});
  });
  expect(told('execute_tool t', 'gen_ai.agent.name')).toEqual(['writer']);
  expect(told('step s', 'gen_ai.agent.name')).toEqual([undefined]);
});

test('a carrier survives JSON and joins the trace', () => {
  const sent = run({ kind: 'send', name: 's', system: 'redis', destination: 'q' }, () =>
    JSON.stringify(carrier()),
  );
  const parent = JSON.parse(sent) as Record<string, string>;
  run({ kind: 'process', name: 'p', system: 'redis', destination: 'q', parent }, () => {});
  expect(recording.tree()).toBe('send q\n  process q');
  expect(parent['traceparent']).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/);
});

test('a carrier works with no propagator registered', () => {
  propagation.disable();
  const parent = run({ kind: 'agent', name: 'a' }, () => carrier());
  run({ kind: 'tool', name: 't', parent }, () => {});
  expect(recording.tree()).toBe('invoke_agent a\n  execute_tool t');
});

test('parent null starts a new trace of the same run; links say what it is to the old', () => {
  run({ kind: 'workflow', name: 'w', runId: 'r' }, () => {
    const cause = carrier();
    run(
      {
        kind: 'process',
        name: 'p',
        system: 'inproc',
        destination: 'q',
        parent: null,
        links: [{ to: cause, rel: 'caused_by' }],
      },
      () => {},
    );
  });
  const outer = recording.span('invoke_workflow w').spanContext();
  const { links, attributes, parentSpanContext, ...inner } = recording.span('process q');
  expect(parentSpanContext).toBeUndefined();
  expect(recording.span('process q').spanContext().traceId).not.toBe(outer.traceId);
  expect(inner.name).toBe('process q');
  expect(attributes['orchescope.run.id']).toBe('r');
  expect(links.map((link) => [link.context.spanId, link.attributes])).toEqual([
    [outer.spanId, { 'orchescope.link.rel': 'caused_by' }],
  ]);
});

test('a context may be the parent, and an operation may be linked later', () => {
  const first = start({ kind: 'tool', name: 'first' });
  const second = start({ kind: 'tool', name: 'second', parent: first.context });
  second.link(first.carrier(), 'retries').link(first.span.spanContext(), 'fan_in');
  second.end();
  first.end();
  expect(recording.tree()).toBe('execute_tool first\n  execute_tool second');
  expect(
    recording.span('execute_tool second').links.map((l) => l.attributes?.['orchescope.link.rel']),
  ).toEqual(['retries', 'fan_in']);
});

test('session and user cross to another process only when asked', () => {
  const headers = (baggage: boolean) =>
    within({ sessionId: 's', userId: 'u', tags: ['x', 'y'], baggage }, () =>
      run({ kind: 'workflow', name: 'w', runId: 'r' }, () => carrier()),
    );
  expect(headers(false)['baggage']).toBeUndefined();
  const parent = headers(true);
  context.with(ROOT_CONTEXT, () => run({ kind: 'tool', name: 'remote', parent }, () => {}));
  expect(
    told('execute_tool remote', 'session.id', 'user.id', 'orchescope.tags', 'orchescope.run.id'),
  ).toEqual(['s', 'u', ['x', 'y'], 'r']);
});

test('baggage of others is not taken for ours', () => {
  const baggage = propagation.createBaggage({ 'session.id': { value: 'theirs' } });
  context.with(propagation.setBaggage(ROOT_CONTEXT, baggage), () =>
    run({ kind: 'tool', name: 't' }, () => {}),
  );
  expect(told('execute_tool t', 'session.id')).toEqual([undefined]);
});

test('an active span made by someone else is the parent', () => {
  trace.getTracer('app').startActiveSpan('GET /chat', (span) => {
    run({ kind: 'agent', name: 'a' }, () => {});
    span.end();
  });
  expect(recording.tree()).toBe('GET /chat\n  invoke_agent a');
});
