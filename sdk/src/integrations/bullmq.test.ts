import {
  createPostgresBackend,
  FlowProducer,
  Queue,
  UnrecoverableError,
  WaitingError,
  Worker,
  type Job,
  type PgPool,
  type Processor,
} from 'bullmq';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../index.ts';
import { startPostgres } from '../test/in-memory-postgres.ts';
import { record, type Recording } from '../test/record.ts';
import { traced } from './bullmq.ts';

// The real BullMQ on a real Postgres, both in this process.
let pool: PgPool;
let recording: Recording;
let number = 0;
let name: string;
const closing: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  pool = await startPostgres();
});
afterAll(() => pool.end());
beforeEach(() => {
  recording = record();
  name = `reviews-${number++}`;
});
afterEach(async () => {
  for (const each of closing.splice(0).reverse()) await each.close();
  await recording.stop();
});

const kept = <T extends { close(): Promise<void> }>(one: T): T => {
  closing.push(one);
  return one;
};
const bareQueue = () => kept(new Queue(name, { connection: pool }, createPostgresBackend));
const bareWorker = (work: Processor, concurrency = 1) => {
  const options = { connection: pool, name: 'w1', concurrency, drainDelay: 0.2 };
  return kept(new Worker(name, work, options, createPostgresBackend));
};
const queue = () => traced(bareQueue());
const worker = (work: Processor, concurrency = 1) => traced(bareWorker(work, concurrency));

const spansOf = (verb: string) =>
  recording.spans().filter((span) => span.name === `${verb} ${name}`);
const processed = (times: number) =>
  vi.waitFor(
    () => {
      const spans = spansOf('process');
      expect(spans).toHaveLength(times);
      return spans;
    },
    { timeout: 10_000, interval: 20 },
  );
type Told = { readonly events: readonly { name: string; attributes?: object }[] };
const events = (span: Told | undefined) =>
  span?.events
    .filter((event) => event.name !== 'exception')
    .map(({ name, attributes }) => Object.assign({ event: name }, attributes));
const facts = (fact: string) => spansOf('process').map((span) => span.attributes[fact]);
const linksOf = (span: ReadableSpan | undefined) =>
  span?.links.map((link) => [link.attributes?.['orchescope.link.rel'], link.context.spanId]);

test('what is added and what is done are one trace, with the work below', async () => {
  worker((job: Job<{ words: string }>) =>
    run({ kind: 'agent', name: 'reviewer' }, async () =>
      run({ kind: 'tool', name: 'read' }, () => job.data.words.length),
    ),
  );
  await run({ kind: 'workflow', name: 'shop' }, () =>
    queue().add('review', { words: 'private' }, { priority: 2 }),
  );
  const [done] = await processed(1);
  expect(recording.tree()).toBe(
    [
      'invoke_workflow shop',
      `  send ${name}`,
      `    process ${name}`,
      '      invoke_agent reviewer',
      '        execute_tool read',
    ].join('\n'),
  );
  expect(spansOf('send')[0]?.attributes).toEqual({
    'orchescope.kind': 'send',
    'orchescope.name': 'review',
    'orchescope.queue.system': 'bullmq',
    'orchescope.queue.name': name,
    'orchescope.queue.message.id': '1',
    'orchescope.queue.priority': 2,
    'orchescope.run.id': expect.any(String),
  });
  expect(done?.attributes).toEqual({
    'orchescope.kind': 'process',
    'orchescope.name': 'review',
    'orchescope.queue.system': 'bullmq',
    'orchescope.queue.name': name,
    'orchescope.queue.message.id': '1',
    'orchescope.queue.wait': expect.any(Number),
    'orchescope.retry.attempt': 1,
    'orchescope.worker.id': 'w1',
  });
});

