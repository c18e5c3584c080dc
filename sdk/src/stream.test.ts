import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { record, type Recording } from './test/record.ts';
import { observe, run } from './index.ts';

let recording: Recording;

beforeEach(() => {
  recording = record();
});
afterEach(() => recording.stop());

const ended = (): string[] => recording.spans().map((span) => span.name);
const status = (name: string): SpanStatusCode => recording.span(name).status.code;

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};

async function* letters(): AsyncGenerator<string> {
  yield 'a';
  run({ kind: 'tool', name: 'inside' }, () => {});
  yield 'b';
  yield 'c';
}

test('a promise ends its span when it settles, not when it is made', async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const pending = run({ kind: 'tool', name: 't' }, () => promise);
  expect(ended()).toEqual([]);
  resolve(7);
  expect(await pending).toBe(7);
  expect(ended()).toEqual(['execute_tool t']);
});

test('what hangs on a promise still hangs on it', async () => {
  const job = run({ kind: 'tool', name: 't' }, () =>
    Object.assign(Promise.resolve(1), { pid: 42 }),
  );
  expect([job.pid, await job]).toEqual([42, 1]);
});

test('an async generator ends at its end, its steps inside the span', async () => {
  const read = observe(letters, {
    kind: 'llm',
    name: 'l',
    model: 'm',
    chunks: (all) => ({ usage: { outputTokens: all.length } }),
  });
  const seen: string[] = [];
  for await (const letter of read()) {
    expect(ended()).not.toContain('chat m');
    seen.push(letter);
  }
  expect(seen).toEqual(['a', 'b', 'c']);
  expect(recording.tree()).toBe('chat m\n  execute_tool inside');
  expect(recording.span('chat m').attributes).toMatchObject({
    'gen_ai.usage.output_tokens': 3,
    'gen_ai.request.stream': true,
    'gen_ai.response.time_to_first_chunk': expect.any(Number),
  });
});

test('the consumer runs outside the span, between two steps too', async () => {
  const read = observe(letters, { kind: 'llm', name: 'l', model: 'm' });
  for await (const _ of read()) expect(trace.getActiveSpan()).toBeUndefined();
  expect(ended()).toContain('chat m');
});

test('breaking off early ends the span well and runs the generator’s finally', async () => {
  let cleaned = false;
  const read = observe(
    async function* endless() {
      try {
        for (;;) yield 1;
      } finally {
        cleaned = true;
      }
    },
    { kind: 'llm', name: 'l', model: 'm' },
  );
  for await (const _ of read()) break;
  expect(cleaned).toBe(true);
  expect(ended()).toEqual(['chat m']);
  expect(status('chat m')).toBe(SpanStatusCode.UNSET);
});

test('a generator that throws hands the same error on and marks the span', async () => {
  const error = new Error('mid-stream');
  const read = observe(
    async function* broken() {
      yield 1;
      throw error;
    },
    { kind: 'tool', name: 't' },
  );
  const stream = read();
  await stream.next();
  await expect(stream.next()).rejects.toBe(error);
  expect(status('execute_tool t')).toBe(SpanStatusCode.ERROR);
});

test('throwing into a generator reaches it', async () => {
  const read = observe(
    async function* listening() {
      try {
        yield 'ask';
      } catch (error) {
        yield `got ${String(error)}`;
      }
    },
    { kind: 'tool', name: 't' },
  );
  const stream = read();
  await stream.next();
  expect(await stream.throw('x')).toEqual({ done: false, value: 'got x' });
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  expect(ended()).toEqual(['execute_tool t']);
});

test('a sync generator stays sync, passes values in and returns its result', () => {
  const talk = observe(
    function* dialogue(): Generator<string, string, string> {
      const name = yield 'who?';
      run({ kind: 'tool', name: 'greet' }, () => {});
      return `hi ${name}`;
    },
    { kind: 'step', name: 's', type: 'turn' },
  );
  const dialogue = talk();
  expect(dialogue.next()).toEqual({ done: false, value: 'who?' });
  expect(dialogue.next('Ada')).toEqual({ done: true, value: 'hi Ada' });
  expect(recording.tree()).toBe('step s\n  execute_tool greet');
});

