import { ROOT_CONTEXT } from '@opentelemetry/api';
import { emit, emitOn, type EventFacts } from '../events.ts';
import { startForeign } from '../foreign.ts';
import { safely } from '../safely.ts';
import { nameOf } from './genai-errors.ts';

/** Ends the watching. */
export type Unwatch = () => void;

/** A breaker of `opossum`. */
export type EventedBreaker = {
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
};

type Subscribe<T> = (listener: (data: T) => void) => { dispose: () => void };

/** A policy of `cockatiel`: a circuit breaker, a retry or a bulkhead. */
export type WatchedPolicy = {
  readonly onStateChange?: Subscribe<number>;
  readonly onRetry?: Subscribe<FailedTry>;
  readonly onGiveUp?: Subscribe<object>;
  readonly onReject?: Subscribe<void>;
};

type FailedTry = { readonly attempt: number; readonly delay: number };

/**
 * Tells what a breaker of `opossum` or a policy of `cockatiel` does: state changes, rejections, retries, fallbacks.
 * A call of opossum's that timed out is a failed step, since nobody else may hear of it.
 *
 * @example
 * const stop = watch(new CircuitBreaker(askModel), 'gpt');
 * watch(retry(handleAll, { maxAttempts: 3 }), 'gpt');
 */
export const watch = (watched: EventedBreaker | WatchedPolicy, name: string): Unwatch =>
  safely(
    'watching a breaker',
    () => ('on' in watched ? watchBreaker(watched, name) : watchPolicy(watched, name)),
    () => {},
  );

const gaveUp = { type: 'terminate', reason: 'retries exhausted' } as const;

const emitState = (name: string, state: EventFacts['breaker']['state']): void =>
  emit({ type: 'breaker', name, state });

/** An error in a listener of opossum's ends the process: nothing here may throw. */
const watchBreaker = (breaker: EventedBreaker, name: string): Unwatch => {
  const listeners: Record<string, (...args: never[]) => void> = {
    open: () => emitState(name, 'open'),
    // From a timer: there is a metric always, and an event where a span still runs.
    halfOpen: () => emitState(name, 'half_open'),
    close: () => emitState(name, 'closed'),
    reject: () => emit({ type: 'rejected', by: 'breaker', target: name }),
    semaphoreLocked: () => emit({ type: 'rejected', by: 'backpressure', target: name }),
    fallback: () => emit({ type: 'fallback', from: name, to: 'fallback' }),
    timeout: (error: unknown, latencyMs: unknown) =>
      safely('a timeout', () => recordTimeout(name, error, latencyMs)),
  };
  for (const [event, listener] of Object.entries(listeners)) breaker.on(event, listener);
  return () => {
    for (const [event, listener] of Object.entries(listeners)) breaker.off(event, listener);
  };
};

const recordTimeout = (name: string, error: unknown, latencyMs: unknown): void =>
  startForeign(
    {
      kind: 'step',
      name,
      type: 'attempt',
      startTime: Date.now() - (typeof latencyMs === 'number' ? latencyMs : 0),
    },
    { integration: 'resilience', source: { type: 'timeout' } },
  ).end(error);

/** Cockatiel's enum. Isolated is open by hand. */
const states = ['closed', 'open', 'half_open', 'open'] as const;

const watchPolicy = (policy: WatchedPolicy, name: string): Unwatch => {
  const subscriptions = [
    policy.onStateChange?.((state) => {
      const told = states[state];
      if (told) emitState(name, told);
    }),
    policy.onRetry?.((failed) => emitRetry(failed)),
    policy.onGiveUp?.(() => emit(gaveUp)),
    policy.onReject?.(() => emit({ type: 'rejected', by: 'backpressure', target: name })),
  ];
  return () => {
    for (const subscription of subscriptions) subscription?.dispose();
  };
};

const emitRetry = (failed: FailedTry): void => {
  safely('a retry', () => {
    const { attempt, delay, error } = failed as FailedTry & { error?: unknown };
    const reason = error === undefined ? 'result' : nameOf(error);
    emit({ type: 'retry', attempt, delayMs: delay, reason });
  });
};

