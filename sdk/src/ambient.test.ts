import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { context, trace, type ContextManager } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, test } from 'vitest';
import { AmbientContextManager } from './ambient-context-manager.ts';
import { registerAmbient } from './ambient.ts';
import { startForeign } from './foreign.ts';
import { carrier, emit, observe, run, type Op } from './index.ts';
import { record, type Recording } from './test/record.ts';

/** A framework that knows its own current span and tells others of it by callbacks alone. */
const current = new AsyncLocalStorage<Op<'agent' | 'tool'>>();
const inFramework = <T>(op: Op<'agent' | 'tool'>, fn: () => T): T => current.run(op, fn);

let recording: Recording;
let stop: () => void;

const begin = (manager: ContextManager) => {
  recording = record(new InMemorySpanExporter(), manager);
  stop = registerAmbient(() => current.getStore()?.span);
};
afterEach(async () => {
  stop();
  await recording.stop();
});

const managers = [
  ['our context manager', () => new AmbientContextManager()],
  ["somebody else's context manager", () => new AsyncLocalStorageContextManager()],
] as const;

describe.each(managers)('with %s', (_, create) => {
  test('spans inside a tool of the framework stand below its span, and nest', async () => {
    begin(create());
    const lookUp = observe(async () => wait(1), { kind: 'retrieval', name: 'index' });
    await run({ kind: 'workflow', name: 'w' }, async () => {
      const agent = startForeign({ kind: 'agent', name: 'a' }, { integration: 'fake' });
      const tool = startForeign(
        { kind: 'tool', name: 't', parent: agent.context },
        { integration: 'fake' },
      );
      await inFramework(tool, () => run({ kind: 'step', name: 's', type: 'stage' }, lookUp));
      tool.end();
      await inFramework(agent, lookUp);
      agent.end();
    });
    expect(recording.tree()).toBe(
      [
        'invoke_workflow w',
        '  invoke_agent a',
        '    execute_tool t',
        '      step s',
        '        retrieval index',
        '    retrieval index',
      ].join('\n'),
    );
  });

  test('they know the run and the agent of the framework', () => {
    begin(create());
    const agent = startForeign({ kind: 'agent', name: 'a' }, { integration: 'fake' });
    inFramework(agent, () => run({ kind: 'llm', name: 'l' }, () => {}));
    agent.end();
    expect(recording.span('chat l').attributes['gen_ai.agent.name']).toBe('a');
  });

  test('an event and a carrier belong to the span of the framework', () => {
    begin(create());
    const agent = startForeign({ kind: 'agent', name: 'a' }, { integration: 'fake' });
    const taken = inFramework(agent, () => {
      emit({ type: 'interrupt', reason: 'lunch' });
      return carrier();
    });
    agent.end();
    expect(taken['traceparent']).toContain(agent.span.spanContext().spanId);
    expect(recording.span('invoke_agent a').events.map((event) => event.name)).toEqual([
      'orchescope.interrupt',
    ]);
  });

  test('a parent given by hand wins over the framework, and so do the spans below it', () => {
    begin(create());
    const outer = startForeign({ kind: 'workflow', name: 'w' }, { integration: 'fake' });
    const agent = startForeign({ kind: 'agent', name: 'a' }, { integration: 'fake' });
    const below = observe(() => {}, { kind: 'step', name: 'below', type: 'stage' });
    inFramework(agent, () => {
      run({ kind: 'step', name: 's', type: 'stage', parent: outer.context }, below);
      run({ kind: 'step', name: 'root', type: 'stage', parent: null }, below);
    });
    agent.end();
    outer.end();
    expect(recording.tree()).toBe(
      'invoke_workflow w\n  step s\n    step below\ninvoke_agent a\nstep root\n  step below',
    );
  });

  test('a resolver that throws costs the nesting alone', () => {
    begin(create());
    stop();
    stop = registerAmbient(() => {
      throw new Error('not now');
    });
    run({ kind: 'agent', name: 'a' }, () => run({ kind: 'tool', name: 't' }, () => {}));
    expect(recording.tree()).toBe('invoke_agent a\n  execute_tool t');
  });

  test('a resolver may ask for the active span itself', () => {
    begin(create());
    stop();
    stop = registerAmbient(() => {
      trace.getActiveSpan();
      run({ kind: 'step', name: 'asked', type: 'stage' }, () => {});
      return current.getStore()?.span;
    });
    expect(trace.getActiveSpan()).toBeUndefined();
  });
});

test("with our context manager, other libraries' spans stand below the framework's as well", () => {
  begin(new AmbientContextManager());
  const agent = startForeign({ kind: 'agent', name: 'a' }, { integration: 'fake' });
  const theirs = trace.getTracer('http');
  inFramework(agent, () =>
    theirs.startActiveSpan('GET', (span) => {
      theirs.startSpan('dns').end();
      span.end();
    }),
  );
  inFramework(agent, () =>
    context.with(trace.deleteSpan(context.active()), () => theirs.startSpan('own root').end()),
  );
  agent.end();
  expect(recording.tree()).toBe('invoke_agent a\n  GET\n    dns\nown root');
});

test('a foreign span carries its own scope, its identity there and its own times', () => {
  begin(new AmbientContextManager());
  const op = startForeign(
    { kind: 'tool', name: 't', startTime: 1_700_000_000_000 },
    {
      integration: 'fake',
      source: { type: 'function', id: 'span_1' },
      canonicalKind: 'mcp',
    },
  );
  op.end(undefined, new Date(1_700_000_002_500));
  const span = recording.span('execute_tool t');
  expect(span.instrumentationScope.name).toBe('@orchescope/fake');
  expect(span.attributes).toMatchObject({
    'orchescope.kind': 'mcp',
    'orchescope.source.span.type': 'function',
    'orchescope.source.span.id': 'span_1',
  });
  expect([span.startTime, span.endTime]).toEqual([
    [1_700_000_000, 0],
    [1_700_000_002, 500_000_000],
  ]);
});

test('its duration is the one it was told', async () => {
  begin(new AmbientContextManager());
  const op = startForeign(
    { kind: 'tool', name: 't', startTime: 1_700_000_000_000 },
    { integration: 'fake' },
  );
  op.end(undefined, 1_700_000_002_500);
  expect(await recording.points('gen_ai.execute_tool.duration')).toMatchObject([
    { value: { sum: expect.closeTo(2.5) as number } },
  ]);
});