test('an array is a value, not a stream', () => {
  expect(run({ kind: 'tool', name: 't' }, () => [1, 2])).toEqual([1, 2]);
  expect(ended()).toEqual(['execute_tool t']);
});

class Feed {
  readonly #items = [1, 2];
  async *[Symbol.asyncIterator](): AsyncGenerator<number> {
    yield* this.#items;
  }
  size(): number {
    return this.#items.length;
  }
}

test('an iterable object is the same object, methods and private fields included', async () => {
  const feed = new Feed();
  const handed = await run({ kind: 'llm', name: 'l', model: 'm' }, async () => feed);
  expect(handed).toBe(feed);
  expect(handed.size()).toBe(2);
  expect(ended()).toEqual([]);
  const seen: number[] = [];
  for await (const item of handed) seen.push(item);
  for await (const item of handed) seen.push(item);
  expect(seen).toEqual([1, 2, 1, 2]);
  expect(ended()).toEqual(['chat m']);
});

test('two iterations at once: the first one is the operation', async () => {
  const feed = run({ kind: 'llm', name: 'l', model: 'm' }, () => new Feed());
  const first = feed[Symbol.asyncIterator]();
  await first.next();
  expect(await all(feed)).toEqual([1, 2]);
  expect(ended()).toEqual([]);
  await first.return(undefined);
  expect(ended()).toEqual(['chat m']);
});

test('an iterable that is frozen still works; its span ends early', async () => {
  const frozen = Object.freeze(new Feed());
  const seen: number[] = [];
  for await (const item of run({ kind: 'llm', name: 'l', model: 'm' }, () => frozen))
    seen.push(item);
  expect(seen).toEqual([1, 2]);
  expect(ended()).toEqual(['chat m']);
});

const webStream = (chunks: readonly string[], onCancel?: (reason: unknown) => void) => {
  const left = [...chunks];
  return new ReadableStream<string>({
    pull: (controller) => {
      const next = left.shift();
      if (next === undefined) controller.close();
      else controller.enqueue(next);
    },
    cancel: (reason) => onCancel?.(reason),
  });
};

test('a web stream ends when it is read to its end', async () => {
  const stream = run({ kind: 'llm', name: 'l', model: 'm' }, () => webStream(['x', 'y']));
  const reader = stream.getReader();
  expect(await reader.read()).toEqual({ done: false, value: 'x' });
  expect(ended()).toEqual([]);
  expect(await reader.read()).toEqual({ done: false, value: 'y' });
  expect(await reader.read()).toEqual({ done: true, value: undefined });
  expect(ended()).toEqual(['chat m']);
});

test('a web stream is read no earlier than the user reads', async () => {
  let pulls = 0;
  const pull = (controller: ReadableStreamDefaultController<number>) =>
    controller.enqueue((pulls += 1));
  const source = new ReadableStream({ pull }, { highWaterMark: 0 });
  const reader = run({ kind: 'llm', name: 'l', model: 'm' }, () => source).getReader();
  expect(await reader.read()).toEqual({ done: false, value: 1 });
  await setImmediate();
  expect(pulls).toBe(1);
  await reader.cancel();
});

test('cancelling a web stream reaches its source and ends the span', async () => {
  const reasons: unknown[] = [];
  const source = webStream(['x', 'y'], (reason) => reasons.push(reason));
  await run({ kind: 'llm', name: 'l', model: 'm' }, () => source).cancel('enough');
  expect(reasons).toEqual(['enough']);
  expect(ended()).toEqual(['chat m']);
});

test('a web stream that fails hands the same error on', async () => {
  const error = new Error('cut');
  const source = new ReadableStream({ pull: () => Promise.reject(error) });
  const reader = run({ kind: 'llm', name: 'l', model: 'm' }, () => source).getReader();
  await expect(reader.read()).rejects.toBe(error);
  expect(status('chat m')).toBe(SpanStatusCode.ERROR);
});