/** What `p-retry` tells of a failed attempt. */
export type FailedAttempt = {
  /** Before version 7 what is told is the error itself. */
  readonly error?: unknown;
  /** 1 = the first try. */
  readonly attemptNumber: number;
  readonly retriesLeft: number;
  /** Milliseconds, where the version tells it. */
  readonly retryDelay?: number;
};

/**
 * The `onFailedAttempt` of `p-retry`: every failed attempt is a `retry` event. Hands on to a listener of yours.
 *
 * @example await pRetry(() => askModel(question), { retries: 3, onFailedAttempt: retryEvents() });
 */
export const retryEvents =
  <T extends FailedAttempt, R = void>(then?: (failed: T) => R) =>
  (failed: T): R | undefined => {
    safely('a retry', () => emitAttempt(failed));
    return then?.(failed);
  };

const emitAttempt = (failed: FailedAttempt): void => {
  const { attemptNumber, retriesLeft, retryDelay } = failed;
  if (retriesLeft <= 0) return emit(gaveUp);
  const max = attemptNumber + retriesLeft;
  emit({
    type: 'retry',
    attempt: attemptNumber,
    ...(Number.isFinite(max) && { max }),
    ...(retryDelay !== undefined && { delayMs: retryDelay }),
    reason: nameOf(failed.error ?? failed),
  });
};

/** A queue of `p-queue`: an event target since version 10, an emitter before. */
export type WatchedQueue = {
  /** Tasks that wait. */
  readonly size: number;
} & (
  | {
      addEventListener(event: string, listener: () => void): unknown;
      removeEventListener(event: string, listener: () => void): unknown;
    }
  | {
      on(event: string, listener: () => void): unknown;
      off(event: string, listener: () => void): unknown;
    }
);

/**
 * Tells the depth of a `p-queue` and how long its tasks wait. With priorities the single waits are approximate, as
 * the queue does not say which task it has started; their sum is right.
 *
 * @example const stop = watchQueue(new PQueue({ concurrency: 4 }), 'tools');
 */
export const watchQueue = (queue: WatchedQueue, name: string): Unwatch => {
  const heard = Object.entries(queueListeners(queue, name)).map(
    ([event, listener]) => [event, () => void safely('a queue', listener)] as const,
  );
  return safely(
    'watching a queue',
    () => {
      for (const [event, listener] of heard)
        if ('addEventListener' in queue) queue.addEventListener(event, listener);
        else queue.on(event, listener);
      return () => {
        for (const [event, listener] of heard)
          if ('removeEventListener' in queue) queue.removeEventListener(event, listener);
          else queue.off(event, listener);
      };
    },
    () => {},
  );
};

/** The event of an add belongs to its span; at the others it is chance whose span is active: metrics alone. */
const queueListeners = (queue: WatchedQueue, name: string) => {
  /** When the waiting tasks were added, oldest first. */
  const waiting: number[] = [];
  /** Forgets tasks that left in another way than by being started. */
  const shrinkTo = (size: number): void => {
    waiting.splice(0, Math.max(0, waiting.length - size));
  };
  const measure = (waitMs?: number): void =>
    emitOn(ROOT_CONTEXT, {
      type: 'queue',
      name,
      depth: queue.size,
      ...(waitMs !== undefined && { waitMs }),
    });
  return {
    add: () => {
      shrinkTo(Math.max(0, queue.size - 1));
      if (waiting.length < queue.size) waiting.push(performance.now());
      emit({ type: 'queue', name, depth: queue.size });
    },
    active: () => {
      shrinkTo(queue.size + 1);
      const addedMs = waiting.length > queue.size ? waiting.shift() : undefined;
      measure(addedMs === undefined ? 0 : performance.now() - addedMs);
    },
    next: () => {
      const known = waiting.length;
      shrinkTo(queue.size);
      if (known > queue.size) measure();
    },
  };
};