test('a job that fails is tried again beside the first attempt, and is told to be dead at last', async () => {
  worker(async () => {
    throw new RangeError('no');
  });
  await queue().add('review', {}, { attempts: 3, backoff: { type: 'exponential', delay: 100 } });
  const attempts = await processed(3);
  const [sent] = spansOf('send');
  expect(attempts.map((span) => span.parentSpanContext?.spanId)).toEqual(
    Array.from({ length: 3 }, () => sent?.spanContext().spanId),
  );
  expect(facts('orchescope.retry.attempt')).toEqual([1, 2, 3]);
  expect(facts('error.type')).toEqual(['RangeError', 'RangeError', 'RangeError']);
  expect(attempts.map(linksOf)).toEqual([
    [],
    [['retries', attempts[0]?.spanContext().spanId]],
    [['retries', attempts[1]?.spanContext().spanId]],
  ]);
  const retry = { event: 'orchescope.retry', 'orchescope.retry.limit': 3 };
  const reason = { 'orchescope.retry.reason': 'RangeError' };
  expect(attempts.map(events)).toEqual([
    [{ ...retry, ...reason, 'orchescope.retry.attempt': 1, 'orchescope.retry.delay': 0.1 }],
    [{ ...retry, ...reason, 'orchescope.retry.attempt': 2, 'orchescope.retry.delay': 0.2 }],
    [
      {
        event: 'orchescope.dead_letter',
        'orchescope.dead_letter.destination': `${name}:failed`,
        'orchescope.dead_letter.reason': 'RangeError',
        'orchescope.dead_letter.attempts': 3,
      },
    ],
  ]);
  // What it was held back is not what it waited.
  const waits = await recording.points('orchescope.queue.wait.duration');
  expect(waits).toMatchObject([{ value: { count: 3 } }]);
  expect(Math.max(...facts('orchescope.queue.wait').map(Number))).toBeLessThan(0.1);
});

test('an error that no attempt can mend is a dead letter at once, and a step put off is no failure', async () => {
  worker(async (job, token) => {
    if (job.name === 'broken') throw new UnrecoverableError('never');
    if (job.attemptsStarted > 1) return;
    await job.moveToWait(token);
    throw new WaitingError();
  });
  const jobs = queue();
  await jobs.add('broken', {}, { attempts: 5 });
  await processed(1);
  expect(events(spansOf('process')[0])).toMatchObject([
    { event: 'orchescope.dead_letter', 'orchescope.dead_letter.attempts': 1 },
  ]);
  await jobs.add('slow', {});
  await processed(3);
  expect(facts('error.type')).toEqual(['UnrecoverableError', undefined, undefined]);
});

test('a delay is told and is no waiting; long after the sending, the work is a trace of its own', async () => {
  const jobs = queue();
  await jobs.add('soon', {}, { delay: 150 });
  const hourAgo = Date.now() - 3_600_000;
  const now = vi.spyOn(Date, 'now').mockReturnValue(hourAgo);
  await jobs.add('late', {}).finally(() => now.mockRestore());
  worker(async () => {});
  const [late, soon] = await processed(2);
  const sends = spansOf('send');
  expect(sends.map((span) => span.attributes['orchescope.queue.delay'])).toEqual([0.15, undefined]);
  expect(soon?.parentSpanContext?.spanId).toBe(sends[0]?.spanContext().spanId);
  expect(soon?.attributes['orchescope.queue.wait']).toBeLessThan(0.15);
  expect(late?.parentSpanContext).toBeUndefined();
  expect(linksOf(late)).toEqual([['caused_by', sends[1]?.spanContext().spanId]]);
  expect(late?.attributes['orchescope.queue.wait']).toBeGreaterThan(3_599);
});

