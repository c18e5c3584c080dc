import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { record, type Recording } from './test/record.ts';
import { emit, observe, run, start } from './index.ts';
import { registerProviders } from './providers.ts';

let recording: Recording;

beforeEach(() => {
  recording = record();
});
afterEach(() => recording.stop());

const labels = async (metric: string) =>
  (await recording.points(metric)).map((point) => point.attributes);

test('each kind is timed under its own name, with names and enums for labels', async () => {
  run({ kind: 'workflow', name: 'w', pattern: 'router', runId: 'r-1' }, () =>
    run({ kind: 'agent', name: 'a', id: 'id-1' }, () => {
      run({ kind: 'tool', name: 't', callId: 'call-1' }, () => {});
      run({ kind: 'step', name: 's', type: 'stage', id: 'step-1' }, () => {});
    }),
  );
  expect(await labels('gen_ai.workflow.duration')).toEqual([
    {
      'orchescope.kind': 'workflow',
      'gen_ai.workflow.name': 'w',
      'orchescope.workflow.pattern': 'router',
    },
  ]);
  expect(await labels('gen_ai.invoke_agent.duration')).toEqual([
    { 'orchescope.kind': 'agent', 'gen_ai.agent.name': 'a' },
  ]);
  expect(await labels('gen_ai.execute_tool.duration')).toEqual([
    { 'orchescope.kind': 'tool', 'gen_ai.tool.name': 't', 'gen_ai.agent.name': 'a' },
  ]);
  expect(await labels('orchescope.operation.duration')).toEqual([
    { 'orchescope.kind': 'step', 'orchescope.step.type': 'stage' },
  ]);
});

test('tokens, cost and the wait for the first chunk of a model call', async () => {
  const stream = observe(
    function* words() {
      yield 'a';
    },
    { kind: 'llm', name: 'l', provider: 'p', model: 'm' },
  );
  expect([...stream()]).toEqual(['a']);
  run({ kind: 'llm', name: 'l', provider: 'p', model: 'm' }, (op) =>
    op.set({ usage: { inputTokens: 30, outputTokens: 4 }, costUsd: 0.5 }),
  );
  const common = {
    'orchescope.kind': 'llm',
    'gen_ai.provider.name': 'p',
    'gen_ai.request.model': 'm',
  };
  expect(await labels('gen_ai.client.operation.time_to_first_chunk')).toEqual([common]);
  const tokens = await recording.points('gen_ai.client.token.usage');
  expect(tokens.map((point) => [point.attributes, (point.value as { sum: number }).sum])).toEqual([
    [{ ...common, 'gen_ai.token.type': 'input' }, 30],
    [{ ...common, 'gen_ai.token.type': 'output' }, 4],
  ]);
  expect(await recording.points('orchescope.cost')).toMatchObject([
    { attributes: common, value: 0.5 },
  ]);
});

test('events are counted, also where there is no span', async () => {
  emit({ type: 'breaker', name: 'gpt', state: 'open' });
  emit({ type: 'breaker', name: 'gpt', state: 'open' });
  expect(await recording.points('orchescope.events')).toMatchObject([
    {
      attributes: {
        'orchescope.event.type': 'breaker',
        'orchescope.event.state': 'open',
        'orchescope.event.name': 'gpt',
      },
      value: 2,
    },
  ]);
});

const abort = () => {
  throw new DOMException('stop', 'AbortError');
};
const fail = () => {
  throw new TypeError('gone');
};
const edge = { kind: 'handoff', name: 'x', from: 'a', to: 'b' } as const;

