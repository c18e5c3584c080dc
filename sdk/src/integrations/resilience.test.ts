import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import {
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  ConstantBackoff,
  handleAll,
  retry,
} from 'cockatiel';
import PQueue from 'p-queue';
import pRetry from 'p-retry';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../index.ts';
import { record, type Recording } from '../test/record.ts';
import { retryEvents, watch, watchQueue, type EventedBreaker } from './resilience.ts';

type Breaker = EventedBreaker & {
  fire(): Promise<unknown>;
  fallback(otherwise: () => unknown): void;
  shutdown(): void;
};
type BreakerOptions = { timeout?: number; resetTimeout?: number; capacity?: number };

/** The package has no types of its own. */
const require = createRequire(import.meta.url);
const Opossum = require('opossum') as new (
  action: () => unknown,
  options: BreakerOptions,
) => Breaker;

let recording: Recording;

beforeEach(() => {
  recording = record();
});
afterEach(() => recording.stop());

const fail = () => Promise.reject(new RangeError('down'));
const inSpan = <R>(fn: () => R): R => run({ kind: 'step', name: 'work', type: 'task' }, fn);

/** Events of the span `work`, with their attributes but the times. */
const events = () =>
  recording.span('step work').events.map(({ name, attributes = {} }) => {
    const { 'orchescope.retry.delay': _, ...told } = attributes;
    return [name.replace('orchescope.', '')].concat(Object.values(told) as string[]);
  });

const breakerState = async () => (await recording.points('orchescope.breaker.state'))[0]?.value;

test('a breaker of opossum tells that it opens, refuses and falls back, on the span of the caller', async () => {
  const breaker = new Opossum(fail, { resetTimeout: 60_000 });
  watch(breaker, 'gpt');
  await inSpan(async () => {
    await expect(breaker.fire()).rejects.toThrow('down');
    await expect(breaker.fire()).rejects.toThrow('Breaker is open');
    breaker.fallback(() => 'cached');
    expect(await breaker.fire()).toBe('cached');
  });
  expect(events()).toEqual([
    ['breaker', 'gpt', 'open'],
    ['rejected', 'breaker', 'gpt'],
    ['rejected', 'breaker', 'gpt'],
    ['fallback', 'gpt', 'fallback'],
  ]);
  breaker.shutdown();
});

test('a breaker of opossum that recovers after its caller is gone is still measured', async () => {
  let up = false;
  const breaker = new Opossum(() => (up ? Promise.resolve('fine') : fail()), { resetTimeout: 5 });
  watch(breaker, 'gpt');
  const halfOpen = Promise.withResolvers<void>();
  breaker.on('halfOpen', () => halfOpen.resolve());
  await inSpan(() => breaker.fire().catch(() => {}));
  await halfOpen.promise;
  expect(await breakerState()).toBe(1);
  up = true;
  await breaker.fire();
  expect(await breakerState()).toBe(0);
  breaker.shutdown();
});

test('a call that timed out is a failed step, though a fallback hides it', async () => {
  const breaker = new Opossum(() => new Promise(() => {}), { timeout: 5 });
  watch(breaker, 'gpt');
  breaker.fallback(() => 'cached');
  expect(await inSpan(() => breaker.fire())).toBe('cached');
  expect(recording.tree()).toBe('step work\n  step gpt');
  expect(recording.span('step gpt').attributes).toMatchObject({
    'error.type': 'ETIMEDOUT',
    'orchescope.step.type': 'attempt',
  });
  breaker.shutdown();
});

test('too many calls at once are told as backpressure', async () => {
  const breaker = new Opossum(() => new Promise(() => {}), { capacity: 1, timeout: 60_000 });
  watch(breaker, 'gpt');
  await inSpan(async () => {
    void breaker.fire().catch(() => {});
    await expect(breaker.fire()).rejects.toThrow('Semaphore locked');
  });
  expect(events()).toContainEqual(['rejected', 'backpressure', 'gpt']);
  breaker.shutdown();
});

test('a breaker no longer watched is silent, and has none of our listeners', async () => {
  const breaker = new Opossum(fail, {});
  watch(breaker, 'gpt')();
  await inSpan(() => breaker.fire().catch(() => {}));
  expect(events()).toEqual([]);
  breaker.shutdown();
});

test('an error of opossum that cannot be read harms nobody', () => {
  const breaker = new Opossum(fail, {});
  watch(breaker, 'gpt');
  const hostile = new Proxy({}, { get: () => { throw new Error('no'); } }); // prettier-ignore
  const { emit } = breaker as unknown as { emit: (event: string, ...args: unknown[]) => void };
  for (const event of ['open', 'halfOpen', 'close', 'reject', 'timeout', 'fallback'])
    expect(() => emit.call(breaker, event, hostile, hostile)).not.toThrow();
  breaker.shutdown();
});

