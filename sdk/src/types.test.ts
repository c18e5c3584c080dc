import { expectTypeOf, test } from 'vitest';
import { observe, run, start, type AnySpec, type Op, type OrchEvent, type Spec } from './index.ts';

test('a wrapped function keeps its type', () => {
  const plain = observe((a: number, b?: string) => `${a}${b}`, { kind: 'tool', name: 't' });
  expectTypeOf<Parameters<typeof plain>>().toEqualTypeOf<[a: number, b?: string | undefined]>();
  expectTypeOf(plain).returns.toEqualTypeOf<string>();

  const stream = observe(
    async function* letters(from: string): AsyncGenerator<string, number, boolean> {
      yield from;
      return 1;
    },
    { kind: 'llm', name: 'l' },
  );
  expectTypeOf(stream).toExtend<(from: string) => AsyncGenerator<string, number, boolean>>();

  const generic = observe(<T>(value: T): T => value, { kind: 'tool', name: 't' });
  expectTypeOf(generic('x' as const)).toEqualTypeOf<'x'>();

  const method = observe(
    function area(this: { side: number }) {
      return this.side ** 2;
    },
    { kind: 'tool', name: 'area' },
  );
  expectTypeOf(method).thisParameter.toEqualTypeOf<{ side: number }>();
});

test('mappers know the arguments, the awaited result and the chunks', () => {
  observe(async (query: string, limit: number) => ({ rows: [query], limit }), {
    kind: 'tool',
    name: 'search',
    type: 'datastore',
    in: (query, limit) => {
      expectTypeOf({ query, limit }).toEqualTypeOf<{ query: string; limit: number }>();
      return { args: query };
    },
    out: (result) => {
      expectTypeOf(result).toEqualTypeOf<{ rows: string[]; limit: number }>();
      return { result: result.rows };
    },
    ok: ({ rows }) => rows.length > 0,
  });
  observe(
    async function* words() {
      yield { text: 'a' };
    },
    {
      kind: 'llm',
      name: 'l',
      chunks: (all) => {
        expectTypeOf(all).toEqualTypeOf<readonly { text: string }[]>();
        return { output: all[0]?.text };
      },
    },
  );
});

test('run gives its result and the operation of its kind', () => {
  const answer = run({ kind: 'agent', name: 'a' }, async (op) => {
    expectTypeOf(op.set).parameter(0).toExtend<{ role?: string }>();
    return 42;
  });
  expectTypeOf(answer).toEqualTypeOf<Promise<number>>();
  expectTypeOf(start({ kind: 'tool', name: 't' })).toExtend<Disposable>();
});

test('run keeps the type of its result, whatever mappers it is given', () => {
  const fetchReply = async () => ({ text: 'a', tokens: 1 });
  type Reply = { text: string; tokens: number };
  const typed = run({ kind: 'llm', name: 'l', ok: ({ text }) => text !== '' }, () => fetchReply());
  expectTypeOf(typed).toEqualTypeOf<Promise<Reply>>();

  const told = { kind: 'llm', name: 'l' } as const;
  const out = ({ text }: Reply) => ({ output: text });
  const withOperation = run({ ...told, out }, async (op) => {
    op.set({ stream: false });
    return fetchReply();
  });
  expectTypeOf(withOperation).toEqualTypeOf<Promise<Reply>>();

  const silent = run({ ...told, ok: (reply) => reply !== undefined }, (op) => op.context);
  expectTypeOf(silent).toEqualTypeOf<Op<'llm'>['context']>();

  const streamed = run({ ...told, chunks: (all) => ({ output: all[0]?.at(0) }) }, () => letters());
  expectTypeOf(streamed).toEqualTypeOf<AsyncGenerator<string>>();
});

const letters = async function* (): AsyncGenerator<string> {
  yield 'a';
};

test('a literal that run gives is read as what is wanted', () => {
  type Checked = { ok: true } | { ok: false; problem: string };
  const check = (problem?: string): Checked =>
    run({ kind: 'guardrail', name: 'g' }, (op) => {
      op.set({ triggered: problem !== undefined });
      return problem === undefined ? { ok: true } : { ok: false, problem };
    });
  expectTypeOf(check()).toEqualTypeOf<Checked>();
});

test('run keeps the type parameters of a function around it', () => {
  const attempt = async <T>(fn: () => Promise<T>, ok: (result: T) => boolean) =>
    run({ kind: 'step', name: 's', type: 'attempt', ok }, async (op) => {
      op.set({ attempt: 1 });
      return fn();
    });
  expectTypeOf(
    attempt(
      async () => 'x',
      (text) => text !== '',
    ),
  ).toEqualTypeOf<Promise<string>>();

  const choose = <T>(fn: () => T | undefined) =>
    run({ kind: 'handoff', name: 'h', ok: (found) => found !== undefined }, fn);
  expectTypeOf(choose(() => 1)).toEqualTypeOf<number | undefined>();
});

type Fits<Candidate> = Candidate extends AnySpec ? true : false;

test('a wrong fact is no spec', () => {
  expectTypeOf<Fits<{ kind: 'step'; name: 's'; type: 'stage' }>>().toEqualTypeOf<true>();
  expectTypeOf<Fits<{ kind: 'step'; name: 's' }>>().toEqualTypeOf<false>();
  expectTypeOf<Fits<{ kind: 'step'; name: 's'; type: 'stroll' }>>().toEqualTypeOf<false>();
  expectTypeOf<
    Fits<{ kind: 'llm'; name: 'l'; usage: { inputTokens: '3' } }>
  >().toEqualTypeOf<false>();
  expectTypeOf<Fits<{ kind: 'send'; name: 's'; system: 'redis' }>>().toEqualTypeOf<false>();
  expectTypeOf<Fits<{ kind: 'wizard'; name: 'w' }>>().toEqualTypeOf<false>();
  expectTypeOf<Spec<'tool'>>().not.toHaveProperty('usage');
  expectTypeOf<Spec<'agent'>>().not.toHaveProperty('costUsd');
});

type Emits<Candidate> = Candidate extends OrchEvent ? true : false;

test('an event has the shape of its type', () => {
  expectTypeOf<Emits<{ type: 'breaker'; name: 'b'; state: 'open' }>>().toEqualTypeOf<true>();
  expectTypeOf<Emits<{ type: 'breaker'; name: 'b'; state: 'ajar' }>>().toEqualTypeOf<false>();
  expectTypeOf<Emits<{ type: 'fallback'; from: 'a' }>>().toEqualTypeOf<false>();
});