test('jobs side by side each know their own id, and the worker is busy while they run', async () => {
  const begun: string[] = [];
  const { promise: go, resolve: letGo } = Promise.withResolvers<void>();
  worker(async (job) => {
    begun.push(`${job.id} ${job.name}`);
    await go;
  }, 3);
  await queue().addBulk(['a', 'b', 'c'].map((name) => ({ name, data: {} })));
  await vi.waitFor(() => expect(begun).toHaveLength(3), 10_000);
  const pool = { 'orchescope.worker.pool': name };
  expect(await recording.points('orchescope.worker.busy')).toMatchObject([
    { attributes: pool, value: 1 },
  ]);
  letGo();
  const spans = await processed(3);
  expect(
    spans.map(
      ({ attributes }) =>
        `${attributes['orchescope.queue.message.id']} ${attributes['orchescope.name']}`,
    ),
  ).toEqual(begun);
  const [sent] = spansOf('send');
  expect(sent?.attributes['messaging.batch.message_count']).toBe(3);
  expect(new Set(spans.map((span) => span.parentSpanContext?.spanId))).toEqual(
    new Set([sent?.spanContext().spanId]),
  );
  expect(await recording.points('orchescope.worker.busy')).toMatchObject([
    { attributes: pool, value: 0 },
  ]);
});

test('a flow sends each of its jobs, and a processor that adds a job is its sender', async () => {
  const jobs = queue();
  const flow = traced(kept(new FlowProducer({ connection: pool }, createPostgresBackend)));
  worker(async (job) => {
    if (job.name === 'part') await jobs.add('report', {});
  });
  const part = { name: 'part', queueName: name, opts: {} };
  await flow.add({ name: 'whole', queueName: name, opts: {}, children: [part] });
  await processed(3);
  expect(recording.tree().split('\n')).toEqual([
    `send ${name}`,
    `  send ${name}`,
    `    process ${name}`,
    `      send ${name}`,
    `        process ${name}`,
    `  process ${name}`,
  ]);
});

test('every turn of a schedule is a trace of its own and links to who made the schedule', async () => {
  worker(async () => {});
  const jobs = queue();
  await jobs.upsertJobScheduler('hourly', { every: 50 }, { name: 'tick' });
  await vi.waitFor(() => expect(spansOf('process').length).toBeGreaterThan(2), 10_000);
  await jobs.removeJobScheduler('hourly');
  const [sent, ...others] = spansOf('send');
  expect(others).toEqual([]);
  for (const turn of spansOf('process')) {
    expect(turn.parentSpanContext).toBeUndefined();
    expect(linksOf(turn)).toEqual([['caused_by', sent?.spanContext().spanId]]);
  }
});

test.each([
  ['none', undefined],
  ['no JSON', 'what is this'],
  ['another shape', '["traceparent"]'],
  ['not a trace', '{"traceparent":"00-x-y-z","orchescope-sent":{}}'],
])('metadata that is %s is ignored', async (_, metadata) => {
  worker(async () => {});
  await bareQueue().add('review', {}, metadata === undefined ? {} : { telemetry: { metadata } });
  const [done] = await processed(1);
  expect([done?.parentSpanContext, done?.links]).toEqual([undefined, []]);
  expect(done?.attributes['orchescope.queue.wait']).toBeGreaterThanOrEqual(0);
});

test('what the queue refuses has failed to be sent', async () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  await expect(queue().add('review', cycle)).rejects.toThrow(TypeError);
  expect(spansOf('send')[0]?.attributes['error.type']).toBe('TypeError');
});

test('a queue with a telemetry of its own keeps it, and one traced twice is traced once', async () => {
  const mine = traced(kept(new Queue(name, { connection: pool }, createPostgresBackend)));
  const { telemetry } = mine.opts;
  expect(traced(mine).opts.telemetry).toBe(telemetry);
  await mine.add('review', {});
  expect(spansOf('send')).toHaveLength(1);
});

test('without an OpenTelemetry SDK jobs are done all the same', async () => {
  await recording.stop();
  const done = new Promise((resolve) => worker(async (job) => resolve(job.data)));
  await queue().add('review', { words: 3 });
  expect(await done).toEqual({ words: 3 });
});
