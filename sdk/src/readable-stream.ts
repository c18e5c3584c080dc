import { context } from '@opentelemetry/api';
import type { Ending } from './ending.ts';

/** Who looks on while a stream is read. */
export type Follower = Pick<Ending, 'context' | 'chunk' | 'done' | 'fail' | 'watch'> & {
  readonly streaming: () => Follower;
};

/** A web stream over the user's own, chunk by chunk on demand; cancelling reaches the source, errors reach the reader. */
export const followReadable = (
  source: ReadableStream<unknown>,
  ending: Follower,
): ReadableStream<unknown> => {
  if (source.locked) {
    ending.done();
    return source;
  }
  const bytes = isByteStream(source);
  const reader = source.getReader();
  const steps = {
    pull: (controller: ReadableStreamController<unknown>) => pull(reader, controller, ending),
    cancel: async (reason: unknown) => {
      await reader.cancel(reason);
      ending.done();
    },
  };
  const stream = bytes
    ? new ReadableStream({ ...steps, type: 'bytes' })
    : new ReadableStream(steps, { highWaterMark: 0 });
  ending.streaming().watch(stream);
  // Broken off between two chunks, with nobody reading: no read would ever tell.
  reader.closed.catch((error: unknown) => ending.fail(error));
  return stream;
};

type ReadableStreamController<T> =
  | ReadableStreamDefaultController<T>
  | ReadableByteStreamController;

const pull = async (
  reader: ReadableStreamDefaultReader<unknown>,
  controller: ReadableStreamController<unknown>,
  ending: Follower,
): Promise<void> => {
  try {
    const { done, value } = await context.with(ending.context, () => reader.read());
    if (done) return close(controller, ending);
    ending.chunk(value);
    enqueue(controller, value);
  } catch (error) {
    ending.fail(error);
    throw error;
  }
};

const close = (controller: ReadableStreamController<unknown>, ending: Follower): void => {
  ending.done();
  controller.close();
  // A waiting "bring your own buffer" request is only answered, with done, by responding to it.
  if ('byobRequest' in controller) controller.byobRequest?.respond(0);
};

const enqueue = (controller: ReadableStreamController<unknown>, value: unknown): void => {
  (controller as ReadableStreamDefaultController<unknown>).enqueue(value);
};

const isByteStream = (stream: ReadableStream<unknown>): boolean => {
  try {
    (stream as ReadableStream<never>).getReader({ mode: 'byob' }).releaseLock();
    return true;
  } catch {
    return false;
  }
};