test.each<[string, () => unknown]>([
  ['accepted', () => run(edge, () => {})],
  ['refused', () => run({ ...edge, ok: () => false }, () => {})],
  ['refused', () => run({ ...edge, accepted: false }, () => {})],
  ['failed', () => expect(() => run(edge, fail)).toThrow('gone')],
  ['cancelled', () => expect(() => run(edge, abort)).toThrow('stop')],
])('a handoff is counted as %s', async (outcome, handOff) => {
  handOff();
  expect(recording.span('handoff b').attributes).toMatchObject({
    'orchescope.handoff.outcome': outcome,
  });
  expect(await recording.points('orchescope.handoffs')).toMatchObject([
    {
      attributes: {
        'orchescope.handoff.from': 'a',
        'orchescope.handoff.to': 'b',
        'orchescope.handoff.outcome': outcome,
      },
      value: 1,
    },
  ]);
});

const values = async (metric: string) =>
  (await recording.points(metric)).map(({ attributes, value }) => [attributes, value]);

test('a breaker: how often it went where, and where it is', async () => {
  for (const state of ['open', 'half_open', 'open', 'half_open', 'closed'] as const)
    emit({ type: 'breaker', name: 'gpt', state });
  emit({ type: 'breaker', name: 'claude', state: 'open' });
  const name = 'orchescope.breaker.name';
  const state = 'orchescope.breaker.state';
  expect(await values('orchescope.breaker.transitions')).toEqual([
    [{ [name]: 'gpt', [state]: 'open' }, 2],
    [{ [name]: 'gpt', [state]: 'half_open' }, 2],
    [{ [name]: 'gpt', [state]: 'closed' }, 1],
    [{ [name]: 'claude', [state]: 'open' }, 1],
  ]);
  expect(await values('orchescope.breaker.state')).toEqual([
    [{ [name]: 'gpt' }, 0],
    [{ [name]: 'claude' }, 2],
  ]);
});

test('the wait of one message is counted once, though its span and an event both tell it', async () => {
  const process = { kind: 'process', name: 'p', system: 'redis', destination: 'jobs' } as const;
  run({ ...process, queuedMs: 500 }, () => {
    emit({ type: 'queue', name: 'jobs', depth: 2 });
    run({ kind: 'agent', name: 'a' }, () => {
      emit({ type: 'queue', name: 'jobs', waitMs: 500 });
      emit({ type: 'queue', name: 'other', waitMs: 2_000 });
    });
  });
  run({ ...process, queuedMs: 250 }, () => {});
  run(process, () => emit({ type: 'queue', name: 'jobs', waitMs: 125 }));
  const points = await recording.points('orchescope.queue.wait.duration');
  expect(points.map(({ attributes, value }) => [attributes, value])).toMatchObject([
    [{ 'orchescope.queue.name': 'jobs' }, { count: 3, sum: 0.875 }],
    [{ 'orchescope.queue.name': 'other' }, { count: 1, sum: 2 }],
  ]);
});

test('a queue: how deep it is, and how long one waits in it', async () => {
  for (const depth of [3, 5, 4]) emit({ type: 'queue', name: 'jobs', depth });
  emit({ type: 'queue', name: 'jobs', waitMs: 1_500 });
  run(
    { kind: 'process', name: 'p', system: 'redis', destination: 'jobs', queuedMs: 500 },
    () => {},
  );
  const jobs = { 'orchescope.queue.name': 'jobs' };
  expect(await values('orchescope.queue.depth')).toEqual([[jobs, 4]]);
  expect(await values('orchescope.queue.wait.duration')).toMatchObject([
    [jobs, { count: 2, sum: 2 }],
  ]);
});

test('workers: how many in which state, and how many of a pool are busy', async () => {
  const pool = 'readers';
  emit({ type: 'worker', id: 'w1', state: 'idle', pool });
  emit({ type: 'worker', id: 'w1', state: 'busy', pool });
  emit({ type: 'worker', id: 'w2', state: 'overloaded', pool, load: 1 });
  emit({ type: 'worker', id: 'w3', state: 'failed', pool });
  emit({ type: 'worker', id: 'other', state: 'idle' });
  const of = (state: string) => ({
    'orchescope.worker.pool': pool,
    'orchescope.worker.state': state,
  });
  expect(await values('orchescope.workers')).toEqual([
    [of('busy'), 1],
    [of('overloaded'), 1],
    [of('failed'), 1],
    [{ 'orchescope.worker.state': 'idle' }, 1],
  ]);
  expect(await values('orchescope.worker.busy')).toEqual([
    [{ 'orchescope.worker.pool': pool }, 2],
    [{}, 0],
  ]);
});

