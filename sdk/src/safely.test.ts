import { diag, trace, type DiagLogger } from '@opentelemetry/api';
import { AlwaysOnSampler, TracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { record, type Recording } from './test/record.ts';
import {
  carrier,
  emit,
  observe,
  run,
  start,
  within,
  type AnySpec,
  type OrchEvent,
} from './index.ts';
import { safely } from './safely.ts';
import { settings } from './settings.ts';

let recording: Recording;

beforeEach(() => {
  recording = record();
  settings().capture = 'full';
});
afterEach(() => recording.stop());

const boom = (): never => {
  throw new Error('ours');
};
const trap = new Proxy({}, { get: boom, ownKeys: boom, getOwnPropertyDescriptor: boom, has: boom });
const huge = { rows: Array.from({ length: 250_000 }, () => 'x'.repeat(100)) };
const cyclic: Record<string, unknown> = { id: 1n };
cyclic['self'] = cyclic;

test.each<[string, Partial<AnySpec>]>([
  ['an in mapper that throws', { in: boom }],
  ['an out mapper that throws', { out: boom }],
  ['an ok mapper that throws', { ok: boom }],
  ['an out mapper that returns nonsense', { out: () => 7 as never }],
  ['cyclic arguments', { in: () => ({ args: cyclic }) as never }],
  ['25 MB of arguments', { in: () => ({ args: huge }) as never }],
  ['a proxy that throws for arguments', { in: () => ({ args: trap }) as never }],
  ['a proxy that throws for facts', { in: () => trap as never }],
  ['a proxy that throws for attributes', { attributes: trap as never }],
  ['links that are nonsense', { links: [{ to: trap as never, rel: 'resumes' }, 7 as never] }],
  ['a parent that is nonsense', { parent: trap as never }],
  ['a carrier that is nonsense', { parent: { traceparent: 'x', tracestate: '\0' } }],
  ['a name that is no text', { name: Symbol('tool') as never }],
  ['a kind we do not know', { kind: 'wizard' as never }],
])('%s: the user gets the result, the span ends', (_, odd) => {
  const spec = { kind: 'tool', name: 't', ...odd } as AnySpec;
  const work = observe((n: number) => n + 1, spec as never);
  expect(work(1)).toBe(2);
  const fail = observe(() => boom(), spec as never);
  expect(fail).toThrow('ours');
  expect(recording.spans().length % 2).toBe(0);
});

test('a spec that throws whatever is read of it changes nothing for the user', async () => {
  const work = observe(async (n: number) => n + 1, trap as never);
  expect(await work(1)).toBe(2);
  const letters = observe(function* two() {
    yield 1;
    yield 2;
  }, trap as never);
  expect([...letters()]).toEqual([1, 2]);
});

test('nothing on an operation throws', () => {
  const op = start({ kind: 'tool', name: 't' });
  op.set(trap).set(undefined as never);
  op.emit(trap as OrchEvent).emit({ type: 'wizard' } as never);
  op.link(trap as never, 'resumes').link({ traceparent: 'no' }, 'retries');
  op.end(trap);
  op.end();
  expect(recording.span('execute_tool t').attributes['error.type']).toBe('_OTHER');
});

test('within and emit take nonsense', () => {
  expect(within(trap, () => 1)).toBe(1);
  expect(within(undefined as never, () => 2)).toBe(2);
  emit(trap as OrchEvent);
  expect(carrier()).toEqual({});
});

test('a result that throws when looked at is handed on', () => {
  expect(run({ kind: 'tool', name: 't' }, () => trap)).toBe(trap);
  expect(recording.spans()).toHaveLength(1);
});

test('our troubles are told five times, then no more', () => {
  const logger: DiagLogger = {
    error: vi.fn<DiagLogger['error']>(),
    warn: () => {},
    info: () => {},
    debug: () => {},
    verbose: () => {},
  };
  diag.setLogger(logger, { suppressOverrideMessage: true });
  delete (globalThis as Record<symbol, unknown>)[Symbol.for('orchescope.sdk.reports')];
  for (let i = 0; i < 20; i += 1) expect(safely('test', boom, i)).toBe(i);
  diag.disable();
  expect(logger.error).toHaveBeenCalledTimes(5);
});

test('a logger that throws is not heard either', () => {
  const angry: DiagLogger = { error: boom, warn: boom, info: boom, debug: boom, verbose: boom };
  delete (globalThis as Record<symbol, unknown>)[Symbol.for('orchescope.sdk.reports')];
  const before = settings();
  diag.setLogger({ ...angry, warn: () => {} }, { suppressOverrideMessage: true });
  expect(safely('test', boom, 'fallback')).toBe('fallback');
  diag.disable();
  expect(settings()).toBe(before);
});

test('an exporter that throws does not reach the user', async () => {
  await recording.stop();
  const broken: SpanExporter = {
    export: boom,
    shutdown: () => Promise.resolve(),
    forceFlush: () => Promise.reject(new Error('down')),
  };
  recording = record(broken);
  expect(run({ kind: 'tool', name: 't' }, () => 1)).toBe(1);
});

test('a span processor that throws does not reach the user', () => {
  trace.disable();
  const provider = new TracerProvider({
    sampler: new AlwaysOnSampler(),
    spanProcessors: [
      {
        onStart: boom,
        onEnd: boom,
        forceFlush: () => Promise.resolve(),
        shutdown: () => Promise.resolve(),
      },
    ],
  });
  trace.setGlobalTracerProvider(provider);
  expect(run({ kind: 'workflow', name: 'w' }, () => 1)).toBe(1);
  using op = start({ kind: 'tool', name: 't' });
  expect(op.carrier()).toEqual({});
});

test('with no SDK registered everything works and nothing is recorded', async () => {
  await recording.stop();
  const answer = await run({ kind: 'workflow', name: 'w' }, async (op) => {
    op.set({ output: cyclic }).emit({ type: 'terminate', reason: 'done' });
    return within({ userId: 'u' }, () => run({ kind: 'tool', name: 't' }, () => 42));
  });
  expect(answer).toBe(42);
  expect(carrier()).toEqual({});
  recording = record();
});