test('a breaker of cockatiel tells its states; one opened by hand is open', async () => {
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: 0,
    breaker: new ConsecutiveBreaker(1),
  });
  const stop = watch(breaker, 'gpt');
  await inSpan(async () => {
    await expect(breaker.execute(fail)).rejects.toThrow('down');
    await breaker.execute(() => 'fine');
    breaker.isolate().dispose();
    stop();
    breaker.isolate();
  });
  expect(events().map(([, , state]) => state)).toEqual([
    'open',
    'half_open',
    'closed',
    'open',
    'closed',
  ]);
});

test('a retry policy of cockatiel tells every retry, and that it gave up', async () => {
  const policy = retry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(1) });
  watch(policy, 'gpt');
  await inSpan(() => policy.execute(fail).catch(() => {}));
  expect(events()).toEqual([
    ['retry', 1, 'RangeError'],
    ['retry', 2, 'RangeError'],
    ['terminate', 'retries exhausted'],
  ]);
});

test('a full bulkhead of cockatiel is backpressure', async () => {
  const policy = bulkhead(1);
  watch(policy, 'gpt');
  await inSpan(async () => {
    const release = Promise.withResolvers<void>();
    const running = policy.execute(() => release.promise);
    await expect(policy.execute(() => 1)).rejects.toThrow('Bulkhead');
    release.resolve();
    await running;
  });
  expect(events()).toEqual([['rejected', 'backpressure', 'gpt']]);
});

test('failed attempts of p-retry are retry events, and a listener of the user hears them too', async () => {
  const heard = vi.fn<(failed: { attemptNumber: number }) => void>();
  await inSpan(async () => {
    const options = { retries: 2, minTimeout: 1, onFailedAttempt: retryEvents(heard) };
    await expect(pRetry(fail, options)).rejects.toThrow('down');
  });
  expect(events()).toEqual([
    ['retry', 1, 3, 'RangeError'],
    ['retry', 2, 3, 'RangeError'],
    ['terminate', 'retries exhausted'],
  ]);
  expect(heard.mock.calls.map(([{ attemptNumber }]) => attemptNumber)).toEqual([1, 2, 3]);
});

test('an attempt of p-retry that succeeds after a failure leaves one retry event', async () => {
  await inSpan(() =>
    pRetry((attempt) => (attempt === 1 ? fail() : 'fine'), {
      minTimeout: 1,
      onFailedAttempt: retryEvents(),
    }),
  );
  expect(events()).toEqual([['retry', 1, 11, 'RangeError']]);
});

test('a queue of p-queue tells its depth on the span that adds, and every wait as a metric', async () => {
  const queue = new PQueue({ concurrency: 1 });
  watchQueue(queue, 'tools');
  await inSpan(() => Promise.all([1, 2, 3].map((n) => queue.add(() => n))));
  expect(events()).toEqual([
    ['queue', 'tools', 1],
    ['queue', 'tools', 1],
    ['queue', 'tools', 2],
  ]);
  const [wait] = await recording.points('orchescope.queue.wait.duration');
  expect(wait).toMatchObject({
    attributes: { 'orchescope.queue.name': 'tools' },
    value: { count: 3 },
  });
  expect((await recording.points('orchescope.queue.depth'))[0]?.value).toBe(0);
});

test('tasks that are cleared are no longer counted, and no later wait is told as theirs', async () => {
  const queue = new PQueue({ concurrency: 1, autoStart: false });
  const stop = watchQueue(queue, 'tools');
  const cleared = [queue.add(() => 1), queue.add(() => 2)];
  queue.clear();
  await Promise.allSettled(cleared);
  expect((await recording.points('orchescope.queue.depth'))[0]?.value).toBe(0);
  stop();
  void queue.add(() => 3);
  expect((await recording.points('orchescope.queue.depth'))[0]?.value).toBe(0);
});

test('a queue emptied by a listener of the user, before ours hears of it, is no trouble', async () => {
  const queue = new PQueue({ concurrency: 1, autoStart: false });
  queue.addEventListener('add', () => queue.clear());
  watchQueue(queue, 'tools');
  await expect(queue.add(() => 1)).rejects.toThrow('cleared');
  expect((await recording.points('orchescope.queue.depth'))[0]?.value).toBe(0);
});

test('an emitter, as p-queue was before version 10, is watched as well', async () => {
  const queue = Object.assign(new EventEmitter(), { size: 2 });
  const stop = watchQueue(queue, 'tools');
  queue.emit('add');
  stop();
  queue.size = 7;
  queue.emit('add');
  expect((await recording.points('orchescope.queue.depth'))[0]?.value).toBe(2);
});

test('the error itself, as p-retry told it before version 7, is a retry event too', () => {
  inSpan(() =>
    retryEvents()(Object.assign(new RangeError(), { attemptNumber: 1, retriesLeft: 2 })),
  );
  expect(events()).toEqual([['retry', 1, 3, 'RangeError']]);
});
