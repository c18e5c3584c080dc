import { context } from '@opentelemetry/api';
import type { Ending } from './ending.ts';
import { followReadable } from './readable-stream.ts';
import { report, safely } from './safely.ts';

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

/** A promise of our own, so that one nobody handles is still reported as unhandled. What hangs on the user's hangs on it. */
const followPromise = (promise: Promise<unknown>, ending: Ending): Promise<unknown> => {
  const followed = promise.then(
    (value) => follow(value, ending),
    (error: unknown) => {
      ending.fail(error);
      throw error;
    },
  );
  for (const name of Reflect.ownKeys(promise)) {
    const own = Object.getOwnPropertyDescriptor(promise, name);
    if (own && !promiseMethods.has(name)) Object.defineProperty(followed, name, own);
  }
  return followed;
};

const promiseMethods: ReadonlySet<string | symbol> = new Set(['then', 'catch', 'finally']);

/**
 * A promise with methods of its own, or a lazy query that starts at `then`: the same object goes back to the user,
 * and we look on when they await it. Calling `then` ourselves could run a query twice or read a body too early.
 */
const followThenable = (thenable: PromiseLike<unknown>, ending: Ending): PromiseLike<unknown> => {
  const settle = thenable.then.bind(thenable);
  const handed: unknown[] = [];
  const handOn = (value: unknown): unknown => {
    if (handed.length === 0) handed.push(follow(value, ending));
    return handed[0];
  };
  const refuse = (error: unknown): never => {
    ending.fail(error);
    throw error;
  };
  overlay(
    thenable,
    'then',
    (
      onValue?: ((value: unknown) => unknown) | null,
      onError?: ((error: unknown) => unknown) | null,
    ) =>
      settle(
        (value) => (onValue ?? same)(handOn(value)),
        (error: unknown) => {
          if (!onError) return refuse(error);
          ending.fail(error);
          return onError(error);
        },
      ),
  );
  ending.watch(thenable);
  return thenable;
};

const same = (value: unknown): unknown => value;

type Step = IteratorResult<unknown, unknown>;
type Taken = Step | PromiseLike<Step>;
type AnyIterator = {
  next(...args: readonly unknown[]): Taken;
  return?(value?: unknown): Taken;
  throw?(error: unknown): Taken;
};

/** The same iterator, every step of it inside the span. One function for both kinds: a step is a result or a promise of one. */
const followIterator = <I extends AnyIterator>(source: I, ending: Ending, sync: boolean): I => {
  const next = source.next.bind(source);
  const leave = source.return?.bind(source) ?? ((value: unknown) => left(value, sync));
  const fault = source.throw?.bind(source);
  const take = (step: () => Taken): Taken => {
    const taken = attempt(step, ending);
    return sync ? look(taken as Step, ending) : lookLater(taken, ending);
  };
  overlay(source, 'next', (...args: readonly unknown[]) => take(() => next(...args)));
  overlay(source, 'return', (value: unknown) => take(() => leave(value)));
  if (fault) overlay(source, 'throw', (error: unknown) => take(() => fault(error)));
  ending.watch(source);
  return source;
};

/** Runs the user's code in the span's context; what it throws is recorded and goes on. */
const attempt = <T>(step: () => T, ending: Ending): T => {
  try {
    return context.with(ending.context, step);
  } catch (error) {
    ending.fail(error);
    throw error;
  }
};

const left = (value: unknown, sync: boolean): Taken => {
  const step: Step = { done: true, value };
  return sync ? step : Promise.resolve(step);
};

const lookLater = async (step: Taken, ending: Ending): Promise<Step> => {
  try {
    return look(await step, ending);
  } catch (error) {
    ending.fail(error);
    throw error;
  }
};

const look = (step: Step, ending: Ending): Step => {
  safely('a chunk', () => (step.done === true ? ending.done() : ending.chunk(step.value)));
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
    if (!first) return iterate();
    first = false;
    const iterator = attempt(iterate, ending);
    return safely('iterating', () => followIterator(iterator, ending, false), iterator);
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

/** A proxy that answers every name with a function must not pass: calling its `on` could send a request. */
const isNodeStream = (value: object): value is NodeStream =>
  typeof (value as { readable?: unknown }).readable === 'boolean' &&
  typeof (value as { on?: unknown }).on === 'function';

/** A Node stream may be piped, not iterated: it is over when it closes. We add no error listener, which would hide errors. */
const followNodeStream = (stream: NodeStream, ending: Ending): NodeStream => {
  ending.streaming();
  stream.on('close', () => (stream.errored ? ending.fail(stream.errored) : ending.done()));
  return stream;
};
