import { context } from '@opentelemetry/api';
import type { Ending } from './ending.ts';
import { followReadable } from './readable-stream.ts';
import { report } from './safely.ts';

/**
 * Hands the user's result on, and ends the operation when it really ends: at once for a value, when a promise settles,
 * when a generator or stream is done, thrown, broken off or cancelled. Never throws.
 */
export const follow = <R>(result: R, ending: Ending): R => {
  try {
    return followed(result, ending) as R;
  } catch (error) {
    report('following a result', error);
    ending.done();
    return result;
  }
};

const followed = (result: unknown, ending: Ending): unknown => {
  if (typeof result !== 'object' || result === null) return ending.value(result);
  if (Object.getPrototypeOf(result) === Promise.prototype)
    return followPromise(result as Promise<unknown>, ending);
  if (typeof (result as PromiseLike<unknown>).then === 'function')
    return followThenable(result as PromiseLike<unknown>, ending);
  const tag = Object.prototype.toString.call(result);
  if (tag === '[object Generator]' || tag === '[object AsyncGenerator]')
    return followIterator(result as AnyIterator, ending.streaming(), tag === '[object Generator]');
  if (isNodeStream(result)) return followNodeStream(result, ending);
  if (result instanceof ReadableStream) return followReadable(result, ending);
  if (typeof (result as AsyncIterable<unknown>)[Symbol.asyncIterator] === 'function')
    return followIterable(result as AsyncIterable<unknown>, ending);
  return ending.value(result);
};

const followPromise = (promise: Promise<unknown>, ending: Ending): Promise<unknown> =>
  promise.then(
    (value) => follow(value, ending),
    (error: unknown) => {
      ending.fail(error);
      throw error;
    },
  );

/**
 * A promise with methods of its own, or a lazy query that starts at `then`: the same object goes back to the user,
 * and we look on when they await it. Calling `then` ourselves could run a query twice or read a body too early.
 */
const followThenable = (thenable: PromiseLike<unknown>, ending: Ending): PromiseLike<unknown> => {
  const settle = thenable.then.bind(thenable);
  overlay(
    thenable,
    'then',
    (onValue?: (value: unknown) => unknown, onError?: (error: unknown) => unknown) =>
      settle(
        (value) => {
          const handed = follow(value, ending);
          return onValue ? onValue(handed) : handed;
        },
        (error: unknown) => {
          ending.fail(error);
          if (onError) return onError(error);
          throw error;
        },
      ),
  );
  ending.watch(thenable);
  return thenable;
};

type Step = IteratorResult<unknown, unknown>;
type AnyIterator = {
  next(...args: readonly unknown[]): Step | PromiseLike<Step>;
  return?(value?: unknown): Step | PromiseLike<Step>;
  throw?(error: unknown): Step | PromiseLike<Step>;
};

/**
 * An iterator of the same prototype whose every step runs inside the span. One object for both kinds, since
 * a step is a result or a promise of one.
 */
const followIterator = (source: AnyIterator, ending: Ending, sync: boolean): AnyIterator => {
  const take = (step: () => Step | PromiseLike<Step>): Step | PromiseLike<Step> => {
    let taken: Step | PromiseLike<Step>;
    try {
      taken = context.with(ending.context, step);
    } catch (error) {
      ending.fail(error);
      throw error;
    }
    return sync ? look(taken as Step, ending) : lookLater(taken, ending);
  };
  const watched = Object.create(Object.getPrototypeOf(source) as object) as AnyIterator;
  watched.next = (...args) => take(() => source.next(...args));
  watched.return = (value) =>
    take(() => (source.return ? source.return(value) : leave(value, sync)));
  const fault = source.throw?.bind(source);
  if (fault) watched.throw = (error) => take(() => fault(error));
  ending.watch(watched);
  return watched;
};

const leave = (value: unknown, sync: boolean): Step | PromiseLike<Step> => {
  const step: Step = { done: true, value };
  return sync ? step : Promise.resolve(step);
};

const lookLater = async (step: Step | PromiseLike<Step>, ending: Ending): Promise<Step> => {
  try {
    return look(await step, ending);
  } catch (error) {
    ending.fail(error);
    throw error;
  }
};

const look = (step: Step, ending: Ending): Step => {
  if (step.done === true) ending.done();
  else ending.chunk(step.value);
  return step;
};

/** An object that can be iterated: the same object, its first iteration followed. */
const followIterable = (
  iterable: AsyncIterable<unknown>,
  ending: Ending,
): AsyncIterable<unknown> => {
  const iterate = iterable[Symbol.asyncIterator].bind(iterable);
  let first = true;
  overlay(iterable, Symbol.asyncIterator, () => {
    const iterator = context.with(ending.context, iterate);
    if (!first) return iterator;
    first = false;
    return followIterator(iterator, ending, false);
  });
  ending.streaming().watch(iterable);
  return iterable;
};

/** Hides a method of the user's object behind one of ours. Throws when the object is frozen. */
const overlay = (object: object, name: string | symbol, value: unknown): void => {
  Object.defineProperty(object, name, { configurable: true, writable: true, value });
};

type NodeStream = {
  readonly errored?: Error | null;
  on(event: 'close', listener: () => void): unknown;
};

const isNodeStream = (value: object): value is NodeStream =>
  typeof (value as { on?: unknown }).on === 'function' &&
  typeof (value as { pipe?: unknown }).pipe === 'function';

/** A Node stream may be piped, not iterated: it is over when it closes. We add no error listener, which would hide errors. */
const followNodeStream = (stream: NodeStream, ending: Ending): NodeStream => {
  ending.streaming();
  stream.on('close', () => (stream.errored ? ending.fail(stream.errored) : ending.done()));
  return stream;
};