test('of very many workers those last heard of are counted', async () => {
  for (let i = 0; i < 2_000; i += 1) emit({ type: 'worker', id: `w${i}`, state: 'busy' });
  expect(await values('orchescope.worker.busy')).toEqual([[{}, 1_000]]);
});

test('tasks of either kind: how many ended how, how long they took, how many run', async () => {
  run({ kind: 'workflow', name: 'w' }, () =>
    run({ kind: 'step', name: 't', type: 'task' }, () => {}),
  );
  run({ kind: 'workflow', name: 'w' }, (op) => op.set({ outcome: 'partial' }));
  expect(() => run({ kind: 'workflow', name: 'w' }, fail)).toThrow('gone');
  run({ kind: 'step', name: 's', type: 'stage' }, () => {});
  const waiting = start({ kind: 'workflow', name: 'w' });
  const kindOf = (name: string) => ({ 'orchescope.kind': name === 'w' ? 'workflow' : 'step' });
  const of = (name: string, outcome: string) => ({
    ...kindOf(name),
    'orchescope.task.name': name,
    'orchescope.task.outcome': outcome,
  });
  expect(await values('orchescope.tasks')).toEqual([
    [of('t', 'completed'), 1],
    [of('w', 'completed'), 1],
    [of('w', 'partial'), 1],
    [of('w', 'failed'), 1],
  ]);
  expect(await values('orchescope.task.duration')).toMatchObject([
    [of('t', 'completed'), { count: 1 }],
    [of('w', 'completed'), { count: 1 }],
    [of('w', 'partial'), { count: 1 }],
    [of('w', 'failed'), { count: 1 }],
  ]);
  expect(await values('orchescope.tasks.active')).toEqual([
    [{ ...kindOf('w'), 'orchescope.task.name': 'w' }, 1],
    [{ ...kindOf('t'), 'orchescope.task.name': 't' }, 0],
  ]);
  waiting.end();
});

test('loops are counted by their kind', async () => {
  emit({ type: 'loop', kind: 'cycle', period: 3 });
  emit({ type: 'loop', kind: 'cycle', period: 2 });
  emit({ type: 'loop', kind: 'repeat' });
  expect(await values('orchescope.loops')).toEqual([
    [{ 'orchescope.loop.kind': 'cycle' }, 2],
    [{ 'orchescope.loop.kind': 'repeat' }, 1],
  ]);
});

test('what is not sampled is measured all the same', async () => {
  await recording.stop();
  const inMemory = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: inMemory });
  const providers = registerProviders({
    spanProcessors: [],
    metricReaders: [reader],
    sampler: new AlwaysOffSampler(),
  });
  run({ kind: 'llm', name: 'l', model: 'm' }, (op) =>
    op.set({ usage: { inputTokens: 30, outputTokens: 4 }, costUsd: 0.5 }),
  );
  await reader.forceFlush();
  const found = inMemory.getMetrics().at(-1)?.scopeMetrics[0]?.metrics ?? [];
  await providers.shutdown();
  expect(found.map(({ descriptor, dataPointType }) => [descriptor.name, dataPointType])).toEqual([
    ['gen_ai.client.operation.duration', DataPointType.EXPONENTIAL_HISTOGRAM],
    ['gen_ai.client.token.usage', DataPointType.EXPONENTIAL_HISTOGRAM],
    ['orchescope.cost', DataPointType.SUM],
  ]);
});

test('names beyond the first 200 are counted together', async () => {
  for (let i = 0; i < 250; i += 1) run({ kind: 'guardrail', name: `g${i}` }, () => {});
  const points = await labels('orchescope.operation.duration');
  expect(points).toHaveLength(201);
  expect(points.at(-1)?.['orchescope.guardrail.name']).toBe('other');
});