test('a web stream that breaks between two reads ends its span though nobody reads on', async () => {
  const broken = Promise.withResolvers<void>();
  const source = new ReadableStream<string>({
    async start(controller) {
      controller.enqueue('a');
      await broken.promise;
      controller.error(new Error('connection lost'));
    },
  });
  const stream = run({ kind: 'llm', name: 'l', model: 'm' }, () => source);
  await stream.getReader().read();
  expect(ended()).toEqual([]);
  broken.resolve();
  await vi.waitFor(() => expect(status('chat m')).toBe(SpanStatusCode.ERROR));
});

test('a byte stream stays a byte stream', async () => {
  const source = new ReadableStream({
    type: 'bytes',
    start: (controller) => {
      controller.enqueue(new Uint8Array([1, 2, 3]));
      controller.close();
    },
  });
  const reader = run({ kind: 'llm', name: 'l', model: 'm' }, () => source).getReader({
    mode: 'byob',
  });
  expect((await reader.read(new Uint8Array(8))).value).toEqual(new Uint8Array([1, 2, 3]));
  expect((await reader.read(new Uint8Array(8))).done).toBe(true);
  expect(ended()).toEqual(['chat m']);
});

test.each([
  ['read', undefined, SpanStatusCode.UNSET],
  ['destroyed', new Error('gone'), SpanStatusCode.ERROR],
])('a Node stream ends when it is %s', async (_, error, code) => {
  const stream = run({ kind: 'tool', name: 't' }, () => Readable.from(['a', 'b']));
  stream.on('error', () => {});
  if (error) stream.destroy(error);
  else stream.resume();
  await vi.waitFor(() => expect(ended()).toEqual(['execute_tool t']));
  expect(status('execute_tool t')).toBe(code);
});

test('a lazy query runs when it is awaited, and once', async () => {
  let runs = 0;
  const query = {
    limit: 5,
    // oxlint-disable-next-line unicorn/no-thenable -- query builders are thenables, which is the point
    then<T>(onRows: (rows: string[]) => T) {
      runs += 1;
      return Promise.resolve(['row']).then(onRows);
    },
  };
  const handed = run({ kind: 'retrieval', name: 'r' }, () => query);
  expect(handed).toBe(query);
  expect([runs, ended()]).toEqual([0, []]);
  expect(await handed).toEqual(['row']);
  expect([runs, ended()]).toEqual([1, ['retrieval r']]);
});

test('a thenable awaited twice gives the same stream', async () => {
  const source = webStream(['x']);
  const request = new (class extends Promise<ReadableStream<string>> {})((resolve) =>
    resolve(source),
  );
  const handed = run({ kind: 'llm', name: 'l', model: 'm' }, () => request);
  const stream = await handed;
  expect(await handed).toBe(stream);
  expect(ended()).toEqual([]);
  expect(await all(stream)).toEqual(['x']);
  expect(ended()).toEqual(['chat m']);
});

class Call<T> extends Promise<T> {
  raw(): string {
    return 'raw response';
  }
}

test('a promise with methods of its own keeps them', async () => {
  const call = run({ kind: 'llm', name: 'l', model: 'm' }, () => Call.resolve(1) as Call<number>);
  expect(call.raw()).toBe('raw response');
  expect(await call).toBe(1);
  expect(ended()).toEqual(['chat m']);
});

test('a stream that is forgotten ends as abandoned once it is collected', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const read = observe(letters, { kind: 'llm', name: 'l', model: 'm' });
  await (async () => void (await read().next()))();
  await vi.waitFor(() => {
    collect();
    expect(ended()).toEqual(['chat m']);
  });
  expect(recording.span('chat m').attributes['orchescope.outcome']).toBe('abandoned');
});

test('a rejection nobody handles is still reported as one', async () => {
  const unhandled = vi.fn<(reason: unknown) => void>();
  const before = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.once('unhandledRejection', unhandled);
  const error = new Error('nobody');
  void run({ kind: 'tool', name: 't' }, () => Promise.reject(error));
  await vi.waitFor(() => expect(unhandled).toHaveBeenCalledWith(error, expect.anything()));
  for (const listener of before) process.on('unhandledRejection', listener);
});
